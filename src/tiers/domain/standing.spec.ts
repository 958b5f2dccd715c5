import { ladder, qualifyingDay, standing, tierChange } from '../../../test/builders/tiers.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import {
  changeAt,
  measureAt,
  progressAt,
  promotionFrom,
  qualifyingTier,
  tierAt,
  type StandingState,
} from './standing.js';
import type { TierSet } from './tier-set.js';

/** Noon of a day. */
function noon(day: LocalDate): { readonly day: LocalDate; readonly at: Instant } {
  return { day, at: Date.parse(`${day}T12:00:00Z`) };
}

describe('the tier in force', () => {
  const changes = [
    tierChange('silver', '2026-03-10T12:00:00Z'),
    tierChange('gold', '2026-06-01T00:00:00Z', { sequence: 2 }),
  ];

  it.each([
    ['before any change is the first', '2026-03-10T11:59:59.999Z', 'basic'],
    ['from the instant of a change is the new one', '2026-03-10T12:00:00Z', 'silver'],
    ['is the latest change before', '2026-05-31T23:59:59.999Z', 'silver'],
    ['lasts', '2030-01-01T00:00:00Z', 'gold'],
  ])('%s', (_, at, key) => {
    expect(tierAt(standing({}, changes), ladder(), Date.parse(at)).key).toBe(key);
  });

  it("is the first when the ladder has lost the member's tier", () => {
    const shorter = ladder({ tiers: ladder().tiers.filter(({ key }) => key !== 'gold') });
    expect(tierAt(standing({}, changes), shorter, Date.parse('2026-07-01T00:00:00Z')).key).toBe('basic');
  });

  it('is, of two changes since one instant, the one we learnt of last', () => {
    const twice = [
      tierChange('silver', '2026-03-10T12:00:00Z'),
      tierChange('gold', '2026-03-10T12:00:00Z', { sequence: 2 }),
    ];
    expect(changeAt(standing({}, twice), Date.parse('2026-03-10T12:00:00Z'))?.to).toBe('gold');
  });
});

describe('the changes of a tier', () => {
  it('are told apart by when they start, in whatever order they are listed', () => {
    const changes = [
      tierChange('gold', '2026-06-01T00:00:00Z', { sequence: 2 }),
      tierChange('silver', '2026-03-10T12:00:00Z'),
    ];
    expect(changeAt({ changes }, Date.parse('2026-07-01T00:00:00Z'))?.to).toBe('gold');
  });
});

describe('the measure', () => {
  const days = standing({ '2026-01-31': 1, '2026-02-01': 20, '2026-02-28': 300, '2026-03-01': 4000 }).days;

  it('counts the days of the window, first and last included', () => {
    const monthly = ladder({ window: { type: 'calendar', unit: 'month' } });
    expect(measureAt(days, monthly, '2026-02-28')).toBe(320);
    expect(measureAt(days, monthly, '2026-02-27')).toBe(20);
    expect(measureAt(days, ladder({ window: { type: 'rolling', days: 29 } }), '2026-03-01')).toBe(4320);
  });

  it('is nothing where nothing happened', () => {
    expect(measureAt(new Map(), ladder(), '2026-02-28')).toBe(0);
  });

  it('is points where the ladder counts points', () => {
    const counted = new Map([['2026-02-01', qualifyingDay({ spendMinor: 999, points: 7 })]]);
    expect(measureAt(counted, ladder({ measure: 'points' }), '2026-02-28')).toBe(7);
  });

  it.each([
    [0, 'basic'],
    [99, 'basic'],
    [100, 'silver'],
    [499, 'silver'],
    [1000, 'platinum'],
    [1_000_000, 'platinum'],
  ])('of %i reaches %s', (measure, key) => {
    expect(qualifyingTier(ladder(), measure).key).toBe(key);
  });
});

describe('a promotion', () => {
  const promote = (state: StandingState, happened: LocalDate, today = happened, set: TierSet = ladder()) => {
    const promotion = promotionFrom(state, set, noon(happened), noon(today));
    return promotion && { from: promotion.from.key, to: promotion.to.key, since: promotion.since };
  };

  it('starts with the purchase that reaches the threshold', () => {
    expect(promote(standing({ '2026-03-10': 100 }), '2026-03-10')).toEqual({
      from: 'basic',
      to: 'silver',
      since: noon('2026-03-10').at,
    });
  });

  it('may leave a rung out', () => {
    expect(promote(standing({ '2026-03-10': 1000 }), '2026-03-10')?.to).toBe('platinum');
  });

  it('does not come below the threshold, nor for what left the window', () => {
    expect(promote(standing({ '2026-03-10': 99 }), '2026-03-10')).toBeNull();
    expect(promote(standing({ '2025-03-10': 99, '2026-03-10': 1 }), '2026-03-10')).toBeNull();
  });

  it('is not repeated for who is on the tier already', () => {
    const silver = [tierChange('silver', '2026-03-01T00:00:00Z')];
    expect(promote(standing({ '2026-03-01': 100, '2026-03-10': 50 }, silver), '2026-03-10')).toBeNull();
  });

  it('never takes a tier away: who is on gold and now counts as basic stays', () => {
    const gold = [tierChange('gold', '2024-03-01T00:00:00Z')];
    expect(promote(standing({ '2026-03-10': 100 }, gold), '2026-03-10')).toBeNull();
  });

  it('lifts who was on a tier that the ladder has lost, as from the first', () => {
    const bronze = [tierChange('bronze', '2026-03-01T00:00:00Z')];
    expect(promote(standing({ '2026-03-10': 100 }, bronze), '2026-03-10')).toMatchObject({
      from: 'basic',
      to: 'silver',
    });
  });
});

describe('a late receipt', () => {
  const monthly = ladder({ window: { type: 'calendar', unit: 'month' } });
  const promote = (state: StandingState, happened: LocalDate, today: LocalDate, set: TierSet) => {
    const promotion = promotionFrom(state, set, noon(happened), noon(today));
    return promotion && { to: promotion.to.key, since: promotion.since };
  };

  it('that completes the window it happened in promotes from when it happened', () => {
    const state = standing({ '2026-02-03': 60, '2026-02-20': 40 });
    expect(promote(state, '2026-02-20', '2026-04-10', monthly)).toEqual({
      to: 'silver',
      since: noon('2026-02-20').at,
    });
  });

  it("that completes today's window promotes from now on", () => {
    // 20 January alone is not enough; together with 1 March the last two months are.
    const rolling = ladder({ window: { type: 'rolling', months: 2 } });
    const state = standing({ '2026-01-20': 60, '2026-03-01': 40 });
    expect(promote(state, '2026-01-20', '2026-03-10', rolling)).toEqual({
      to: 'silver',
      since: noon('2026-03-10').at,
    });
  });

  it('that completes neither window promotes no member', () => {
    expect(
      promote(standing({ '2026-02-20': 60, '2026-04-01': 60 }), '2026-02-20', '2026-04-10', monthly),
    ).toBeNull();
  });

  it('does not start a tier before the one it follows', () => {
    const silver = [tierChange('silver', '2026-03-05T00:00:00Z')];
    const state = standing({ '2026-02-20': 500 }, silver);
    expect(promote(state, '2026-02-20', '2026-04-10', monthly)).toEqual({
      to: 'gold',
      since: Date.parse('2026-03-05T00:00:00Z'),
    });
  });

  it("lifts as far as today's window reaches, where its own reaches a lower rung", () => {
    // 480 forty days ago is silver by itself; with the 90 since then the last two months hold 570, which is gold.
    const rolling = ladder({ window: { type: 'rolling', months: 2 } });
    const state = standing({ '2026-01-20': 480, '2026-03-01': 90 });
    expect(promote(state, '2026-01-20', '2026-03-01', rolling)?.to).toBe('gold');
  });
});

describe('a tier that starts in a moment, for a till whose clock is ahead', () => {
  it('is not undone by a higher one that a till with the right clock brings meanwhile', () => {
    const inFourMinutes = '2026-03-10T12:04:00Z';
    const state = standing({ '2026-03-10': 600 }, [tierChange('silver', inFourMinutes)]);
    const promotion = promotionFrom(state, ladder(), noon('2026-03-10'), noon('2026-03-10'));
    const gold = {
      ...tierChange('gold', '2026-03-10T12:00:00Z', { sequence: 2 }),
      since: promotion?.since as number,
    };
    expect(promotion?.to.key).toBe('gold');
    expect(tierAt({ changes: [...state.changes, gold] }, ladder(), Date.parse(inFourMinutes)).key).toBe(
      'gold',
    );
  });
});

describe('progress', () => {
  const set = ladder();
  const progress = (spent: number, tier: string) => {
    const current = set.tiers.find(({ key }) => key === tier) as (typeof set.tiers)[number];
    return progressAt(standing({ '2026-03-10': spent }), set, current, '2026-03-10');
  };

  it('says what is missing to the next tier', () => {
    expect(progress(40, 'basic')).toMatchObject({
      value: 40,
      toKeep: 0,
      toNext: 60,
      next: { key: 'silver' },
    });
  });

  it('says what is missing to keep the present one', () => {
    expect(progress(400, 'gold')).toMatchObject({
      value: 400,
      toKeep: 100,
      toNext: 600,
      next: { key: 'platinum' },
    });
  });

  it('has nothing to reach on the last tier', () => {
    expect(progress(5000, 'platinum')).toEqual({ value: 5000, toKeep: 0, toNext: null, next: null });
  });

  it('is never negative', () => {
    expect(progress(5000, 'silver')).toMatchObject({ toKeep: 0, toNext: 0, next: { key: 'gold' } });
  });
});
