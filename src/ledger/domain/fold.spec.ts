import { emptyLedger, grant, LedgerStory, lot, lotId, lotPoints } from '../../../test/builders/ledger.js';
import { numberedId } from '../../../test/builders/ids.js';
import { expectLedgerToAddUp } from '../../../test/invariants/ledger.js';
import type { Cause } from '../../kernel/domain-events.js';
import type { LotGrant, ReceivedLot } from './lot-grant.js';
import type { Lot, LotBucket } from './lot.js';
import { withOpenLots } from './ledger-state.js';

const NOON = Date.parse('2026-03-10T12:00:00+01:00');
const MOVED = { movedAt: NOON, movedOn: '2026-03-10' };
const PURCHASE: Cause = { type: 'purchase', id: numberedId('pur', 1) };
const RETURN: Cause = { type: 'return', id: 'ret_1' };
const TRANSFER: Cause = { type: 'transfer', id: 'trf_1' };
const BY_ITSELF: Cause = { type: 'activation', id: 'due' };
const ADJUSTMENT: Cause = { type: 'adjustment', id: 'adj_1' };
const redemptionId = numberedId('rdm', 1);

function part<F extends LotBucket>(number: number, points: number, from: F) {
  return { lotId: lotId(number), points, from };
}

function lotOf(story: LedgerStory, number = 1): Lot {
  return story.state.lots.get(lotId(number)) as Lot;
}

/** The last movement. */
function last(story: LedgerStory) {
  return story.state.movements.at(-1);
}

/** Points of goods that are not handed over yet. */
const promised = (overrides: Partial<LotGrant> = {}) =>
  grant(1, {
    state: 'undelivered',
    availableAt: 500,
    awaits: { event: 'delivered', thenDays: 10, cancelAt: 7000 },
    expiryPolicy: { type: 'days', days: 30 },
    ...overrides,
  });

const DAY = '2026-03-10';

describe('a granted lot', () => {
  it('says who earned it with what, when, and what is to be known of it later', () => {
    expect(lotOf(new LedgerStory().granted(promised()))).toEqual({
      ...lot(1, {
        available: 0,
        undelivered: 100,
        availableAt: 500,
        earnedAt: NOON,
        postedOn: DAY,
        ...MOVED,
      }),
      awaits: {
        event: 'delivered',
        thenDays: 10,
        cancelAt: 7000,
        expiryPolicy: { type: 'days', days: 30 },
      },
    });
  });

  it('awaits nothing where its grant does not', () => {
    expect(lotOf(new LedgerStory().granted(grant(1)))).toEqual(
      lot(1, { earnedAt: NOON, postedOn: DAY, ...MOVED }),
    );
  });
});

describe('points that wait', () => {
  const delivered = { ...part(1, 100, 'undelivered'), availableAt: 900, expiresAt: 9000 };
  const activated = { ...part(1, 100, 'pending'), availableAt: 900, expiresAt: 9000 };

  it('count as pending, and carry no liability before the goods are handed over', () => {
    const story = new LedgerStory().granted(promised());
    expect(story.state).toMatchObject({ available: 0, pending: 100, lifetimeEarned: 100 });
    expect(last(story)).toMatchObject({ liability: 0n, eventCode: null, setsExpiryAt: null });
    expectLedgerToAddUp(story.state);
  });

  it('are owed from the delivery on, wait for nothing more and have their own terms', () => {
    const story = new LedgerStory()
      .granted(promised())
      .apply('points.delivered', { cause: PURCHASE, lots: [delivered] });
    expect(story.state).toMatchObject({ available: 0, pending: 100 });
    expect(lotOf(story)).toMatchObject({ awaits: null, availableAt: 900, expiresAt: 9000 });
    expect(last(story)).toMatchObject({ liability: 9_000_000n, eventCode: 'E01', setsExpiryAt: 9000 });
    expect([...story.state.renewed]).toEqual([lotId(1)]);
    expectLedgerToAddUp(story.state);
  });

  it('become usable without being earned again', () => {
    const story = new LedgerStory()
      .granted(grant(1, { state: 'pending' }))
      .apply('points.activated', { cause: BY_ITSELF, lots: [activated] });
    expect(story.state).toMatchObject({ available: 100, pending: 0, lifetimeEarned: 100 });
    expect(last(story)).toMatchObject({ liability: 0n, eventCode: null });
    expectLedgerToAddUp(story.state);
  });

  it.each<[string, Cause, string, string]>([
    ['by itself at midnight, on the day that ends', BY_ITSELF, '2026-03-31', 'E15'],
    ['by a return at midnight, on the day that begins', RETURN, '2026-04-01', 'E17'],
  ])('lapse %s', (_, cause, postingDate, eventCode) => {
    const story = new LedgerStory()
      .granted(grant(1, { state: 'pending' }))
      .at('2026-04-01T00:00:00+02:00')
      .apply('points.cancelled', { cause, lots: [part(1, 100, 'pending')] });
    expect(last(story)).toMatchObject({ postingDate, liability: -9_000_000n, eventCode });
    expect(story.state).toMatchObject({ pending: 0, available: 0 });
    expectLedgerToAddUp(story.state);
  });

  it('become usable by themselves on the day that begins', () => {
    const story = new LedgerStory()
      .granted(grant(1, { state: 'pending' }))
      .at('2026-04-01T00:00:00+02:00')
      .apply('points.activated', { cause: BY_ITSELF, lots: [activated] });
    expect(last(story)?.postingDate).toBe('2026-04-01');
  });
});

describe('a debt', () => {
  const indebted = () => new LedgerStory().apply('debt.incurred', { cause: RETURN, points: 30 });

  it('is owed by the member, with no lot and no money behind it', () => {
    const story = indebted();
    expect(story.state).toMatchObject({ debt: 30, available: 0, lifetimeEarned: 0 });
    expect(last(story)).toMatchObject({
      lotId: null,
      memberId: numberedId('mbr', 1),
      points: 30,
      liability: 0n,
      eventCode: null,
      setsExpiryAt: null,
    });
    expect([...story.state.touched]).toEqual([]);
  });

  it('is filled by points, whose money is released', () => {
    const story = indebted()
      .granted(grant(1))
      .apply('debt.settled', { cause: PURCHASE, lots: lotPoints([1, 20]) });
    expect(story.state).toMatchObject({ debt: 10, available: 80, lifetimeRedeemed: 0 });
    expect(last(story)).toMatchObject({ liability: -1_800_000n, eventCode: 'E17' });
    expectLedgerToAddUp(story.state);
  });

  it('is owed again when the points that filled it are returned', () => {
    const story = indebted()
      .granted(grant(1))
      .apply('debt.settled', { cause: PURCHASE, lots: lotPoints([1, 20]) })
      .apply('points.returned', { cause: RETURN, lots: [part(1, 20, 'settled')] });
    expect(story.state).toMatchObject({ debt: 30, available: 80 });
    expect(last(story)).toMatchObject({ liability: 0n, eventCode: null });
    expectLedgerToAddUp(story.state);
  });

  it('leaves with who owes it', () => {
    const story = indebted().apply('debt.moved', { cause: TRANSFER, points: 30 });
    expect(story.state).toMatchObject({ debt: 0 });
    expect(last(story)).toMatchObject({ from: 'debt', to: 'none', lotId: null, liability: 0n });
  });
});

describe('points from another account', () => {
  const child: ReceivedLot = {
    ...grant(1, { allocated: 4_000_000n }),
    memberId: numberedId('mbr', 2),
    buyer: null,
    purchaseId: numberedId('pur', 7),
    earnedAt: 77,
    parentLotId: lotId(8),
    rootLotId: lotId(9),
    movedAt: 0,
    movedOn: null,
  };

  it('remain who earned them, when and with what', () => {
    const story = new LedgerStory().apply('lots.received', { cause: TRANSFER, lots: [child] });
    expect(lotOf(story)).toEqual(
      lot(1, {
        allocated: 4_000_000n,
        memberId: numberedId('mbr', 2),
        purchaseId: numberedId('pur', 7),
        earnedAt: 77,
        postedOn: DAY,
        parentLotId: lotId(8),
        rootLotId: lotId(9),
        ...MOVED,
      }),
    );
    expect([...story.state.opened]).toEqual([lotId(1)]);
  });

  it('bring their liability, but were earned there', () => {
    const story = new LedgerStory().apply('lots.received', { cause: TRANSFER, lots: [child] });
    expect(story.state).toMatchObject({ available: 100, lifetimeEarned: 0 });
    expect(last(story)).toMatchObject({
      memberId: numberedId('mbr', 2),
      liability: 4_000_000n,
      eventCode: 'E19',
    });
    expectLedgerToAddUp(story.state);
  });

  it('take theirs along when they leave', () => {
    const story = new LedgerStory()
      .granted(grant(1))
      .apply('points.sent', { cause: TRANSFER, lots: [part(1, 60, 'available')] });
    expect(story.state).toMatchObject({ available: 40, lifetimeEarned: 100, lifetimeRedeemed: 0 });
    expect(last(story)).toMatchObject({ liability: -5_400_000n, eventCode: 'E19' });
    expectLedgerToAddUp(story.state);
  });
});

describe('points that come back', () => {
  const used = () =>
    new LedgerStory().granted(grant(1, { expiresAt: 5000 })).redeemed('available', ...lotPoints([1, 30]));
  const restored = (expiresAt?: number) => ({
    redemptionId,
    cause: RETURN,
    lots: lotPoints([1, 30]).map((item) => (expiresAt === undefined ? item : { ...item, expiresAt })),
  });

  it('are owed again and no longer count as redeemed', () => {
    const story = used().apply('points.restored', restored());
    expect(story.state).toMatchObject({ available: 100, lifetimeRedeemed: 0, lifetimeEarned: 100 });
    expect(last(story)).toMatchObject({ liability: 2_700_000n, eventCode: 'E12', setsExpiryAt: null });
    expect([...story.state.renewed]).toEqual([]);
    expectLedgerToAddUp(story.state);
  });

  it('may live longer than before', () => {
    const story = used().apply('points.restored', restored(9000));
    expect(lotOf(story)).toMatchObject({ expiresAt: 9000, firstExpiresAt: 5000 });
    expect(last(story)).toMatchObject({ setsExpiryAt: 9000 });
    expect([...story.state.renewed]).toEqual([lotId(1)]);
    expectLedgerToAddUp(story.state);
  });
});

describe('a lot that is given a later end', () => {
  const extend = (story: LedgerStory, expiresAt: number) =>
    story.apply('lots.extended', { cause: ADJUSTMENT, lots: [{ lotId: lotId(1), expiresAt }] });

  it('keeps its points and its money, and says so in a movement', () => {
    const story = extend(new LedgerStory().granted(grant(1, { expiresAt: 5000 })), 6000);
    expect(story.state).toMatchObject({ available: 100, fixedExpiring: [{ expiresAt: 6000, points: 100 }] });
    expect(last(story)).toMatchObject({ points: 100, liability: 0n, eventCode: null, setsExpiryAt: 6000 });
    expectLedgerToAddUp(story.state);
  });

  it('remembers the end it was granted with, however often', () => {
    const story = extend(extend(new LedgerStory().granted(grant(1, { expiresAt: 5000 })), 6000), 7000);
    expect(lotOf(story)).toMatchObject({ expiresAt: 7000, firstExpiresAt: 5000 });
  });

  it('has no other end to remember where it stays the same', () => {
    const story = extend(new LedgerStory().granted(grant(1, { expiresAt: 5000 })), 5000);
    expect(lotOf(story)).toMatchObject({ expiresAt: 5000, firstExpiresAt: null });
    expect(last(story)).toMatchObject({ setsExpiryAt: null });
  });

  it('still waits for what it awaited, from when it did', () => {
    const waiting = promised({ state: 'pending', expiresAt: 5000 });
    const story = extend(new LedgerStory().granted(waiting), 6000);
    expect(lotOf(story)).toMatchObject({ awaits: { event: 'delivered' }, availableAt: 500, expiresAt: 6000 });
  });
});

describe('points whose end slides', () => {
  const sliding = (number: number) => grant(number, { slides: true });
  const slide = (story: LedgerStory, expiresAt: number) =>
    story.apply('expiry.slid', { cause: PURCHASE, expiresAt });

  it('all end when the account does, and those with an end of their own do not', () => {
    const story = slide(
      new LedgerStory().granted(sliding(1), sliding(2), grant(3, { expiresAt: 5000 })),
      9000,
    );
    expect([1, 2, 3].map((number) => lotOf(story, number).expiresAt)).toEqual([9000, 9000, 5000]);
    expect(story.state.slidingExpiresAt).toBe(9000);
    expect(story.state.movements).toHaveLength(3);
    expectLedgerToAddUp(story.state);
  });

  it('note every step, to be written', () => {
    const story = slide(slide(new LedgerStory().granted(sliding(1)), 9000).at('2026-03-11T00:00:00Z'), 9500);
    expect(story.state.slides).toEqual([
      { expiresAt: 9000, cause: PURCHASE, occurredAt: NOON, recordedAt: NOON },
      {
        expiresAt: 9500,
        cause: PURCHASE,
        occurredAt: Date.parse('2026-03-11T00:00:00Z'),
        recordedAt: Date.parse('2026-03-11T00:00:00Z'),
      },
    ]);
  });

  it.each([8999, 9000])('never end earlier than they did: not at %i after 9000', (expiresAt) => {
    const before = slide(new LedgerStory().granted(sliding(1)), 9000).state;
    expect(slide(new LedgerStory(before), expiresAt).state).toBe(before);
  });

  it('end with the others when they come later', () => {
    const story = slide(new LedgerStory(), 9000).granted(sliding(1), grant(2, { expiresAt: 5000 }));
    expect([lotOf(story, 1).expiresAt, lotOf(story, 2).expiresAt]).toEqual([9000, 5000]);
    expectLedgerToAddUp(story.state);
  });

  it('stay with the others whatever terms they are given', () => {
    const story = slide(new LedgerStory().granted(grant(1, { slides: true, state: 'pending' })), 9000).apply(
      'points.activated',
      {
        cause: BY_ITSELF,
        lots: [{ ...part(1, 100, 'pending'), availableAt: 700, expiresAt: 1234 }],
      },
    );
    expect(lotOf(story)).toMatchObject({ expiresAt: 9000, firstExpiresAt: null, availableAt: 700 });
    expect(last(story)).toMatchObject({ setsExpiryAt: null });
  });
});

describe('an account that goes on from where it was read', () => {
  it('counts on from the balances, the number and the hash that it had', () => {
    const read = emptyLedger({
      available: 300,
      pending: 40,
      held: 50,
      debt: 0,
      lifetimeEarned: 900,
      lifetimeRedeemed: 600,
      movementSequence: 12,
      headHash: 'a'.repeat(64),
      complete: false,
    });
    const loaded = withOpenLots(read, [
      lot(1, { points: 300 }),
      lot(2, { available: 0, held: 50, points: 50 }),
    ]);
    const story = new LedgerStory(loaded)
      .redeemed('available', ...lotPoints([1, 10]))
      .released(...lotPoints([2, 5]));
    expect(story.state).toMatchObject({
      available: 295,
      pending: 40,
      held: 45,
      lifetimeEarned: 900,
      lifetimeRedeemed: 610,
      movementSequence: 14,
    });
    expect(story.state.movements.map(({ sequence }) => sequence)).toEqual([13, 14]);
    expect([...story.state.touched]).toEqual([lotId(1), lotId(2)]);
    expect([...story.state.opened]).toEqual([]);
    // Nothing but what the state consists of: points that left have no balance of their own.
    expect(Object.keys(story.state).sort()).toEqual(Object.keys(read).sort());
  });
});
