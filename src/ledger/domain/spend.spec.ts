import { emptyLedger, grant, LedgerStory, lot, lotPoints } from '../../../test/builders/ledger.js';
import { withOpenLots, type LedgerState } from './ledger-state.js';
import type { Lot } from './lot.js';
import { planDebtSettlement, planExpiry, planSpend, takeInOrder } from './spend.js';

function account(...lots: readonly Lot[]): LedgerState {
  const available = lots.reduce((sum, item) => sum + item.available, 0);
  return withOpenLots(emptyLedger({ available, complete: false }), lots);
}

describe('a plan to spend', () => {
  it('empties the lot that expires in January before it touches the one of June', () => {
    const june = lot(1, { expiresAt: Date.parse('2027-06-02T00:00:00+02:00') });
    const january = lot(2, { expiresAt: Date.parse('2027-01-02T00:00:00+01:00') });
    expect(planSpend(account(june, january), 100)).toEqual({ ok: true, value: lotPoints([2, 100]) });
    expect(planSpend(account(june, january), 101)).toEqual({ ok: true, value: lotPoints([2, 100], [1, 1]) });
  });

  it('takes all there is, to the last point', () => {
    expect(planSpend(account(lot(1), lot(2)), 200)).toEqual({
      ok: true,
      value: lotPoints([1, 100], [2, 100]),
    });
  });

  it('names what is required, available and missing where that is not enough', () => {
    expect(planSpend(account(lot(1, { points: 50 })), 250)).toEqual({
      ok: false,
      refusal: { required: 250, available: 50, missing: 200 },
    });
  });

  it('leaves alone what is on hold', () => {
    const { state } = new LedgerStory().granted(grant(1)).held(...lotPoints([1, 60]));
    expect(planSpend(state, 41)).toMatchObject({ ok: false, refusal: { available: 40, missing: 1 } });
    expect(planSpend(state, 40)).toEqual({ ok: true, value: lotPoints([1, 40]) });
  });
});

describe('takeInOrder', () => {
  const offered = lotPoints([1, 10], [2, 20], [3, 30]);

  it.each([
    [0, []],
    [1, lotPoints([1, 1])],
    [10, lotPoints([1, 10])],
    [11, lotPoints([1, 10], [2, 1])],
    [60, offered],
  ])('takes the first %i points', (points, taken) => {
    expect(takeInOrder(offered, points)).toEqual(taken);
  });

  it('refuses more than is offered', () => {
    expect(() => takeInOrder(offered, 61)).toThrow('1 points short');
    expect(() => takeInOrder([], 1)).toThrow(RangeError);
  });

  it('splits a hold from both ends without taking a point twice', () => {
    for (let used = 0; used <= 60; used += 1) {
      const parts = [...takeInOrder(offered, used), ...takeInOrder([...offered].reverse(), 60 - used)];
      const byLot = offered.map(({ lotId }) =>
        parts.filter((part) => part.lotId === lotId).reduce((sum, { points }) => sum + points, 0),
      );
      expect(byLot).toEqual([10, 20, 30]);
    }
  });
});

/** What fills a debt now, of points that came now. */
function settledNow(state: LedgerState, now: number) {
  return planDebtSettlement(state, { from: now, at: now, now }, () => 0).flatMap(({ lots }) => lots);
}

describe('a plan to fill a debt', () => {
  const owing = (debt: number, ...lots: readonly Lot[]) => ({ ...account(...lots), debt });

  it('takes as much as is owed, in spending order', () => {
    const state = owing(120, lot(1), lot(2, { expiresAt: 2000 }));
    expect(settledNow(state, 1000)).toEqual(lotPoints([2, 100], [1, 20]));
  });

  it('takes all there is where more is owed', () => {
    expect(settledNow(owing(500, lot(1, { points: 30 }), lot(2, { points: 7 })), 1000)).toEqual(
      lotPoints([1, 30], [2, 7]),
    );
  });

  it('leaves alone what is past its last instant', () => {
    expect(settledNow(owing(50, lot(1, { expiresAt: 1000 }), lot(2)), 1000)).toEqual(lotPoints([2, 50]));
    expect(settledNow(owing(50, lot(1, { expiresAt: 1000 })), 1000)).toEqual([]);
  });

  it('takes of points that came too late what was open in their time, when that ended', () => {
    const state = owing(120, lot(1, { expiresAt: 900 }), lot(2, { expiresAt: 800 }), lot(3, { points: 30 }));
    const openSince = (at: number) => (at === 800 ? 40 : 50);
    expect(planDebtSettlement(state, { from: 500, at: 1000, now: 1000 }, openSince)).toEqual([
      { at: 799, wasOpen: false, lots: lotPoints([2, 40]) },
      { at: 899, wasOpen: false, lots: lotPoints([1, 10]) },
      { at: 1000, wasOpen: false, lots: lotPoints([3, 30]) },
    ]);
  });

  it('takes what came of age in time when it did', () => {
    const state = owing(120, lot(1, { expiresAt: 900 }));
    expect(planDebtSettlement(state, { from: 700, at: 700, now: 1000 }, () => 60)).toEqual([
      { at: 700, wasOpen: false, lots: lotPoints([1, 60]) },
    ]);
    expect(
      planDebtSettlement({ ...state, debtAt: 950 }, { from: 700, at: 700, now: 1000 }, () => 60),
    ).toEqual([{ at: 899, wasOpen: true, lots: lotPoints([1, 60]) }]);
  });

  it('takes nothing without a debt', () => {
    expect(settledNow(owing(0, lot(1)), 1000)).toEqual([]);
  });
});

describe('a plan to expire', () => {
  const state = () =>
    account(
      lot(1, { expiresAt: 2000 }),
      lot(2, { expiresAt: 1000, points: 7 }),
      lot(3, { expiresAt: 2000, points: 5 }),
      lot(4, { expiresAt: 3000 }),
      lot(5, { expiresAt: null }),
    );

  it('takes what is past, instant by instant', () => {
    expect(planExpiry(state(), 2000)).toEqual([
      { at: 1000, lots: lotPoints([2, 7]) },
      { at: 2000, lots: lotPoints([1, 100], [3, 5]) },
    ]);
  });

  it('takes nothing a millisecond before', () => {
    expect(planExpiry(state(), 999)).toEqual([]);
  });

  it('leaves alone what is on hold: a hold keeps its points alive', () => {
    const { state: held } = new LedgerStory()
      .granted(grant(1, { expiresAt: 1000 }))
      .held(...lotPoints([1, 40]));
    expect(planExpiry(held, 1000)).toEqual([{ at: 1000, lots: lotPoints([1, 60]) }]);
  });

  it('finds nothing the second time', () => {
    const story = new LedgerStory().granted(grant(1, { expiresAt: 1000 }));
    for (const { lots } of planExpiry(story.state, 5000)) story.expired(...lots);
    expect(story.state.available).toBe(0);
    expect(planExpiry(story.state, 5000)).toEqual([]);
  });
});
