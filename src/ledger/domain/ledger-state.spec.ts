import { emptyLedger, grant, LedgerStory, lot, lotId, lotPoints } from '../../../test/builders/ledger.js';
import { expectLedgerToAddUp } from '../../../test/invariants/ledger.js';
import {
  attentionAt,
  comingExpiries,
  EXPIRING_SHOWN,
  spendableLots,
  withOpenLots,
  type LedgerState,
} from './ledger-state.js';
import { planExpiry, planSpend } from './spend.js';

const DAY_MS = 86_400_000;

/** What a balance shows of the coming expiries. */
const shown = (state: LedgerState) => comingExpiries(state).slice(0, EXPIRING_SHOWN);

describe('points of a purchase', () => {
  const story = () => new LedgerStory().granted(grant(1, { points: 100 }));

  it('are available at once and count as earned', () => {
    expect(story().state).toMatchObject({
      available: 100,
      held: 0,
      lifetimeEarned: 100,
      lifetimeRedeemed: 0,
    });
  });

  it('bring their deferred revenue into the liability', () => {
    expect(story().state.movements).toMatchObject([
      {
        sequence: 1,
        from: 'issued',
        to: 'available',
        points: 100,
        liability: 9_000_000n,
        eventCode: 'E01',
        causeType: 'purchase',
        postingDate: '2026-03-10',
      },
    ]);
  });

  it('open a lot that is to be written', () => {
    const { state } = story();
    expect([...state.opened]).toEqual([lotId(1)]);
    expect(state.lots.get(lotId(1))).toMatchObject({
      points: 100,
      available: 100,
      allocated: 9_000_000n,
    });
  });
});

describe('points given freely', () => {
  it('carry no money: E02, nothing posted', () => {
    const { state } = new LedgerStory().granted(grant(1, { origin: 'non_purchase', allocated: 0n }));
    expect(state.movements).toMatchObject([{ eventCode: 'E02', liability: 0n, points: 100 }]);
  });
});

describe('points on hold', () => {
  it('leave what is available and stay in the liability', () => {
    const { state } = new LedgerStory().granted(grant(1)).held(...lotPoints([1, 30]));
    expect(state).toMatchObject({ available: 70, held: 30 });
    expect(state.movements[1]).toMatchObject({
      from: 'available',
      to: 'held',
      liability: 0n,
      eventCode: null,
    });
  });

  it('come back when released, as if nothing had been', () => {
    const { state } = new LedgerStory()
      .granted(grant(1))
      .held(...lotPoints([1, 30]))
      .released(...lotPoints([1, 30]));
    expect(state).toMatchObject({ available: 100, held: 0, lifetimeRedeemed: 0 });
    expect(state.movements[2]).toMatchObject({
      from: 'held',
      to: 'available',
      liability: 0n,
      eventCode: null,
    });
  });

  it('release their revenue when used', () => {
    const { state } = new LedgerStory()
      .granted(grant(1))
      .held(...lotPoints([1, 30]))
      .redeemed('held', ...lotPoints([1, 30]));
    expect(state).toMatchObject({ available: 70, held: 0, lifetimeRedeemed: 30 });
    expect(state.movements[2]).toMatchObject({
      from: 'held',
      to: 'redeemed',
      liability: -2_700_000n,
      eventCode: 'E06',
    });
  });
});

describe('points used straight away', () => {
  it('take a movement of each lot, numbered without a gap', () => {
    const { state } = new LedgerStory()
      .granted(grant(1, { points: 10 }), grant(2, { points: 20 }))
      .redeemed('available', ...lotPoints([1, 10], [2, 5]));
    expect(state.movements.map(({ sequence, lotId: id, points }) => [sequence, id, points])).toEqual([
      [1, lotId(1), 10],
      [2, lotId(2), 20],
      [3, lotId(1), 10],
      [4, lotId(2), 5],
    ]);
    expect(state).toMatchObject({ available: 15, lifetimeRedeemed: 15 });
  });
});

describe('points past their last instant', () => {
  const expiresAt = Date.parse('2026-04-01T00:00:00+02:00');

  it('post their revenue on their last day, though it ends at the first instant of the next', () => {
    const { state } = new LedgerStory()
      .granted(grant(1, { expiresAt }))
      .at('2026-04-01T00:00:00+02:00')
      .expired(...lotPoints([1, 100]));
    expect(state.movements[1]).toMatchObject({
      to: 'expired',
      eventCode: 'E15',
      liability: -9_000_000n,
      causeType: 'expiry',
      causeId: lotId(1),
      postingDate: '2026-03-31',
    });
  });
});

describe('events of others', () => {
  it('leave the ledger as it is', () => {
    const before = emptyLedger();
    const change = {
      from: null,
      to: 'gold',
      since: 0,
      tierSet: { id: 'main', version: 1 },
      cause: { type: 'purchase', id: 'pur_1' },
    } as const;
    expect(new LedgerStory(before).apply('tier.changed', change).state).toBe(before);
  });
});

describe('a lot that is not loaded, or has too few points', () => {
  it('stops the fold: that is a bug, never a balance below zero', () => {
    expect(() => new LedgerStory().held(...lotPoints([7, 1]))).toThrow('not loaded');
    expect(() => new LedgerStory().granted(grant(1)).held(...lotPoints([1, 101]))).toThrow(RangeError);
    expect(() => new LedgerStory().granted(grant(1)).redeemed('held', ...lotPoints([1, 1]))).toThrow(
      RangeError,
    );
  });
});

describe('earn 100 for 30 days, spend 100, earn 50 that never expire', () => {
  const day0 = Date.parse('2026-03-10T12:00:00+01:00');

  it('leaves 50 on day 31: the spent points cannot expire', () => {
    const { state } = new LedgerStory(emptyLedger(), day0)
      .granted(grant(1, { points: 100, expiresAt: day0 + 30 * DAY_MS }))
      .redeemed('available', ...lotPoints([1, 100]))
      .granted(grant(2, { points: 50, expiresAt: null }));
    expect(planExpiry(state, day0 + 31 * DAY_MS)).toEqual([]);
    expect(state).toMatchObject({ available: 50, fixedExpiring: [] });
    expectLedgerToAddUp(state);
  });
});

describe('the expiries that come next', () => {
  const [soon, later, last, hidden] = [1000, 2000, 3000, 4000];
  describe('with every open lot loaded', () => {
    it('are summed by instant, earliest first', () => {
      const { state } = new LedgerStory().granted(
        grant(1, { points: 1, expiresAt: hidden }),
        grant(2, { points: 20, expiresAt: last }),
        grant(3, { points: 300, expiresAt: soon }),
        grant(4, { points: 4000, expiresAt: soon }),
        grant(5, { points: 5, expiresAt: later }),
        grant(6, { points: 6, expiresAt: null }),
      );
      expect(shown(state)).toEqual([
        { expiresAt: soon, points: 4300 },
        { expiresAt: later, points: 5 },
        { expiresAt: last, points: 20 },
      ]);
    });

    it('bring the fourth forward when one of the three is used up', () => {
      const lots = [
        lot(1, { expiresAt: soon }),
        lot(2, { expiresAt: later }),
        lot(3, { expiresAt: last }),
        lot(4, { expiresAt: hidden }),
      ];
      const loaded = withOpenLots(emptyLedger({ available: 400, complete: false }), lots);
      const { state } = new LedgerStory(loaded).redeemed('available', ...lotPoints([1, 100]));
      expect(shown(state).map(({ expiresAt }) => expiresAt)).toEqual([later, last, hidden]);
    });

    it('leave out what is on hold', () => {
      const { state } = new LedgerStory().granted(grant(1, { expiresAt: soon })).held(...lotPoints([1, 100]));
      expect(shown(state)).toEqual([]);
    });
  });

  describe('with none of the earlier lots loaded', () => {
    const known = [
      { expiresAt: soon, points: 1 },
      { expiresAt: later, points: 2 },
      { expiresAt: last, points: 3 },
    ];
    const unloaded = () =>
      new LedgerStory(emptyLedger({ available: 6, complete: false, fixedExpiring: known }));

    it('take in new lots among those that are known', () => {
      const { state } = unloaded().granted(
        grant(1, { points: 10, expiresAt: 1500 }),
        grant(2, { points: 20, expiresAt: soon }),
      );
      expect(shown(state)).toEqual([
        { expiresAt: soon, points: 21 },
        { expiresAt: 1500, points: 10 },
        { expiresAt: later, points: 2 },
      ]);
    });

    it('are not touched by points that never expire', () => {
      expect(shown(unloaded().granted(grant(1)).state)).toEqual(known);
    });

    it('are the same again after a lot that was so late that it expired at once', () => {
      const { state } = unloaded()
        .granted(grant(1, { expiresAt: 500 }))
        .expired(...lotPoints([1, 100]));
      expect(shown(state)).toEqual(known);
    });

    it('agree with those of an account that is loaded, for the same grants', () => {
      const open = [lot(7, { points: 1, expiresAt: soon }), lot(8, { points: 2, expiresAt: later })];
      const loaded = withOpenLots(emptyLedger({ available: 3, complete: false }), open);
      const grants = [
        grant(1, { expiresAt: 500 }),
        grant(2, { expiresAt: later }),
        grant(3, { expiresAt: hidden }),
      ];
      const partly = new LedgerStory(
        emptyLedger({ available: 3, complete: false, fixedExpiring: loaded.fixedExpiring }),
      ).granted(...grants);
      expect(shown(partly.state)).toEqual(shown(new LedgerStory(loaded).granted(...grants).state));
    });
  });
});

describe('the end of points that slide, among the coming ones', () => {
  const fixedExpiring = [
    { expiresAt: 1000, points: 1 },
    { expiresAt: 3000, points: 3 },
  ];
  const coming = (slidingExpiresAt: number | null, slidingAvailable: number) =>
    comingExpiries({ fixedExpiring, slidingExpiresAt, slidingAvailable });

  it('takes its place', () => {
    expect(coming(2000, 20)).toEqual([
      { expiresAt: 1000, points: 1 },
      { expiresAt: 2000, points: 20 },
      { expiresAt: 3000, points: 3 },
    ]);
  });

  it('is one with a fixed one of the same instant', () => {
    expect(coming(1000, 20)).toEqual([
      { expiresAt: 1000, points: 21 },
      { expiresAt: 3000, points: 3 },
    ]);
  });

  it('is none where no such points are left, or none ever were', () => {
    expect(coming(2000, 0)).toEqual(fixedExpiring);
    expect(coming(null, 0)).toEqual(fixedExpiring);
    expect(coming(null, 20)).toEqual(fixedExpiring);
  });

  it('counts the available points of sliding lots, with all lots loaded or without', () => {
    const sliding = grant(1, { slides: true });
    const whole = new LedgerStory().granted(sliding).redeemed('available', ...lotPoints([1, 30]));
    const partly = new LedgerStory(emptyLedger({ complete: false, slidingAvailable: 500, available: 500 }))
      .granted(sliding)
      .redeemed('available', ...lotPoints([1, 30]));
    expect(whole.state).toMatchObject({ slidingAvailable: 70, fixedExpiring: [] });
    expect(partly.state).toMatchObject({ slidingAvailable: 570, fixedExpiring: [] });
  });

  it('is what sliding lots are loaded with, and no others', () => {
    const read = emptyLedger({ complete: false, slidingExpiresAt: 9000, slidingAvailable: 7 });
    const state = withOpenLots(read, [lot(1, { slides: true }), lot(2, { expiresAt: 5000 })]);
    expect([...state.lots.values()].map(({ expiresAt }) => expiresAt)).toEqual([9000, 5000]);
    expect(state).toMatchObject({ complete: true, slidingAvailable: 100 });
  });
});

describe('lots that are loaded', () => {
  it('are in the order of their ids, wherever their rows lay', () => {
    const state = withOpenLots(emptyLedger({ complete: false }), [lot(2), lot(3), lot(1)]);
    expect([...state.lots.keys()]).toEqual([lot(1).lotId, lot(2).lotId, lot(3).lotId]);
  });
});

describe('when waiting points need attention', () => {
  const awaits = { event: 'delivered', thenDays: 0, cancelAt: 500, expiryPolicy: { type: 'never' } } as const;

  it('is when they become usable, or lapse', () => {
    const waiting = { available: 0, pending: 100, availableAt: 1000 };
    expect(attentionAt(lot(1, waiting))).toBe(1000);
    expect(attentionAt(lot(1, { ...waiting, awaits }))).toBe(500);
    expect(attentionAt(lot(1, { ...waiting, pending: 0, undelivered: 100 }))).toBe(1000);
    expect(attentionAt(lot(1, { ...waiting, pending: 50, undelivered: 50 }))).toBe(1000);
  });

  it('is never once none of them wait', () => {
    expect(attentionAt(lot(1, { availableAt: 1000 }))).toBe(Infinity);
    expect(withOpenLots(emptyLedger({ nextPendingAt: 300 }), [lot(1)]).nextPendingAt).toBeNull();
  });

  it('is when the first of all lots does', () => {
    const lots = [3000, 1000, 2000].map((availableAt, index) =>
      lot(index + 1, { available: 0, pending: 100, availableAt }),
    );
    expect(withOpenLots(emptyLedger({ complete: false, nextPendingAt: 400 }), lots).nextPendingAt).toBe(1000);
  });

  it('is not later than was known before, as long as not all lots are loaded', () => {
    const grants = [grant(1, { state: 'pending', availableAt: 1000 })];
    const from = (nextPendingAt: number | null) =>
      new LedgerStory(emptyLedger({ complete: false, nextPendingAt })).granted(...grants).state.nextPendingAt;
    expect(from(400)).toBe(400);
    expect(from(4000)).toBe(1000);
    expect(from(null)).toBe(1000);
  });
});

describe('the lots that can be spent', () => {
  it('are those with available points, in spending order', () => {
    const { state } = new LedgerStory()
      .granted(
        grant(1),
        grant(2, { expiresAt: 2000 }),
        grant(3, { expiresAt: 1000 }),
        grant(4, { expiresAt: 500 }),
      )
      .held(...lotPoints([4, 100]));
    expect(spendableLots(state).map((item) => item.lotId)).toEqual([lotId(3), lotId(2), lotId(1)]);
    expect(planSpend(state, 301).ok).toBe(false);
  });
});
