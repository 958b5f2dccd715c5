import fc from 'fast-check';
import { emptyLedger, grant, lot, LedgerStory, lotId, lotPoints } from '../../../test/builders/ledger.js';
import { NotAtHandError } from '../../kernel/not-at-hand.js';
import { comingExpiries, firstExpiring, withOpenLots, type LedgerState } from './ledger-state.js';
import { withFrontLots } from './front-lots.js';
import { compareSpendingOrder, type Lot } from './lot.js';
import { planDebtSettlement, planSpend } from './spend.js';

/** The account of these lots as its row has it, with none of them at hand. */
function read(lots: readonly Lot[], overrides: Partial<LedgerState> = {}): LedgerState {
  const available = lots.reduce((sum, item) => sum + item.available, 0);
  const whole = withOpenLots(emptyLedger({ complete: false, available }), lots);
  const { slidingAvailable, nextPendingAt } = whole;
  return emptyLedger({
    ...firstExpiring(whole.fixedExpiring),
    ...{ complete: false, available, slidingAvailable, nextPendingAt },
    ...overrides,
  });
}

/** As many of the first lots as the database would give. */
function front(lots: readonly Lot[], limit: number): readonly Lot[] {
  return lots
    .filter(({ available }) => available > 0)
    .sort(compareSpendingOrder)
    .slice(0, limit);
}

const partly = (lots: readonly Lot[], limit: number, named: readonly Lot[] = []) =>
  withFrontLots(read(lots), front(lots, limit), named, limit);

const day = (number: number, end: number | null) => lot(number, { expiresAt: end });

describe('the first lots of an account', () => {
  const lots = [day(1, 500), day(2, 300), day(3, null), day(4, 100), day(5, 200), day(6, 400)];

  it('give what is spent of them, in spending order', () => {
    const plan = planSpend(partly(lots, 3), 150);
    expect(plan).toEqual({ ok: true, value: lotPoints([4, 100], [5, 50]) });
  });

  it('do not stand for the others: who needs more, or a lot that is not there, must come back', () => {
    const state = partly(lots, 3);
    expect(() => planSpend(state, 301)).toThrow(NotAtHandError);
    expect(planSpend(state, 601)).toMatchObject({ ok: false, refusal: { missing: 1 } });
    expect(() => new LedgerStory(state).held(...lotPoints([1, 10]))).toThrow(NotAtHandError);
    expect(() => new LedgerStory(withOpenLots(read(lots), lots)).held(...lotPoints([9, 1]))).toThrow(
      'lot_00000000000000000000000009 is not loaded',
    );
  });

  it('are all there are when fewer were found than were asked for', () => {
    const state = partly(lots, 7);
    expect(state.frontier).toBeNull();
    expect(planSpend(state, 600)).toMatchObject({ ok: true });
  });

  it('leave a named lot beyond them where it belongs: nobody spends it before those that are not there', () => {
    const state = partly(lots, 2, [day(3, null)]);
    expect([...state.lots.keys()].sort()).toEqual([lotId(3), lotId(4), lotId(5)]);
    expect(() => planSpend(state, 201)).toThrow(NotAtHandError);
    expect(new LedgerStory(state).held(...lotPoints([3, 10])).state.held).toBe(10);
  });

  it('tell further expiries, all but the last, of whose date there may be more', () => {
    expect(partly(lots, 1)).toMatchObject({ expiringUntil: 300, frontier: { lotId: lotId(4) } });
    expect(partly(lots, 5)).toMatchObject({ expiringUntil: 499 });
    expect(partly(lots, 5).fixedExpiring.map(({ expiresAt }) => expiresAt)).toEqual([100, 200, 300, 400]);
    expect(partly(lots, 6)).toMatchObject({ expiringUntil: Infinity, frontier: { lotId: lotId(3) } });
    expect(partly(lots, 6).fixedExpiring).toHaveLength(5);
  });

  it('do not suffice where so much is used up that the next three expiries are unknown', () => {
    const used = (limit: number) =>
      new LedgerStory(partly(lots, limit)).redeemed('available', ...lotPoints([4, 100])).state;
    expect(() => used(3)).toThrow(NotAtHandError);
    expect(comingExpiries(used(5)).map(({ expiresAt }) => expiresAt)).toEqual([200, 300, 400]);
  });

  it('do not tell when points become usable, once those that would be the first are taken back', () => {
    const waiting = (number: number, availableAt: number) =>
      lot(number, { availableAt, available: 0, pending: 100 });
    const takenBack = (number: number) => {
      const all = [...lots, waiting(7, 900), waiting(8, 800), waiting(9, 800)];
      const state = partly(all, 3, [waiting(7, 900), waiting(8, 800)]);
      const cause = { type: 'return', id: 'ret_1' } as const;
      const back = { lotId: lotId(number), from: 'pending' as const, points: 100 };
      return new LedgerStory(state).apply('points.returned', { cause, lots: [back] }).state;
    };
    expect(takenBack(7).nextPendingAt).toBe(800);
    expect(() => takenBack(8)).toThrow(NotAtHandError);
  });

  it('fill a debt as far as they suffice', () => {
    const owing = (debt: number) => ({ ...partly(lots, 3), debt });
    expect(planDebtSettlement(owing(120), 50)).toEqual(lotPoints([4, 100], [5, 20]));
    expect(() => planDebtSettlement(owing(301), 50)).toThrow(NotAtHandError);
  });

  it('are not needed for points that were just granted to somebody who owes', () => {
    const owing = emptyLedger({ complete: false, debt: 500 });
    const { state } = new LedgerStory(owing).granted(grant(1));
    expect(planDebtSettlement(state, 50)).toEqual(lotPoints([1, 100]));
  });
});

describe('a decision on the first lots', () => {
  const anyLot = fc.record({
    available: fc.integer({ min: 0, max: 50 }),
    held: fc.integer({ min: 0, max: 20 }),
    expiresAt: fc.option(fc.integer({ min: 1, max: 8 }).map((date) => date * 100)),
    earnedAt: fc.integer({ min: 0, max: 3 }),
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
        (made, limit, spendings) => {
          const lots = made.map((terms, index) =>
            lot(index + 1, { ...terms, points: terms.available + terms.held + 1, redeemed: 1 }),
          );
          const whole = spend(withOpenLots(read(lots), lots), spendings);
          try {
            const part = spend(partly(lots, limit), spendings);
            expect(part.taken).toEqual(whole.taken);
            expect(comingExpiries(part.state).slice(0, 3)).toEqual(comingExpiries(whole.state).slice(0, 3));
            const { available, held, headHash } = whole.state;
            expect(part.state).toMatchObject({ available, held, headHash });
            decided += 1;
          } catch (error) {
            if (!(error instanceof NotAtHandError)) throw error;
            putOff += 1;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(Math.min(decided, putOff)).toBeGreaterThan(100);
  });
});
