import { liabilityOf, sends } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { accepted, refused, Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import { numberedId } from '../../test/builders/ids.js';
import { standingSlice } from '../tiers/index.js';

const TERMS = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;

function shopWith(transfers: object | null = {}, policy: object = {}): Shop {
  const terms = transfers && { ...TERMS, ...transfers };
  return new Shop(
    new ConfigurationBuilder()
      .policy({ transfers: terms, ...policy })
      .accounting()
      .rule()
      .tiers(),
  );
}

/** Somebody who has earned so many points with one receipt. */
function earner(shop: Shop, points: number): Person {
  const member = shop.member();
  shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: points * 1000 }) }));
  return member;
}

describe('points sent to another member', () => {
  it('leave one account and arrive at the other, with their money and their end', () => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 100), shop.member()];
    const before = liabilityOf(shop, giver);
    const [lot] = [...shop.ledger(giver).lots.values()];
    const answer = shop.does(sends(shop, giver, receiver, 40, { externalId: 'gift-1' }));
    const [child] = [...shop.ledger(receiver).lots.values()];
    expect(answer).toEqual({
      id: expect.stringMatching(/^trf_/),
      points: 40,
      note: null,
      externalId: 'gift-1',
      from: {
        memberId: giver.memberId,
        lots: [{ lotId: lot?.lotId, points: 40 }],
        balance: expect.objectContaining({ available: 60, lifetimeEarned: 100, lifetimeRedeemed: 0 }),
      },
      to: {
        memberId: receiver.memberId,
        lots: [
          {
            lotId: child?.lotId,
            parentLotId: lot?.lotId,
            points: 40,
            expiresAt: '2027-03-10T23:00:00.000Z',
          },
        ],
        balance: expect.objectContaining({ available: 40, lifetimeEarned: 0 }),
      },
    });
    expect(child).toMatchObject({
      memberId: receiver.memberId,
      purchaseId: lot?.purchaseId,
      earnedAt: lot?.earnedAt,
      valuation: lot?.valuation,
      rootLotId: lot?.lotId,
    });
    expect(liabilityOf(shop, giver, receiver)).toBe(before);
    for (const member of [giver, receiver]) expectLedgerToAddUp(shop.ledger(member));
  });

  it('go in spending order: what ends first, first', () => {
    const shop = shopWith();
    const giver = shop.at('2026-02-01T12:00:00+01:00').member();
    shop.does(shop.purchase(giver));
    shop.at('2026-03-10T12:00:00+01:00').does(shop.purchase(giver));
    const [older, newer] = [...shop.ledger(giver).lots.keys()];
    const { from } = shop.does(sends(shop, giver, shop.member(), 13));
    expect(from.lots).toEqual([
      { lotId: older, points: 10 },
      { lotId: newer, points: 3 },
    ]);
  });

  it('count for nobody as earned: no tier, no measure, no lifetime', () => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 100), shop.member()];
    const measured = shop.ofMember(giver, standingSlice);
    shop.does(sends(shop, giver, receiver, 100));
    expect(shop.ofMember(giver, standingSlice)).toEqual(measured);
    expect(shop.ofMember(receiver, standingSlice)).toMatchObject({ days: new Map(), changes: [] });
  });

  it('fill the debt of the receiver first', () => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 100), shop.member()];
    const { id } = shop.does(shop.purchase(receiver));
    shop.does(shop.redeem(receiver, { points: 10 }));
    shop.does(shop.returns(id));
    expect(shop.ledger(receiver)).toMatchObject({ debt: 10, available: 0 });
    const { to } = shop.does(sends(shop, giver, receiver, 25));
    expect(to.balance).toMatchObject({ available: 15, debt: 0 });
    expectLedgerToAddUp(shop.ledger(receiver));
  });

  it('live anew where the programme says so, as the receiver’s would', () => {
    const shop = shopWith({ expiry: 'reset' });
    const giver = shop.at('2026-02-01T12:00:00+01:00').member();
    shop.does(shop.purchase(giver));
    shop.at('2026-05-10T12:00:00+02:00');
    const { to } = shop.does(sends(shop, giver, shop.member(), 10));
    expect(to.lots[0].expiresAt).toBe('2027-05-10T22:00:00.000Z');
  });

  it('live as long as the tier of the receiver gives them', () => {
    const shop = shopWith({ expiry: 'reset' }, { tierExpiry: { platinum: { type: 'never' } } });
    const [giver, receiver] = [earner(shop, 10), earner(shop, 1000)];
    const { to } = shop.does(sends(shop, giver, receiver, 10));
    expect(to.lots[0].expiresAt).toBeNull();
  });

  describe('of an account whose points slide', () => {
    const sliding = { expiry: { type: 'sliding', months: 6 } };

    it('end when they would have: activity of the receiver does not move them', () => {
      const shop = shopWith({}, sliding);
      const [giver, receiver] = [earner(shop, 10), shop.member()];
      const { to } = shop.does(sends(shop, giver, receiver, 10));
      expect(to.lots[0].expiresAt).toBe('2026-09-10T22:00:00.000Z');
      shop.at('2026-04-10T12:00:00+02:00').does(shop.purchase(receiver));
      expect(shop.ledger(receiver).fixedExpiring).toEqual([
        { expiresAt: Date.parse('2026-09-10T22:00:00Z'), points: 10 },
      ]);
      expectLedgerToAddUp(shop.ledger(receiver));
    });

    it('slide with the receiver’s where they live anew', () => {
      const shop = shopWith({ expiry: 'reset' }, sliding);
      const giver = earner(shop, 10);
      const receiver = shop.at('2026-05-10T12:00:00+02:00').member();
      const { to } = shop.does(sends(shop, giver, receiver, 10));
      expect(to.lots[0].expiresAt).toBe('2026-11-10T23:00:00.000Z');
      expect(shop.ledger(receiver)).toMatchObject({ slidingAvailable: 10 });
      expectLedgerToAddUp(shop.ledger(receiver));
    });
  });

  it('are announced on both accounts', () => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 10), shop.member()];
    const { id } = shop.does(sends(shop, giver, receiver, 10));
    const told = (member: Person) =>
      shop
        .events(member)
        .map(({ type }) => type)
        .slice(-2);
    expect(told(giver)).toEqual(['points.sent', 'transfer.completed']);
    expect(told(receiver)).toEqual(['points.received', 'transfer.completed']);
    expect(shop.events(receiver).at(-1)?.data).toMatchObject({
      transfer: { id, kind: 'member', points: 10 },
    });
  });

  it('are sent once under one external id', () => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 100), shop.member()];
    const gift = () => sends(shop, giver, receiver, 30, { externalId: 'gift-1' });
    const [first, again] = shop.batch(gift(), gift());
    expect(again).toMatchObject({ kind: 'answered', replayed: true });
    expect(accepted(again)).toEqual(accepted(first));
    expect(shop.ledger(receiver).available).toBe(30);
  });

  it.each([
    [
      'points',
      (shop: Shop, giver: Person, receiver: Person) => sends(shop, giver, receiver, 31, { externalId: 'g' }),
    ],
    ['receiver', (shop: Shop, giver: Person) => sends(shop, giver, shop.member(), 30, { externalId: 'g' })],
  ])('conflict under the same external id with another %s', (_, other) => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 100), shop.member()];
    shop.does(sends(shop, giver, receiver, 30, { externalId: 'g' }));
    expect(shop.refuses(other(shop, giver, receiver)).code).toBe('TRANSFER_CONFLICT');
  });

  it('stay where they are in a dry run', () => {
    const shop = shopWith();
    const [giver, receiver] = [earner(shop, 100), shop.member()];
    const before = [shop.snapshot(giver), shop.snapshot(receiver)];
    expect(shop.does(sends(shop, giver, receiver, 30, { dryRun: true })).to.balance.available).toBe(30);
    expect([shop.snapshot(giver), shop.snapshot(receiver)]).toEqual(before);
  });

  it('twenty times at once from a balance of one: one succeeds, and the sum is conserved', () => {
    const shop = shopWith();
    const giver = earner(shop, 100);
    const receivers = Array.from({ length: 20 }, () => shop.member());
    const outcomes = shop.batch(...receivers.map((receiver) => sends(shop, giver, receiver, 100)));
    expect(outcomes.filter(({ kind }) => kind === 'answered')).toHaveLength(1);
    expect(outcomes.slice(1).map((outcome) => refused(outcome).code)).toEqual(
      Array(19).fill('INSUFFICIENT_POINTS'),
    );
    const sum = receivers.reduce((total, member) => total + shop.ledger(member).available, 0);
    expect([shop.ledger(giver).available, sum]).toEqual([0, 100]);
  });
});

describe('sending points is refused', () => {
  const giver = (shop: Shop) => earner(shop, 100);
  const statusOf = (problem: { code: string; status: number }) => `${problem.status} ${problem.code}`;

  it('where the programme does not let members do it', () => {
    const shop = shopWith(null);
    expect(statusOf(shop.refuses(sends(shop, giver(shop), shop.member(), 10)))).toBe(
      '409 TRANSFERS_DISABLED',
    );
  });

  it.each([
    [4, '422 TRANSFER_TOO_SMALL'],
    [51, '422 TRANSFER_TOO_LARGE'],
  ])('outside the bounds of a transfer: %i', (points, expected) => {
    const shop = shopWith({ minimumPoints: 5, maximumPoints: 50 });
    const problem = shop.refuses(sends(shop, giver(shop), shop.member(), points));
    expect(statusOf(problem)).toBe(expected);
    expect(problem).toMatchObject({
      errors: [{ pointer: '/points' }],
      meta: { minimumPoints: 5, maximumPoints: 50 },
    });
  });

  it.each([5, 50])('and not at them: %i', (points) => {
    const shop = shopWith({ minimumPoints: 5, maximumPoints: 50 });
    expect(shop.does(sends(shop, giver(shop), shop.member(), points)).points).toBe(points);
  });

  it('with the figures where there are too few', () => {
    const shop = shopWith();
    expect(shop.refuses(sends(shop, giver(shop), shop.member(), 101))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      meta: { required: 101, available: 100, missing: 1 },
    });
  });

  it('to oneself', () => {
    const shop = shopWith();
    const member = giver(shop);
    expect(statusOf(shop.refuses(sends(shop, member, member, 10)))).toBe('422 SAME_ACCOUNT');
  });

  it('from and to members who are not active', () => {
    const shop = shopWith();
    expect(shop.refuses(sends(shop, shop.member('suspended'), shop.member(), 10)).code).toBe(
      'MEMBER_SUSPENDED',
    );
    expect(shop.refuses(sends(shop, giver(shop), shop.member('closed'), 10))).toMatchObject({
      code: 'MEMBER_CLOSED',
      errors: [{ pointer: '/to' }],
    });
  });

  it('from and to nobody', () => {
    const shop = shopWith();
    const command = sends(shop, giver(shop), shop.member(), 10);
    expect(shop.refuses(shop.unknown(command))).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
      errors: [{ pointer: '/from' }],
    });
    const counterparty = { kind: 'member', id: numberedId('mbr', 9999) } as const;
    expect(shop.refuses({ ...command, counterparty })).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
      errors: [{ pointer: '/to' }],
    });
  });
});
