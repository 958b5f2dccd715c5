import { closes, joins, leaves, liabilityOf, merges, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { AccountId } from '../kernel/ids.js';
import { standingSlice } from '../tiers/index.js';
import { membershipSlice } from './index.js';

const CLOSING = '2026-04-02T09:00:00+02:00';
/** The midnight after the thirtieth day. */
const FORFEITED = '2026-05-03T00:00:00+02:00';
const LATER = '2026-05-20T09:00:00+02:00';

function open(policy: object = {}): { readonly shop: Shop; readonly member: Person } {
  const shop = new Shop(
    new ConfigurationBuilder()
      .policy({ expiry: { type: 'never' }, closing: { graceDays: 30 }, ...policy })
      .accounting({ valuePerPoint: '1' })
      .rule({})
      .tiers(),
  );
  return { shop, member: earner(shop, 100) };
}

function earner(shop: Shop, points: number): Person {
  const member = shop.member();
  shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: points * 1000 }) }));
  return member;
}

/** "100 available>cancelled E15 2026-05-03" of everything that moved because a membership is closed. */
function forfeitures(shop: Shop, member: Person): readonly string[] {
  return shop
    .ledger(member)
    .movements.filter(({ causeType }) => causeType === 'closing')
    .map(
      ({ points, from, to, eventCode, postingDate }) => `${points} ${from}>${to} ${eventCode} ${postingDate}`,
    );
}

const told = (shop: Shop, member: Person) =>
  shop
    .events(member)
    .filter(({ type }) => type.startsWith('closing.') || type.startsWith('points.forfeited'))
    .map(({ type, data }) => [type, data['forfeitsAt'] ?? data['points'] ?? null]);

describe('a membership that is closed with days of grace', () => {
  it('keeps its points, unusable, and forfeits them after the last day, dated by that', () => {
    const { shop, member } = open();
    shop.at(CLOSING);
    expect(shop.does(closes(shop, member))).toEqual({
      ...{ memberId: member.memberId, pointsForfeited: 0 },
      forfeitsAt: new Date(FORFEITED).toISOString(),
    });
    expect(shop.ledger(member).available).toBe(100);
    expect(shop.refuses(shop.redeem(member, { points: 10 })).code).toBe('MEMBER_CLOSED');
    shop.at('2026-05-02T23:59:59+02:00').does(shop.applyDue(member));
    expect(shop.ledger(member).available).toBe(100);
    shop.at(LATER).does(shop.applyDue(member));
    expect(forfeitures(shop, member)).toEqual(['100 available>cancelled E15 2026-05-03']);
    expect(shop.ledger(member).movements.at(-1)?.occurredAt).toBe(Date.parse(FORFEITED));
    expect([shop.ledger(member).available, liabilityOf(shop, member)]).toEqual([0, 0n]);
    expect(told(shop, member)).toEqual([
      ['closing.graceBegan', new Date(FORFEITED).toISOString()],
      ['closing.graceEnded', null],
      ['points.forfeited', 100],
    ]);
    expect(shop.ofAccount(member, membershipSlice).forfeitsAt).toBeNull();
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('begins no second grace, and forfeits nothing early, when it is closed again', () => {
    const { shop, member } = open();
    shop.at(CLOSING).does(closes(shop, member));
    shop.pass(86_400_000);
    expect(shop.does(closes(shop, member))).toMatchObject({
      ...{ pointsForfeited: 0, forfeitsAt: new Date(FORFEITED).toISOString() },
    });
    shop.at(LATER);
    expect(shop.does(closes(shop, member))).toMatchObject({ pointsForfeited: 0, forfeitsAt: null });
    expect(forfeitures(shop, member)).toHaveLength(1);
  });

  it('keeps what comes back within the grace until its end, and nothing after', () => {
    const { shop, member } = open();
    const [early, late] = [30, 20].map((points) => shop.does(shop.redeem(member, { points })));
    shop.at(CLOSING).does(closes(shop, member));
    shop.pass(86_400_000).does(shop.reverse(early?.['id']));
    expect(shop.ledger(member).available).toBe(80);
    shop.at(LATER).does(shop.reverse(late?.['id']));
    expect(forfeitures(shop, member)).toEqual([
      '80 available>cancelled E15 2026-05-03',
      '20 available>cancelled E15 2026-05-20',
    ]);
    expectLedgerToAddUp(shop.ledger(member));
  });

  it('forfeits what still waits then: it counts for nothing any more', () => {
    const { shop, member } = open({ pending: { type: 'days', days: 90 } });
    shop.at(CLOSING).does(closes(shop, member));
    shop.at(LATER).does(shop.applyDue(member));
    expect(forfeitures(shop, member)).toEqual(['100 pending>cancelled E15 2026-05-03']);
    const [day] = [...shop.ofMember(member, standingSlice).days.values()];
    expect(day).toMatchObject({ points: 0 });
    expect(liabilityOf(shop, member)).toBe(0n);
  });

  it('keeps until its end what comes of age within the grace, however late that is applied', () => {
    const { shop, member } = open({ pending: { type: 'days', days: 40 } });
    shop.at(CLOSING).does(closes(shop, member));
    shop.at(LATER).does(shop.applyDue(member));
    expect(shop.ledger(member).movements.map(({ from, to, postingDate }) => [from, to, postingDate])).toEqual(
      [
        ['issued', 'pending', '2026-03-10'],
        ['pending', 'available', '2026-04-20'],
        ['available', 'cancelled', '2026-05-03'],
      ],
    );
  });

  it('expires first what is over by the same midnight', () => {
    const { shop, member } = open({ expiry: { type: 'fixedDate', date: '05-02' } });
    shop.at(CLOSING).does(closes(shop, member));
    shop.at(LATER).does(shop.applyDue(member));
    expect(forfeitures(shop, member)).toEqual([]);
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({ to: 'expired', postingDate: '2026-05-02' });
  });

  it('has its points carried on by the member that it turns out to be', () => {
    const { shop, member } = open();
    const survivor = earner(shop, 40);
    shop.at(CLOSING).does(closes(shop, member));
    shop.does(merges(shop, survivor, member));
    shop.at(LATER).batch(shop.applyDue(member), shop.applyDue(survivor));
    expect([shop.ledger(survivor).available, shop.ledger(member).available]).toEqual([140, 0]);
    expect([...forfeitures(shop, member), ...forfeitures(shop, survivor)]).toEqual([]);
  });

  it('has the grace of its closing by the policy of then', () => {
    const { shop, member } = open({ closing: { graceDays: 0 } });
    shop.at(CLOSING);
    expect(shop.does(closes(shop, member))).toMatchObject({ pointsForfeited: 100, forfeitsAt: null });
  });
});

describe('the points of a household with days of grace', () => {
  function family() {
    const { shop, member: head } = open();
    const adult = earner(shop, 40);
    const { id, accountId } = shop.does(opensHousehold(shop, head));
    shop.does(joins(shop, adult, id));
    const wallet: Person = { accountId: accountId as AccountId, memberId: head.memberId };
    return { shop, head, adult, id: id as string, wallet };
  }

  it('are kept from the last closing on', () => {
    const { shop, head, adult, wallet } = family();
    shop.at('2026-03-20T09:00:00+01:00').does(closes(shop, head));
    expect(shop.ofAccount(wallet, membershipSlice).forfeitsAt).toBeNull();
    shop.at(CLOSING).does(closes(shop, adult));
    shop.at(LATER).does(shop.applyDue(wallet));
    expect(forfeitures(shop, wallet).map((line) => line.slice(-10))).toEqual(['2026-05-03', '2026-05-03']);
    expect(liabilityOf(shop, wallet)).toBe(0n);
  });

  it('are no longer forfeited once somebody with an open membership has joined', () => {
    const { shop, head, adult, id, wallet } = family();
    shop.at(CLOSING).batch(closes(shop, head), closes(shop, adult));
    const friend = earner(shop, 7);
    shop.does(joins(shop, friend, id));
    shop.at(LATER).does(shop.applyDue(wallet));
    expect(shop.ledger(wallet).available).toBe(147);
    expect(forfeitures(shop, wallet)).toEqual([]);
  });

  it('of closed memberships take in those of an open one that joins, and forfeit none of them', () => {
    const { shop, member: head } = open({ closing: { graceDays: 0 } });
    const { id, accountId } = shop.does(opensHousehold(shop, head));
    shop.does(closes(shop, head));
    const friend = earner(shop, 7);
    shop.does(joins(shop, friend, id));
    const wallet: Person = { accountId: accountId as AccountId, memberId: head.memberId };
    expect(shop.ledger(wallet).available).toBe(7);
  });

  it('have a grace of their own from the last closing on, after an open membership was among them', () => {
    const { shop, head, adult, id, wallet } = family();
    shop.at('2026-03-20T09:00:00+01:00').batch(closes(shop, head), closes(shop, adult));
    const friend = earner(shop, 7);
    shop.does(joins(shop, friend, id));
    shop.at(CLOSING).does(closes(shop, friend));
    shop.at('2026-05-02T23:59:59+02:00').does(shop.applyDue(wallet));
    expect(shop.ledger(wallet).available).toBe(147);
    shop.at(LATER).does(shop.applyDue(wallet));
    expect(forfeitures(shop, wallet).map((line) => line.slice(-10))).toEqual(Array(3).fill('2026-05-03'));
  });

  it('go home with a member who is closed, and are forfeited there when that grace ends', () => {
    const { shop, adult, id } = family();
    shop.at(CLOSING).does(closes(shop, adult));
    shop.at('2026-04-12T09:00:00+02:00').does(leaves(shop, adult, id));
    expect(shop.ledger(adult).available).toBe(40);
    shop.at(LATER).does(shop.applyDue(adult));
    expect(forfeitures(shop, adult)).toEqual(['40 available>cancelled E15 2026-05-03']);
  });

  it('are kept for a while where the last open member leaves those behind who are closed', () => {
    const { shop, head, adult, id, wallet } = family();
    shop.at('2026-03-20T09:00:00+01:00').does(closes(shop, head));
    shop.at(CLOSING).does(leaves(shop, adult, id));
    expect(shop.ledger(wallet).available).toBe(100);
    shop.at(LATER).does(shop.applyDue(wallet));
    expect(forfeitures(shop, wallet)).toEqual(['100 available>cancelled E15 2026-05-03']);
  });

  it('have no second grace when a closed member leaves the others after the first', () => {
    const { shop, head, adult, id, wallet } = family();
    shop.at(CLOSING).batch(closes(shop, head), closes(shop, adult));
    shop.at(LATER).does(shop.applyDue(wallet));
    shop.does(leaves(shop, adult, id));
    expect(shop.ofAccount(wallet, membershipSlice).forfeitsAt).toBeNull();
    expect(told(shop, wallet).map(([type]) => type)).toEqual([
      'closing.graceBegan',
      'closing.graceEnded',
      'points.forfeited',
    ]);
  });
});
