import fc from 'fast-check';
import { emptyLedger, grant, lot, LedgerStory, lotId, lotPoints } from '../../../test/builders/ledger.js';
import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import type { Instant } from '../../kernel/time.js';
import {
  attentionAt,
  comingExpiries,
  firstExpiring,
  inOrder,
  spendableUntil,
  withOpenLots,
  type LedgerState,
} from './ledger-state.js';
import { DATES_BEYOND, slidingLimit, waitingLimit, withPreloadedLots } from './preloaded-lots.js';
import { compareSpendingOrder, isPastExpiry, type Lot } from './lot.js';
import { planDebtSettlement, planExpiry, planSpend } from './spend.js';
import { planComingOfAge } from './waiting.js';

/** The account of these lots as its row has it, with none of them loaded. */
function read(lots: readonly Lot[], overrides: Partial<LedgerState> = {}): LedgerState {
  const available = lots.reduce((sum, item) => sum + item.available, 0);
  const pending = lots.reduce((sum, item) => sum + item.pending + item.undelivered, 0);
  const whole = withOpenLots(emptyLedger({ complete: false, available, ...overrides }), lots);
  const { slidingAvailable, nextPendingAt } = whole;
  return emptyLedger({
    ...firstExpiring(whole.fixedExpiring),
    ...{ complete: false, available, pending, slidingAvailable, nextPendingAt },
    ...overrides,
  });
}

/** Nothing is due before, and no lot of these stories ends earlier. */
const NOW = 50;

/** As many of the first lots of each kind as the database would give. */
function partly(
  lots: readonly Lot[],
  limit: number,
  named: readonly Lot[] = [],
  overrides: Partial<LedgerState> & { readonly until?: Instant; readonly dates?: true } = {},
): LedgerState {
  const { until = NOW, dates, ...fields } = overrides;
  const state = read(lots, fields);
  const bounds = { limit, until };
  const available = [...lots].filter((item) => item.available > 0).sort(compareSpendingOrder);
  const ends = available.filter(({ slides }) => !slides);
  const due = ends.filter((item) => isPastExpiry(item, until));
  const fixed = ends.slice(0, due.length + limit);
  const sliding = available.filter(({ slides }) => slides).slice(0, slidingLimit(state, bounds) ?? Infinity);
  const waits = [...lots].filter((item) => attentionAt(item) < Infinity);
  const waiting = waits
    .sort((a, b) => attentionAt(a) - attentionAt(b))
    .slice(0, waits.filter((item) => attentionAt(item) <= until).length + waitingLimit(state, bounds));
  const last = Math.max(...fixed.map(({ expiresAt }) => expiresAt ?? 0));
  const sums = new Map<Instant, number>();
  for (const { expiresAt, available: points } of ends)
    if (expiresAt !== null && expiresAt >= last) sums.set(expiresAt, (sums.get(expiresAt) ?? 0) + points);
  const beyond = dates ? inOrder(sums).slice(0, DATES_BEYOND) : null;
  return withPreloadedLots(state, { fixed, sliding, waiting, named, dates: beyond }, bounds);
}

const day = (number: number, end: number | null) => lot(number, { expiresAt: end });

describe('the first lots of an account', () => {
  const lots = [day(1, 500), day(2, 300), day(3, null), day(4, 100), day(5, 200), day(6, 400)];

  it('give what is spent of them, in spending order', () => {
    const plan = planSpend(partly(lots, 3), 150);
    expect(plan).toEqual({ ok: true, value: lotPoints([4, 100], [5, 50]) });
  });

  it('do not stand for the others: who needs more, or a lot that is not there, must come back', () => {
    const state = partly(lots, 3);
    expect(() => planSpend(state, 301)).toThrow(NeedsMoreRows);
    expect(planSpend(state, 601)).toMatchObject({ ok: false, refusal: { missing: 1 } });
    expect(() => new LedgerStory(state).held(...lotPoints([1, 10]))).toThrow(NeedsMoreRows);
    expect(() => new LedgerStory(withOpenLots(read(lots), lots)).held(...lotPoints([9, 1]))).toThrow(
      'lot_00000000000000000000000009 is not loaded',
    );
  });

  it('are all there are when fewer were found than were asked for', () => {
    const state = partly(lots, 7);
    expect(state.horizon).toBeNull();
    expect(planSpend(state, 600)).toMatchObject({ ok: true });
  });

  it('leave a named lot beyond them where it belongs: nobody spends it before those that are not there', () => {
    const state = partly(lots, 2, [day(3, null)]);
    expect([...state.lots.keys()].sort()).toEqual([lotId(3), lotId(4), lotId(5)]);
    expect(() => planSpend(state, 201)).toThrow(NeedsMoreRows);
    expect(new LedgerStory(state).held(...lotPoints([3, 10])).state.held).toBe(10);
  });

  it('tell further expiries, all but the last, of whose date there may be more', () => {
    expect(partly(lots, 1)).toMatchObject({ expiringUntil: 300, horizon: { lotId: lotId(4) } });
    expect(partly(lots, 5)).toMatchObject({ expiringUntil: 499 });
    expect(partly(lots, 5).fixedExpiring.map(({ expiresAt }) => expiresAt)).toEqual([100, 200, 300, 400]);
    expect(partly(lots, 6)).toMatchObject({ expiringUntil: Infinity, horizon: { lotId: lotId(3) } });
    expect(partly(lots, 6).fixedExpiring).toHaveLength(5);
  });

  it('do not suffice where so much is used up that the next three expiries are unknown', () => {
    const used = (limit: number) =>
      new LedgerStory(partly(lots, limit)).redeemed('available', ...lotPoints([4, 100])).state;
    expect(() => used(3)).toThrow(NeedsMoreRows);
    expect(comingExpiries(used(5)).map(({ expiresAt }) => expiresAt)).toEqual([200, 300, 400]);
  });

  it('count at their new end once they are given another', () => {
    const cause = { type: 'adjustment', id: 'adj_1' } as const;
    const extended = new LedgerStory(partly([day(1, 100), day(2, 100), day(3, 200)], 1, [day(2, 100)])).apply(
      'lots.extended',
      { cause, lots: [{ lotId: lotId(2), expiresAt: 200 }] },
    ).state;
    expect(extended.fixedExpiring).toEqual([
      { expiresAt: 100, points: 100 },
      { expiresAt: 200, points: 200 },
    ]);
  });

  it('tell the dates beyond them where these were summed up', () => {
    const more = [...lots, day(7, 600), day(8, 700), day(9, 800), day(10, 800)];
    const state = partly(more, 2, [], { dates: true });
    expect(state).toMatchObject({ expiringUntil: 500, horizon: { lotId: lotId(5) } });
    const used = new LedgerStory(state).redeemed('available', ...lotPoints([4, 100], [5, 100])).state;
    expect(comingExpiries(used).map(({ expiresAt }) => expiresAt)).toEqual([300, 400, 500]);
    const all = partly(more, 6, [], { dates: true });
    expect([all.expiringUntil, all.fixedExpiring.at(-1)]).toEqual([
      Infinity,
      { expiresAt: 800, points: 200 },
    ]);
  });

  const waiting = (number: number, availableAt: number) =>
    lot(number, { availableAt, available: 0, pending: 100 });

  it('tell when points become usable, as long as any is left of those that need attention first', () => {
    const all = [...lots, waiting(7, 900), waiting(8, 800), waiting(9, 850), waiting(10, 950)];
    const cause = { type: 'return', id: 'ret_1' } as const;
    const takenBack = (...numbers: readonly number[]) =>
      numbers.reduce(
        (story, number) => {
          const back = { lotId: lotId(number), from: 'pending' as const, points: 100 };
          story.apply('points.returned', { cause, lots: [back] });
          return story;
        },
        new LedgerStory(partly(all, 1, [waiting(7, 900)])),
      ).state.nextPendingAt;
    expect(takenBack(7)).toBe(800);
    expect(takenBack(8)).toBe(850);
    expect(() => takenBack(8, 9)).toThrow(NeedsMoreRows);
  });

  it('have all that is due beside them, so that it can be applied', () => {
    const all = [...lots, waiting(7, 90), waiting(8, 110), waiting(9, 850)];
    const state = partly(all, 1, [], { until: 250 });
    expect([...state.lots.keys()].sort()).toEqual([2, 4, 5, 7, 8, 9].map(lotId));
    expect(planComingOfAge(state, 250).map(({ at }) => at)).toEqual([90, 110]);
    expect(planExpiry(state, 250).map(({ at }) => at)).toEqual([100, 200]);
    expect(() => planComingOfAge(partly(all, 1), 250)).toThrow(NeedsMoreRows);
  });

  it('are in the order of the date that all sliding lots share', () => {
    const slides = (number: number) => lot(number, { slides: true, expiresAt: null, earnedAt: number });
    const all = [...lots, slides(7), slides(8), slides(9)];
    const state = partly(all, 2, [], { slidingExpiresAt: 150 });
    expect(planSpend(state, 250)).toMatchObject({ ok: true, value: lotPoints([4, 100], [7, 100], [8, 50]) });
    // The third that slides may end before what is left of the others.
    expect(() => planSpend(state, 301)).toThrow(NeedsMoreRows);
    const later = new LedgerStory(state).apply('expiry.slid', {
      cause: { type: 'purchase', id: 'pur_1' },
      expiresAt: 5000,
    }).state;
    expect(planSpend(later, 200)).toMatchObject({ ok: true, value: lotPoints([4, 100], [5, 100]) });
    expect(() => planSpend(later, 201)).toThrow(NeedsMoreRows);
    expect(spendableUntil(later)).toBe(200);
    expect(partly(all, 1, [], { slidingExpiresAt: 150, until: 150 }).slidingHorizon).toBeNull();
  });

  it('fill a debt as far as they suffice', () => {
    const owing = (debt: number) => ({ ...partly(lots, 3), debt });
    expect(settledNow(owing(120), 50)).toEqual(lotPoints([4, 100], [5, 20]));
    expect(() => settledNow(owing(301), 50)).toThrow(NeedsMoreRows);
  });

  it('are not needed for points that were just granted to somebody who owes', () => {
    const owing = emptyLedger({ complete: false, debt: 500 });
    const { state } = new LedgerStory(owing).granted(grant(1));
    expect(settledNow(state, 50)).toEqual(lotPoints([1, 100]));
  });
});

/** What fills a debt now, of points that came now. */
function settledNow(state: LedgerState, now: number) {
  return planDebtSettlement(state, { from: now, at: now, now }, () => 0).flatMap(({ lots }) => lots);
}

describe('a decision on the first lots', () => {
  const anyLot = fc.record({
    available: fc.integer({ min: 0, max: 50 }),
    held: fc.integer({ min: 0, max: 20 }),
    expiresAt: fc.option(fc.integer({ min: 1, max: 8 }).map((date) => date * 100)),
    earnedAt: fc.integer({ min: 0, max: 3 }),
    slides: fc.boolean(),
  });
  const spending = fc.tuple(
    fc.constantFrom('held' as const, 'redeemed' as const),
    fc.integer({ min: 1, max: 120 }),
  );

  /** Spends one after the other. @returns what each took, and the state they leave. */
  function spend(from: LedgerState, spendings: readonly (readonly ['held' | 'redeemed', number])[]) {
    const story = new LedgerStory(from);
    const taken = spendings.map(([how, points]) => {
      const plan = planSpend(story.state, points);
      if (!plan.ok) return plan.refusal;
      if (how === 'held') story.held(...plan.value);
      else story.redeemed('available', ...plan.value);
      return plan.value;
    });
    return { taken, state: story.state };
  }

  it('is the one on all of them, or is none', () => {
    let decided = 0;
    let putOff = 0;
    fc.assert(
      fc.property(
        fc.array(anyLot, { maxLength: 25 }),
        fc.integer({ min: 1, max: 20 }),
        fc.array(spending, { minLength: 1, maxLength: 4 }),
        fc.option(fc.integer({ min: 1, max: 9 }).map((date) => date * 100)),
        fc.boolean(),
        (made, limit, spendings, slidingExpiresAt, dates) => {
          const lots = made.map(({ slides, ...terms }, index) =>
            lot(index + 1, {
              ...terms,
              ...{ points: terms.available + terms.held + 1, redeemed: 1 },
              ...(slides && slidingExpiresAt !== null ? { slides, expiresAt: null } : {}),
            }),
          );
          const whole = spend(withOpenLots(read(lots, { slidingExpiresAt }), lots), spendings);
          try {
            const asked = { slidingExpiresAt, ...(dates ? { dates } : {}) };
            const part = spend(partly(lots, limit, [], asked), spendings);
            expect(part.taken).toEqual(whole.taken);
            expect(comingExpiries(part.state).slice(0, 3)).toEqual(comingExpiries(whole.state).slice(0, 3));
            const { available, held, headHash } = whole.state;
            expect(part.state).toMatchObject({ available, held, headHash });
            decided += 1;
          } catch (error) {
            if (!(error instanceof NeedsMoreRows)) throw error;
            putOff += 1;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(Math.min(decided, putOff)).toBeGreaterThan(100);
  });
});
