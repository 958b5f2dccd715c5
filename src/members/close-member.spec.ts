import { closes, joins, leaves, liabilityOf, merges, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { AccountId, LotId } from '../kernel/ids.js';
import { MAX_LOTS_MOVED, type Lot } from '../ledger/index.js';
import { standingSlice } from '../tiers/index.js';
import { memberSlice, membershipSlice } from './index.js';

const NEVER = { expiry: { type: 'never' } } as const;
const AWAITING = { type: 'event', event: 'delivered', thenDays: 7, cancelAfterDays: 60 } as const;

function shopWith(policy: object = {}, rule: object = {}): Shop {
  return new Shop(
    new ConfigurationBuilder()
      .policy({ ...NEVER, ...policy })
      .accounting({ valuePerPoint: '1' })
      .rule(rule)
      .tiers(),
  );
}

function earner(shop: Shop, points: number): Person {
  const member = shop.member();
  shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: points * 1000 }) }));
  return member;
}

/** "100 available>cancelled E15" of everything that moved because a membership is closed. */
function forfeitures(shop: Shop, member: Person): readonly string[] {
  return shop
    .ledger(member)
    .movements.filter(({ causeType }) => causeType === 'closing')
    .map(({ points, from, to, eventCode }) => `${points} ${from}>${to} ${eventCode ?? 'unposted'}`);
}

/** A household of members who have earned 100 and 40 points. */
function family(shop: Shop) {
  const [head, adult] = [earner(shop, 100), earner(shop, 40)];
  const { id, accountId } = shop.does(opensHousehold(shop, head));
  shop.does(joins(shop, adult, id));
  const wallet: Person = { accountId: accountId as AccountId, memberId: head.memberId };
  return { head, adult, id: id as string, wallet };
}

describe('a membership that is closed', () => {
  it('forfeits its points, dated by the closing, and nothing is owed any more', () => {
    const shop = shopWith();
    const member = earner(shop, 100);
    shop.at('2026-04-02T09:00:00+02:00');
    const answer = shop.does(closes(shop, member));
    expect(answer).toEqual({ memberId: member.memberId, pointsForfeited: 100, forfeitsAt: null });
    expect(forfeitures(shop, member)).toEqual(['100 available>cancelled E15']);
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({
      causeId: member.memberId,
      postingDate: '2026-04-02',
      liability: -82_568_807n,
    });
    expect([shop.ledger(member).available, liabilityOf(shop, member)]).toEqual([0, 0n]);
    expect(shop.ofMember(member, memberSlice)).toMatchObject({
      status: 'closed',
      statusChanges: [['closed', shop.clock]],
    });
    const told = shop.events(member).map(({ type, data }) => [type, data['status'] ?? data['points']]);
    expect(told.slice(-2)).toEqual([
      ['member.closed', 'closed'],
      ['points.forfeited', 100],
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('stays closed: closing it again forfeits nothing and tells nothing', () => {
    const shop = shopWith();
    const member = earner(shop, 100);
    shop.does(closes(shop, member));
    const before = shop.events(member).length;
    shop.pass(1000);
    expect(shop.does(closes(shop, member))).toMatchObject({ pointsForfeited: 0 });
    expect(shop.events(member)).toHaveLength(before);
    expect(shop.ofMember(member, memberSlice).statusChanges).toHaveLength(1);
  });

  it('forfeits what is left of one that was closed before closing did so', () => {
    const shop = shopWith();
    const member = earner(shop, 100);
    shop.become(member, 'closed');
    expect(shop.does(closes(shop, member))).toMatchObject({ pointsForfeited: 100 });
    expect(shop.events(member).map(({ type }) => type)).not.toContain('member.closed');
  });

  it('forfeits what waits, and cancels what is not owed yet: it counts for nothing any more', () => {
    const shop = shopWith({}, { pending: { type: 'days', days: 10 } });
    const waiting = earner(shop, 100);
    shop.does(closes(shop, waiting));
    expect(forfeitures(shop, waiting)).toEqual(['100 pending>cancelled E15']);
    expect(liabilityOf(shop, waiting)).toBe(0n);
    const later = shopWith({}, { pending: AWAITING });
    const undelivered = earner(later, 100);
    expect(later.does(closes(later, undelivered))).toMatchObject({ pointsForfeited: 100 });
    expect(forfeitures(later, undelivered)).toEqual(['100 undelivered>cancelled unposted']);
    const [day] = [...later.ofMember(undelivered, standingSlice).days.values()];
    expect(day).toMatchObject({ points: 0 });
    for (const [each, member] of [
      [shop, waiting],
      [later, undelivered],
    ] as const)
      expectLedgerToAddUp(each.ledger(member));
  });

  it('leaves a hold alone, and forfeits what comes out of it when it is voided', () => {
    const shop = shopWith();
    const member = earner(shop, 100);
    const hold = shop.does(shop.redeem(member, { points: 30, mode: 'authorise' }));
    expect(shop.does(closes(shop, member))).toMatchObject({ pointsForfeited: 70 });
    expect(shop.ledger(member)).toMatchObject({ available: 0, held: 30 });
    expect(shop.does(shop.void(hold['id']))).toMatchObject({ balance: { available: 0, held: 0 } });
    expect(forfeitures(shop, member)).toEqual(['70 available>cancelled E15', '30 available>cancelled E15']);
    expect(liabilityOf(shop, member)).toBe(0n);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('forfeits what a capture leaves of a hold, and what is used stays used until it is reversed', () => {
    const shop = shopWith();
    const member = earner(shop, 100);
    const hold = shop.does(shop.redeem(member, { points: 30, mode: 'authorise' }));
    shop.does(closes(shop, member));
    shop.does(shop.capture(hold['id'], 20));
    expect(shop.ledger(member)).toMatchObject({ available: 0, held: 0, lifetimeRedeemed: 20 });
    shop.does(shop.reverse(hold['id']));
    expect(forfeitures(shop, member).slice(1)).toEqual([
      '10 available>cancelled E15',
      '20 available>cancelled E15',
    ]);
    expect(liabilityOf(shop, member)).toBe(0n);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('forfeits what a hold that lapses gives back, at the instant at which it lapsed', () => {
    const shop = shopWith();
    const member = earner(shop, 100);
    shop.does(shop.redeem(member, { points: 30, mode: 'authorise', holdSeconds: 900 }));
    const lapses = shop.clock + 900_000;
    shop.does(closes(shop, member));
    shop.pass(86_400_000).does(shop.applyDue(member));
    expect(shop.ledger(member)).toMatchObject({ available: 0, held: 0 });
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({ causeType: 'closing', occurredAt: lapses });
    expect(liabilityOf(shop, member)).toBe(0n);
  });

  it('is refused, as a merge is, where one command would move too many lots', () => {
    const shop = shopWith();
    const [member, survivor] = [earner(shop, 100), shop.member()];
    const lots = shop.ledger(member).lots as Map<LotId, Lot>;
    const [first] = [...lots.values()] as [Lot];
    while (lots.size <= MAX_LOTS_MOVED) {
      const lotId: LotId = `lot_${lots.size}`;
      lots.set(lotId, { ...first, lotId });
    }
    const meta = { lots: MAX_LOTS_MOVED + 1, most: MAX_LOTS_MOVED };
    expect(shop.refuses(closes(shop, member))).toMatchObject({ code: 'TOO_MANY_LOTS', meta });
    expect(shop.refuses(merges(shop, survivor, member))).toMatchObject({ code: 'TOO_MANY_LOTS', meta });
  });

  it('keeps its debt', () => {
    const shop = shopWith();
    const member = shop.member();
    const bought = shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 100_000 }) }));
    shop.does(shop.redeem(member, { points: 100 }));
    shop.does(shop.returns(bought['purchaseId'] ?? bought['id']));
    expect(shop.ledger(member).debt).toBe(100);
    expect(shop.does(closes(shop, member))).toMatchObject({ pointsForfeited: 0 });
    expect(shop.ledger(member).debt).toBe(100);
  });

  it('is not the one that carries on a duplicate', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    shop.does(merges(shop, survivor, duplicate));
    expect(shop.refuses(closes(shop, duplicate))).toMatchObject({
      code: 'MEMBER_MERGED',
      meta: { mergedInto: survivor.memberId },
    });
    expect(shop.ledger(survivor).available).toBe(140);
  });
});

describe('the points of a household', () => {
  it('stay while one of its memberships is open, and are forfeited with the last', () => {
    const shop = shopWith();
    const { head, adult, wallet } = family(shop);
    expect(shop.does(closes(shop, head))).toMatchObject({ pointsForfeited: 0 });
    expect(shop.ledger(wallet).available).toBe(140);
    expect(shop.ofAccount(wallet, membershipSlice).openMembers).toEqual([adult.memberId]);
    expect(shop.does(closes(shop, adult))).toMatchObject({ pointsForfeited: 140 });
    expect(liabilityOf(shop, wallet)).toBe(0n);
    expectLedgerToAddUp(shop.ledger(wallet));
  });

  it('are forfeited with the last also where both are closed in one batch', () => {
    const shop = shopWith();
    const { head, adult, wallet } = family(shop);
    shop.batch(closes(shop, head), closes(shop, adult));
    expect(shop.ledger(wallet).available).toBe(0);
  });

  it('are forfeited as far as they go home with a member who is closed', () => {
    const shop = shopWith();
    const { adult, id, wallet } = family(shop);
    shop.does(closes(shop, adult));
    shop.does(leaves(shop, adult, id));
    expect([shop.ledger(wallet).available, shop.ledger(adult).available]).toEqual([100, 0]);
    expect(forfeitures(shop, adult)).toEqual(['40 available>cancelled E15']);
  });

  it('are forfeited when the last open member leaves those behind who are closed', () => {
    const shop = shopWith();
    const { head, adult, id, wallet } = family(shop);
    shop.does(closes(shop, head));
    shop.does(leaves(shop, adult, id));
    expect([shop.ledger(wallet).available, shop.ledger(adult).available]).toEqual([0, 40]);
    expect(forfeitures(shop, wallet)).toEqual(['100 available>cancelled E15']);
  });
});
