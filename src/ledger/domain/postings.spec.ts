import { numberedId } from '../../../test/builders/ids.js';
import { grant, lot, lotId, lotPoints } from '../../../test/builders/ledger.js';
import type { Cause, DomainEvent, DomainEventMap, LotOrigin } from '../../kernel/domain-events.js';
import { eventCodeFits } from './event-code-buckets.js';
import type { Lot, LotBucket } from './lot.js';
import { postingsOf, type Posting } from './postings.js';

const PURCHASE: Cause = { type: 'purchase', id: numberedId('pur', 1) };
const ADJUSTMENT: Cause = { type: 'adjustment', id: 'adj_1' };
const BY_ITSELF: Cause = { type: 'activation', id: 'due' };
const redemptionId = numberedId('rdm', 1);
const REDEMPTION: Cause = { type: 'redemption', id: redemptionId };

/** The postings of an event, for an account with these lots. */
function postings<T extends keyof DomainEventMap>(
  type: T,
  data: DomainEventMap[T],
  ...lots: readonly Lot[]
): readonly Posting[] {
  const event = { type, data } as unknown as DomainEvent;
  const made = postingsOf(event, (id) => lots.find((item) => item.lotId === id) as Lot);
  // Whatever is posted, the check of the books accepts.
  expect(made.filter(({ eventCode, from, to }) => !eventCodeFits(eventCode, from, to))).toEqual([]);
  return made;
}

/** Points of a lot in one of its buckets. */
function part<F extends LotBucket>(number: number, points: number, from: F) {
  return { lotId: lotId(number), points, from };
}

/** "100 issued>available E01" of each. */
function steps(of: readonly Posting[]): readonly string[] {
  return of.map(({ points, from, to, eventCode }) => `${points} ${from}>${to} ${eventCode ?? 'unposted'}`);
}

describe('points that are granted', () => {
  const granted = (origin: LotOrigin, state: 'available' | 'pending' | 'undelivered') =>
    postings('lots.granted', {
      cause: PURCHASE,
      purchaseId: null,
      lots: [grant(1, { origin, state })],
    });

  it.each<[LotOrigin, string]>([
    ['purchase', 'E01'],
    ['non_purchase', 'E02'],
    ['goodwill', 'E02'],
    ['sale_compensation', 'E03'],
  ])('of origin %s are owed under %s, usable or not', (origin, code) => {
    expect(steps(granted(origin, 'available'))).toEqual([`100 issued>available ${code}`]);
    expect(steps(granted(origin, 'pending'))).toEqual([`100 issued>pending ${code}`]);
  });

  it('are not owed before the goods are handed over', () => {
    expect(steps(granted('purchase', 'undelivered'))).toEqual(['100 issued>undelivered unposted']);
  });

  it('name their lot and what they were given for, and keep its terms', () => {
    expect(granted('purchase', 'available')).toMatchObject([
      { lotId: lotId(1), cause: PURCHASE, terms: null },
    ]);
  });
});

describe('waiting points', () => {
  const later = { availableAt: 1000, expiresAt: 9000 };
  const undelivered = { ...part(1, 40, 'undelivered'), ...later };
  const pending = { ...part(2, 60, 'pending'), ...later };

  it('begin to be owed when the goods are handed over, under the code of their origin', () => {
    const lots = [lot(1, { origin: 'goodwill' }), lot(2)];
    expect(
      steps(postings('points.delivered', { cause: PURCHASE, lots: [undelivered, pending] }, ...lots)),
    ).toEqual(['40 undelivered>pending E02', '60 pending>pending unposted']);
  });

  it('become usable, and owed if they were not', () => {
    expect(
      steps(postings('points.activated', { cause: PURCHASE, lots: [undelivered, pending] }, lot(1), lot(2))),
    ).toEqual(['40 undelivered>available E01', '60 pending>available unposted']);
  });

  it('get the terms that hold from then on', () => {
    const activated = { cause: ADJUSTMENT, lots: [pending] };
    expect(postings('points.activated', activated, lot(2))).toMatchObject([
      { lotId: lotId(2), cause: ADJUSTMENT, terms: later },
    ]);
  });

  it('are each their own cause when their day comes', () => {
    const causes = postings('points.activated', { cause: BY_ITSELF, lots: [undelivered, pending] }, lot(1));
    expect(causes.map(({ cause }) => cause)).toEqual([
      { type: 'activation', id: lotId(1) },
      { type: 'activation', id: lotId(2) },
    ]);
  });

  it('lapse, which releases money only where they were owed', () => {
    const lapsed = postings('points.cancelled', { cause: BY_ITSELF, lots: [undelivered, pending] });
    expect(steps(lapsed)).toEqual(['40 undelivered>cancelled unposted', '60 pending>cancelled E15']);
    expect(lapsed.map(({ cause }) => cause.id)).toEqual([lotId(1), lotId(2)]);
  });

  it('are forfeited with the membership of their member', () => {
    const cause = { type: 'closing', id: numberedId('mbr', 1) } as const;
    const closed = postings('points.cancelled', { cause, lots: [undelivered, pending] });
    expect(steps(closed)).toEqual(['40 undelivered>cancelled unposted', '60 pending>cancelled E15']);
    expect(closed).toMatchObject([{ cause }, { cause }]);
  });

  it('go back with their sale where it was called off', () => {
    const cause = { type: 'purchase', id: numberedId('pur', 1) } as const;
    const off = postings('points.cancelled', { cause, lots: [undelivered, pending] });
    expect(steps(off)).toEqual(['40 undelivered>cancelled unposted', '60 pending>cancelled E17']);
  });
});

describe('points that are taken back', () => {
  it('release money where they are still owed by us', () => {
    const lots = [
      part(1, 5, 'available'),
      part(1, 5, 'pending'),
      part(1, 5, 'settled'),
      part(1, 5, 'undelivered'),
    ];
    expect(steps(postings('points.returned', { cause: PURCHASE, lots }))).toEqual([
      '5 available>returned E17',
      '5 pending>returned E17',
      '5 settled>returned unposted',
      '5 undelivered>returned unposted',
    ]);
  });

  it('are forfeited as expired ones are', () => {
    const forfeited = postings('points.forfeited', { cause: ADJUSTMENT, lots: lotPoints([1, 5]) });
    expect(steps(forfeited)).toEqual(['5 available>cancelled E15']);
    expect(forfeited).toMatchObject([{ cause: ADJUSTMENT }]);
  });

  it('fill a debt', () => {
    const settled = postings('debt.settled', { cause: PURCHASE, lots: lotPoints([1, 5]) });
    expect(steps(settled)).toEqual(['5 available>settled E17']);
    expect(settled).toMatchObject([{ cause: PURCHASE }]);
  });
});

describe('a debt', () => {
  it('has no lot and no money', () => {
    expect(postings('debt.incurred', { cause: PURCHASE, points: 7 })).toEqual([
      { lotId: null, from: 'none', to: 'debt', points: 7, eventCode: null, cause: PURCHASE, terms: null },
    ]);
  });

  it('leaves for another account', () => {
    expect(postings('debt.moved', { cause: PURCHASE, points: 7 })).toEqual([
      { lotId: null, from: 'debt', to: 'none', points: 7, eventCode: null, cause: PURCHASE, terms: null },
    ]);
  });
});

describe('points that change accounts', () => {
  const cause: Cause = { type: 'transfer', id: 'trf_1' };

  it('leave with their money, if they carried any', () => {
    const lots = [part(1, 5, 'available'), part(2, 6, 'pending'), part(3, 7, 'undelivered')];
    const sent = postings('points.sent', { cause, lots });
    expect(steps(sent)).toEqual([
      '5 available>moved E19',
      '6 pending>moved E19',
      '7 undelivered>moved unposted',
    ]);
    expect(sent[0]).toMatchObject({ cause, terms: null });
  });

  it('arrive likewise', () => {
    const received = (number: number, state: 'available' | 'pending' | 'undelivered') => ({
      ...grant(number, { state }),
      memberId: numberedId('mbr', 2),
      buyer: null,
      purchaseId: null,
      earnedAt: 0,
      parentLotId: lotId(9),
      rootLotId: lotId(8),
      movedAt: 0,
      movedOn: null,
    });
    const lots = [received(1, 'available'), received(2, 'pending'), received(3, 'undelivered')];
    const arrived = postings('lots.received', { cause, lots });
    expect(steps(arrived)).toEqual([
      '100 issued>available E19',
      '100 issued>pending E19',
      '100 issued>undelivered unposted',
    ]);
    expect(arrived[0]).toMatchObject({ cause, terms: null });
  });
});

describe('an extension', () => {
  const extended = (counters: Partial<Lot>) =>
    postings(
      'lots.extended',
      { cause: ADJUSTMENT, lots: [{ lotId: lotId(1), expiresAt: 9000 }] },
      lot(1, counters),
    );

  it.each<[string, Partial<Lot>]>([
    ['70 available>available unposted', { available: 70, pending: 20, held: 10 }],
    ['20 pending>pending unposted', { available: 0, pending: 20, held: 10 }],
    ['10 held>held unposted', { available: 0, pending: 0, held: 10 }],
  ])('is one movement that leaves the points where they are: %s', (step, counters) => {
    expect(steps(extended(counters))).toEqual([step]);
    expect(extended(counters)).toMatchObject([
      { lotId: lotId(1), cause: ADJUSTMENT, terms: { expiresAt: 9000 } },
    ]);
  });
});

describe('a redemption', () => {
  const lots = lotPoints([1, 30], [2, 5]);

  it('sets points aside and gives them back', () => {
    const held = postings('points.held', { redemptionId, lots });
    const released = postings('points.released', { redemptionId, lots });
    expect(steps(held)).toEqual(['30 available>held unposted', '5 available>held unposted']);
    expect(steps(released)).toEqual(['30 held>available unposted', '5 held>available unposted']);
    expect([...held, ...released].map(({ cause }) => cause)).toEqual(Array(4).fill(REDEMPTION));
  });

  it.each(['available', 'held'] as const)('uses points up from %s', (from) => {
    const redeemed = postings('points.redeemed', { redemptionId, from, lots });
    expect(steps(redeemed)).toEqual([`30 ${from}>redeemed E06`, `5 ${from}>redeemed E06`]);
    expect(redeemed.map(({ cause }) => cause)).toEqual([REDEMPTION, REDEMPTION]);
  });

  it('brings points back to their lots, with another expiry where the lot gets one', () => {
    const restored = postings('points.restored', {
      redemptionId,
      cause: PURCHASE,
      lots: [...lotPoints([1, 30]), ...lotPoints([2, 5]).map((item) => ({ ...item, expiresAt: 9000 }))],
    });
    expect(steps(restored)).toEqual(['30 redeemed>available E12', '5 redeemed>available E12']);
    expect(restored).toMatchObject([
      { cause: PURCHASE, terms: null },
      { cause: PURCHASE, terms: { expiresAt: 9000 } },
    ]);
  });
});

describe('points past their last instant', () => {
  it('expire, each lot by itself', () => {
    const expired = postings('points.expired', { lots: lotPoints([1, 30], [2, 5]) });
    expect(steps(expired)).toEqual(['30 available>expired E15', '5 available>expired E15']);
    expect(expired.map(({ cause }) => cause)).toEqual([
      { type: 'expiry', id: lotId(1) },
      { type: 'expiry', id: lotId(2) },
    ]);
  });
});

describe('events that move no points', () => {
  it('stand for no movement', () => {
    const cause = { type: 'purchase', id: numberedId('pur', 1) } as const;
    const change = { from: null, to: 'gold', since: 0, tierSet: { id: 'main', version: 1 }, cause };
    expect(postings('tier.changed', change)).toEqual([]);
    expect(postings('expiry.slid', { cause, expiresAt: 9000 })).toEqual([]);
  });
});
