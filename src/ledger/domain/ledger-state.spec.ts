import { emptyLedger, grant, LedgerStory, lot, lotId, lotPoints } from '../../../test/builders/ledger.js';
import { expectLedgerToAddUp } from '../../../test/invariants/ledger.js';
import {
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
  const story = new LedgerStory().granted(grant(1, { points: 100 }));

  it('are available at once and count as earned', () => {
    expect(story.state).toMatchObject({ available: 100, held: 0, lifetimeEarned: 100, lifetimeRedeemed: 0 });
  });

  it('bring their deferred revenue into the liability', () => {
    expect(story.state.movements).toMatchObject([
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
    expect([...story.state.opened]).toEqual([lotId(1)]);
    expect(story.state.lots.get(lotId(1))).toMatchObject({
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

describe('a lot that is not at hand, or has too few points', () => {
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
  const story = new LedgerStory(emptyLedger(), day0)
    .granted(grant(1, { points: 100, expiresAt: day0 + 30 * DAY_MS }))
    .redeemed('available', ...lotPoints([1, 100]))
    .granted(grant(2, { points: 50, expiresAt: null }));

  it('leaves 50 on day 31: the spent points cannot expire', () => {
    expect(planExpiry(story.state, day0 + 31 * DAY_MS)).toEqual([]);
    expect(story.state).toMatchObject({ available: 50, fixedExpiring: [] });
    expectLedgerToAddUp(story.state);
  });
});

describe('the expiries that come next', () => {
  const [soon, later, last, hidden] = [1000, 2000, 3000, 4000];
  describe('with every open lot at hand', () => {
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

  describe('with none of the earlier lots at hand', () => {
    const known = [
      { expiresAt: soon, points: 1 },
      { expiresAt: later, points: 2 },
      { expiresAt: last, points: 3 },
    ];
    const unloaded = () => new LedgerStory(emptyLedger({ available: 6, complete: false, fixedExpiring: known }));

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
