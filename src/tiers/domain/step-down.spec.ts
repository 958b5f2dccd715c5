import { ladder, standing, tierChange } from '../../../test/builders/tiers.js';
import { numberedId } from '../../../test/builders/ids.js';
import { stepDown, type LadderInTime } from './step-down.js';

const ZONE = 'Europe/Warsaw';
const NOW = Date.parse('2026-03-20T12:00:00+01:00');
const ORDER = numberedId('pur', 7);

/** A ladder from a day on, version 1 of it unless told otherwise. */
const inTime = (set = ladder(), overrides: Partial<LadderInTime> = {}): LadderInTime => ({
  ...{ version: 1, set, from: '2020-01-01', through: null },
  ...overrides,
});
/** A promotion at noon of a day. */
const promoted = (from: string, to: string, day: string, purchaseId: string | null = ORDER, version = 1) =>
  tierChange(to, `${day}T12:00:00+01:00`, { from, purchaseId, tierSet: { id: 'main', version } });

interface Circumstances {
  readonly set?: ReturnType<typeof ladder>;
  readonly ladders?: readonly LadderInTime[];
  readonly gone?: string;
}

/** The tier that is left, or null where everything stands; the days are those after something was taken off. */
function left(
  days: Readonly<Record<string, number>>,
  changes: readonly ReturnType<typeof tierChange>[],
  { set = ladder(), ladders = [inTime(set)], gone = ORDER }: Circumstances = {},
): string | null {
  const state = standing(days, changes);
  const counted = [...state.days].map(
    ([day, of]) => [day, { ...of, visits: of.spendMinor > 0 ? 1 : 0 }] as const,
  );
  const step = stepDown({ ...state, days: new Map(counted) }, set, ladders, gone, NOW, ZONE);
  return step && `${step.from.key} > ${step.to.key}`;
}

describe('after something that counted was taken off', () => {
  it('a promotion that only it caused is taken back', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    expect(left({ '2026-03-10': 0 }, changes)).toBe('silver > basic');
    expect(left({ '2026-03-10': 99 }, changes)).toBe('silver > basic');
  });

  it('a promotion that the rest justifies stands', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    expect(left({ '2026-03-10': 100 }, changes)).toBeNull();
    expect(left({ '2026-03-10': 0, '2026-03-15': 100 }, changes)).toBeNull();
    expect(left({ '2026-03-10': 0, '2026-03-12': 60, '2026-03-15': 40 }, changes)).toBeNull();
  });

  it('nothing is left of what a promotion rested on when all of it came back, in whatever order', () => {
    // A, B and C of 60; B promoted. Had C come back before the last, the promotion would have begun before C.
    const changes = [promoted('basic', 'silver', '2026-03-11')];
    expect(left({ '2026-03-10': 0, '2026-03-11': 60, '2026-03-12': 0 }, changes)).toBe('silver > basic');
    expect(left({ '2026-03-10': 0, '2026-03-11': 0, '2026-03-12': 60 }, changes)).toBe('silver > basic');
    expect(left({ '2026-03-10': 0, '2026-03-11': 60, '2026-03-12': 60 }, changes)).toBeNull();
  });

  it('as much of a promotion stands as the rest justifies', () => {
    const changes = [promoted('basic', 'platinum', '2026-03-10')];
    expect(left({ '2026-03-10': 600 }, changes)).toBe('platinum > gold');
  });

  it('the tier before the promotion stands where the rest justifies that', () => {
    const changes = [
      promoted('basic', 'silver', '2026-02-01', numberedId('pur', 1)),
      promoted('silver', 'gold', '2026-03-10'),
    ];
    expect(left({ '2026-02-01': 100, '2026-03-10': 0 }, changes)).toBe('gold > silver');
    expect(left({ '2026-02-01': 0, '2026-03-10': 0 }, changes)).toBe('gold > basic');
  });

  it('a tier of a window that is long over stands: nothing ends it but what it rested on', () => {
    const changes = [promoted('basic', 'silver', '2024-03-10', numberedId('pur', 1))];
    expect(left({ '2024-03-10': 100, '2026-03-10': 0 }, changes)).toBeNull();
    expect(left({ '2024-03-10': 0, '2026-03-10': 60 }, changes)).toBe('silver > basic');
  });

  it('what an earlier return left of a promotion is looked at like a promotion', () => {
    const stepped = tierChange('silver', '2026-03-11T12:00:00+01:00', {
      ...{ from: 'gold', purchaseId: ORDER, returnId: numberedId('ret', 1) },
    });
    const changes = [promoted('basic', 'gold', '2026-03-10'), stepped];
    expect(left({ '2026-03-10': 100 }, changes)).toBeNull();
    expect(left({ '2026-03-10': 99 }, changes)).toBe('silver > basic');
  });

  it('points count where the ladder counts points', () => {
    const set = ladder({ measure: 'points' });
    expect(left({ '2026-03-10': 5000 }, [promoted('basic', 'silver', '2026-03-10')], { set })).toBe(
      'silver > basic',
    );
  });

  it('no member falls below the first tier', () => {
    expect(left({ '2026-03-10': 0 }, [])).toBeNull();
  });

  it('the lower tier holds from then on, never before the last change', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10')];
    const fallsAt = (at: number) =>
      stepDown(standing({ '2026-03-10': 0 }, changes), ladder(), [inTime()], ORDER, at, ZONE)?.since;
    expect(fallsAt(NOW)).toBe(NOW);
    expect(fallsAt(NOW - 30 * 86_400_000)).toBe(changes[0]?.since);
  });
});

describe('each window is evaluated with the ladders of its time:', () => {
  const low = ladder({
    tiers: [...ladder().tiers.slice(0, 1), { key: 'silver', name: 'Silver', threshold: 40 }],
  });
  const ladders = [
    inTime(ladder(), { version: 2, from: '2026-03-15' }),
    inTime(low, { version: 1, through: '2026-03-15' }),
  ];

  it('what a lower ladder gave stands as long as it is justified on that one', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10', numberedId('pur', 1))];
    expect(left({ '2026-03-10': 50 }, changes, { ladders })).toBeNull();
    expect(left({ '2026-03-10': 39 }, changes, { ladders })).toBe('silver > basic');
  });

  it('what was bought after its time does not count on it', () => {
    const changes = [promoted('basic', 'silver', '2026-03-10', numberedId('pur', 1))];
    expect(left({ '2026-03-10': 0, '2026-03-15': 50 }, changes, { ladders })).toBeNull();
    expect(left({ '2026-03-10': 0, '2026-03-16': 50 }, changes, { ladders })).toBe('silver > basic');
    expect(left({ '2026-03-10': 0, '2026-03-16': 100 }, changes, { ladders })).toBeNull();
  });

  it('a higher ladder that is lowered later does not reach back', () => {
    const turned = [
      inTime(low, { version: 2, from: '2026-03-15' }),
      inTime(ladder(), { version: 1, through: '2026-03-15' }),
    ];
    const changes = [promoted('basic', 'silver', '2026-03-16', ORDER, 2)];
    expect(left({ '2026-03-10': 50, '2026-03-16': 0 }, changes, { set: low, ladders: turned })).toBe(
      'silver > basic',
    );
    expect(left({ '2026-03-10': 50, '2026-03-16': 1 }, changes, { set: low, ladders: turned })).toBeNull();
  });

  it('a rung that the ladder has lost counts as the first', () => {
    const lost = [inTime(ladder({ tiers: [{ key: 'bronze', name: 'Bronze', threshold: 0 }] })), inTime()];
    expect(left({ '2026-03-10': 100 }, [promoted('basic', 'gold', '2026-03-10')], { ladders: lost })).toBe(
      'gold > silver',
    );
  });
});

describe('a promotion that began on a day on which nothing was bought', () => {
  const late = numberedId('pur', 3);
  const ladders = [inTime(ladder(), { from: '2026-03-15' })];

  it('stands by the window of that day: a late receipt brought it, of the time of an older ladder', () => {
    const changes = [promoted('basic', 'silver', '2026-03-18', late)];
    expect(left({ '2026-03-01': 100 }, changes, { ladders })).toBeNull();
    expect(left({ '2026-03-01': 99 }, changes, { ladders })).toBe('silver > basic');
  });

  it('does not once nothing of that receipt is left', () => {
    const changes = [promoted('basic', 'silver', '2026-03-18', late)];
    expect(left({ '2026-03-01': 100 }, changes, { ladders, gone: late })).toBe('silver > basic');
  });

  it('stands by the window of that day where a merge brought it', () => {
    const changes = [promoted('basic', 'silver', '2026-03-18', null)];
    expect(left({ '2026-03-01': 100 }, changes, { ladders })).toBeNull();
  });

  it('is no step down', () => {
    const stepped = tierChange('silver', '2026-03-17T12:00:00+01:00', {
      ...{ from: 'gold', purchaseId: late, returnId: numberedId('ret', 1) },
    });
    const changes = [promoted('basic', 'gold', '2026-03-16', late), stepped];
    expect(left({ '2026-03-01': 100, '2026-03-16': 0 }, changes, { ladders })).toBe('silver > basic');
  });
});
