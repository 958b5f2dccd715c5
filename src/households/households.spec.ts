import {
  changesRole,
  joins,
  leaves,
  liabilityOf,
  opensHousehold,
  sends,
} from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { numberedId } from '../../test/builders/ids.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { accepted, Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { AccountId } from '../kernel/ids.js';
import { memberSlice, membershipSlice } from '../members/index.js';
import { standingSlice } from '../tiers/index.js';
import { MAX_HOUSEHOLD_MEMBERS } from './join-household.handler.js';

function shopWith(policy: object = {}): Shop {
  const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
  const configuration = new ConfigurationBuilder()
    .policy({ transfers, ...policy })
    .accounting()
    .rule();
  return new Shop(configuration.tiers());
}

function earner(shop: Shop, points: number): Person {
  const member = shop.member();
  shop.does(buys(shop, member, points));
  return member;
}

/** A receipt that earns so many points. */
function buys(shop: Shop, member: Person, points: number) {
  return shop.purchase(member, { lines: purchaseLines({ amountMinor: points * 1000 }) });
}

/** A household of members who have earned 100 and 40 points. */
function family(shop: Shop) {
  const [head, adult] = [earner(shop, 100), earner(shop, 40)];
  const { id, accountId } = shop.does(opensHousehold(shop, head));
  shop.does(joins(shop, adult, id));
  const wallet: Person = { accountId: accountId as AccountId, memberId: head.memberId };
  return { head, adult, id: id as string, wallet };
}

describe('a household', () => {
  it('is opened with its head, whose points become its', () => {
    const shop = shopWith();
    const head = earner(shop, 100);
    const before = liabilityOf(shop, head);
    const answer = shop.does(opensHousehold(shop, head));
    expect(answer).toMatchObject({
      id: expect.stringMatching(/^hsh_/),
      member: { memberId: head.memberId, role: 'head' },
      transfer: { kind: 'join', points: 100, debt: 0 },
      balance: { available: 100, lifetimeEarned: 0 },
    });
    const wallet = { ...head, accountId: answer.accountId };
    expect(shop.present(head)).toEqual(wallet);
    expect(shop.ledger(head)).toMatchObject({ available: 0, lifetimeEarned: 100 });
    expect(liabilityOf(shop, wallet)).toBe(before);
    expect(shop.events(wallet).map(({ type }) => type)).toEqual([
      'household.created',
      'household.joined',
      'points.received',
      'transfer.completed',
    ]);
    for (const account of [head, wallet]) expectLedgerToAddUp(shop.ledger(account));
  });

  it('may begin with nothing', () => {
    const shop = shopWith();
    expect(shop.does(opensHousehold(shop, shop.member()))).toMatchObject({
      transfer: null,
      balance: { total: 0 },
    });
  });

  it('is earned for by everybody, and every lot knows who earned it', () => {
    const shop = shopWith();
    const { head, adult, id, wallet } = family(shop);
    const child = shop.member();
    shop.does(joins(shop, child, id, 'earner'));
    shop.does(buys(shop, child, 7));
    const lots = [...shop.ledger(wallet).lots.values()];
    expect(lots.map(({ memberId, points }) => [memberId, points])).toEqual([
      [head.memberId, 100],
      [adult.memberId, 40],
      [child.memberId, 7],
    ]);
    expect(shop.ledger(wallet)).toMatchObject({ available: 147, lifetimeEarned: 7 });
    expect(shop.ledger(child)).toMatchObject({ available: 0, lifetimeEarned: 0 });
  });

  it('is drawn from by head and adults; whoever only earns sends nothing', () => {
    const shop = shopWith();
    const { adult, id, wallet } = family(shop);
    const child = shop.member();
    shop.does(joins(shop, child, id, 'earner'));
    shop.does(shop.redeem(adult, { points: 120 }));
    expect(shop.ledger(wallet).available).toBe(20);
    expect(shop.refuses(sends(shop, child, shop.member(), 5)).code).toBe('MEMBER_ONLY_EARNS');
  });

  it('sends no points to itself', () => {
    const shop = shopWith();
    const { head, adult } = family(shop);
    expect(shop.refuses(sends(shop, head, adult, 5)).code).toBe('SAME_ACCOUNT');
  });

  it('leaves everybody their own tier and progress', () => {
    const shop = shopWith();
    const { head, adult, wallet } = family(shop);
    shop.does(buys(shop, adult, 60));
    const days = (member: Person) => {
      const { days: counted } = shop.ofMember({ ...member, accountId: wallet.accountId }, standingSlice);
      return [...counted.values()].map(({ spendMinor }) => spendMinor);
    };
    expect([days(head), days(adult)]).toEqual([[100_000], [100_000]]);
  });

  it('takes the later of both sliding dates', () => {
    const shop = shopWith({ expiry: { type: 'sliding', months: 6 } });
    const head = earner(shop, 100);
    const { id, accountId } = shop.does(opensHousehold(shop, head));
    const wallet = { ...head, accountId };
    const later = earner(shop.at('2026-04-10T12:00:00+02:00'), 10);
    shop.does(joins(shop, later, id));
    expect(shop.ledger(wallet)).toMatchObject({
      slidingExpiresAt: Date.parse('2026-10-10T22:00:00Z'),
      slidingAvailable: 110,
    });
    expectLedgerToAddUp(shop.ledger(wallet));
  });

  it('takes points that wait along as they are', () => {
    const shop = shopWith({ pending: { type: 'days', days: 14 } });
    const head = earner(shop, 100);
    const { accountId, balance } = shop.does(opensHousehold(shop, head));
    expect(balance).toMatchObject({ available: 0, pending: 100 });
    const wallet = { ...head, accountId };
    shop.at('2026-03-30T12:00:00+02:00').does(shop.applyDue(wallet));
    expect(shop.ledger(wallet)).toMatchObject({ available: 100, pending: 0 });
    expectLedgerToAddUp(shop.ledger(wallet));
  });

  it('takes a debt over, and pays it', () => {
    const shop = shopWith();
    const { id, wallet } = family(shop);
    const debtor = shop.member();
    const bought = shop.does(buys(shop, debtor, 30));
    shop.does(shop.redeem(debtor, { points: 30 }));
    shop.does(shop.returns(bought.id));
    expect(shop.ledger(debtor).debt).toBe(30);
    expect(shop.does(joins(shop, debtor, id))).toMatchObject({
      transfer: { points: 0, debt: 30 },
      balance: { available: 110, debt: 0 },
    });
    expect(shop.ledger(debtor).debt).toBe(0);
    for (const account of [debtor, wallet]) expectLedgerToAddUp(shop.ledger(account));
  });
});

describe('joining a household is refused', () => {
  it.each(['suspended', 'closed'] as const)('to a member who is %s', (status) => {
    const shop = shopWith();
    expect(shop.refuses(opensHousehold(shop, shop.member(status))).status).toBe(409);
  });

  it('while points are on hold', () => {
    const shop = shopWith();
    const { id } = family(shop);
    const member = earner(shop, 20);
    shop.does(shop.redeem(member, { points: 5, mode: 'authorise' }));
    expect(shop.refuses(joins(shop, member, id))).toMatchObject({ code: 'HOLDS_OPEN', meta: { held: 5 } });
    shop.at('2026-03-10T13:00:00+01:00').does(joins(shop, member, id));
    expect(shop.ledger(member)).toMatchObject({ available: 0, held: 0 });
  });

  it('to somebody who is in one', () => {
    const shop = shopWith();
    const { id, adult } = family(shop);
    const { id: other } = shop.does(opensHousehold(shop, shop.member()));
    const expected = { code: 'ALREADY_IN_HOUSEHOLD', meta: { householdId: id } };
    expect(shop.refuses(joins(shop, adult, id))).toMatchObject(expected);
    expect(shop.refuses(joins(shop, adult, other))).toMatchObject(expected);
    expect(shop.refuses(opensHousehold(shop, adult))).toMatchObject(expected);
  });

  it('for a household that is none, or no more', () => {
    const shop = shopWith();
    const [member, stranger] = [shop.member(), shop.member()];
    expect(shop.refuses(joins(shop, member, numberedId('hsh', 999))).code).toBe('HOUSEHOLD_NOT_FOUND');
    const own = stranger.accountId.replace('acc', 'hsh');
    expect(shop.refuses(joins(shop, member, own)).code).toBe('HOUSEHOLD_NOT_FOUND');
    const { id } = shop.does(opensHousehold(shop, stranger));
    shop.does(leaves(shop, stranger, id));
    expect(shop.refuses(joins(shop, member, id)).code).toBe('HOUSEHOLD_CLOSED');
  });

  it('when it is full', () => {
    const shop = shopWith();
    const { id } = shop.does(opensHousehold(shop, shop.member()));
    for (let count = 1; count < MAX_HOUSEHOLD_MEMBERS; count += 1) shop.does(joins(shop, shop.member(), id));
    expect(shop.refuses(joins(shop, shop.member(), id)).code).toBe('HOUSEHOLD_FULL');
  });
});

describe('whoever leaves a household', () => {
  it.each([
    ['own', 40],
    ['none', 0],
    ['equal', 70],
    [{ points: 25 }, 25],
  ])('takes along their part: %j', (split, points) => {
    const shop = shopWith();
    const { adult, id, wallet } = family(shop);
    const answer = shop.does(leaves(shop, adult, id, split));
    expect(answer).toMatchObject({
      closed: false,
      member: { memberId: adult.memberId, accountId: adult.accountId, balance: { available: points } },
      balance: { available: 140 - points },
    });
    expect(shop.present(adult)).toEqual(adult);
    expect(shop.ofMember(adult, memberSlice).role).toBeNull();
    for (const account of [adult, wallet]) expectLedgerToAddUp(shop.ledger(account));
  });

  it('takes of an odd sum the smaller half', () => {
    const shop = shopWith();
    const { head, adult, id } = family(shop);
    shop.does(shop.redeem(head, { points: 1 }));
    expect(shop.does(leaves(shop, adult, id, 'equal')).member.balance.available).toBe(69);
  });

  it('takes what waits of their own, but not what waits of others', () => {
    const shop = shopWith({ pending: { type: 'days', days: 14 } });
    const { adult, id } = family(shop);
    expect(shop.does(leaves(shop, adult, id)).member.balance).toMatchObject({ pending: 40, available: 0 });
  });

  it('cannot take more than there is', () => {
    const shop = shopWith();
    const { adult, id } = family(shop);
    expect(shop.refuses(leaves(shop, adult, id, { points: 141 }))).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      meta: { required: 141, available: 140, missing: 1 },
    });
  });

  it('owns what they took, should they join again', () => {
    const shop = shopWith();
    const { adult, id } = family(shop);
    shop.does(leaves(shop, adult, id, 'equal'));
    shop.does(joins(shop, adult, id));
    // The half that they took was the head's; their own had stayed.
    expect(shop.does(leaves(shop, adult, id)).member.balance.available).toBe(70 + 40);
  });

  it('earns for themselves again', () => {
    const shop = shopWith();
    const { adult, id, wallet } = family(shop);
    shop.does(leaves(shop, adult, id, 'none'));
    shop.does(buys(shop, adult, 3));
    expect([shop.ledger(adult).available, shop.ledger(wallet).available]).toEqual([3, 140]);
  });

  it('last takes everything, debt and all, and closes it', () => {
    const shop = shopWith();
    const { head, adult, id, wallet } = family(shop);
    shop.does(leaves(shop, adult, id, 'none'));
    const answer = shop.does(leaves(shop, head, id, 'none'));
    expect(answer).toMatchObject({
      closed: true,
      transfer: { points: 140 },
      member: { balance: { available: 140 } },
      balance: { total: 0 },
    });
    expect(shop.events(wallet).at(-1)).toMatchObject({ type: 'household.left', data: { closed: true } });
    for (const account of [head, adult, wallet]) expectLedgerToAddUp(shop.ledger(account));
  });

  it('last waits until nothing is on hold', () => {
    const shop = shopWith();
    const head = earner(shop, 100);
    const { id } = shop.does(opensHousehold(shop, head));
    shop.does(shop.redeem(head, { points: 5, mode: 'authorise' }));
    expect(shop.refuses(leaves(shop, head, id)).code).toBe('HOLDS_OPEN');
  });

  it('cannot be its head while others are in', () => {
    const shop = shopWith();
    const { head, adult, id } = family(shop);
    expect(shop.refuses(leaves(shop, head, id)).code).toBe('HEAD_MUST_STAY');
    shop.does(changesRole(shop, adult, id, 'head'));
    expect(shop.does(leaves(shop, head, id)).member.balance.available).toBe(100);
  });

  it('must be in it', () => {
    const shop = shopWith();
    const { id } = family(shop);
    const { id: other } = shop.does(opensHousehold(shop, shop.member()));
    const { adult } = family(shop);
    expect(shop.refuses(leaves(shop, shop.member(), id)).code).toBe('NOT_IN_HOUSEHOLD');
    expect(shop.refuses(leaves(shop, adult, other)).code).toBe('NOT_IN_HOUSEHOLD');
  });
});

describe('roles in a household', () => {
  it('change, and a new head makes the old one an adult', () => {
    const shop = shopWith();
    const { head, adult, id, wallet } = family(shop);
    const roleOf = (member: Person) =>
      shop.ofMember({ ...member, ...wallet, memberId: member.memberId }, memberSlice).role;
    shop.does(changesRole(shop, adult, id, 'earner'));
    expect([roleOf(head), roleOf(adult)]).toEqual(['head', 'earner']);
    shop.does(changesRole(shop, adult, id, 'head'));
    expect([roleOf(head), roleOf(adult)]).toEqual(['adult', 'head']);
    shop.does(shop.applyDue(wallet));
    expect(shop.events(wallet).at(-1)).toMatchObject({
      type: 'household.roleChanged',
      data: { role: 'head', formerHead: head.memberId },
    });
  });

  it('are not given up by the head, only handed on', () => {
    const shop = shopWith();
    const { head, id } = family(shop);
    expect(shop.refuses(changesRole(shop, head, id, 'adult')).code).toBe('HEAD_MUST_STAY');
    expect(shop.does(changesRole(shop, head, id, 'head')).member.role).toBe('head');
  });

  it('are given to members of the household alone', () => {
    const shop = shopWith();
    const { id } = family(shop);
    expect(shop.refuses(changesRole(shop, shop.member(), id, 'adult')).code).toBe('NOT_IN_HOUSEHOLD');
  });
});

describe('commands of one batch around a household', () => {
  it('follow a member who just joined: the receipt lands where the member is now', () => {
    const shop = shopWith();
    const { id, wallet } = family(shop);
    const member = shop.member();
    const outcomes = shop.batch(
      buys(shop, member, 5),
      joins(shop, member, id),
      buys(shop, member, 7),
      shop.redeem(member, { points: 150 }),
    );
    expect(outcomes.map((outcome) => accepted(outcome).balance.available)).toEqual([5, 145, 152, 2]);
    expect(shop.ledger(member)).toMatchObject({ available: 0, lifetimeEarned: 5 });
    expectLedgerToAddUp(shop.ledger(wallet));
  });

  it('are only put off by what took effect', () => {
    const shop = shopWith();
    const { id } = family(shop);
    const [member, other] = [earner(shop, 5), shop.member('suspended')];
    const { deferred } = shop.decide(
      joins(shop, member, id, 'adult', { dryRun: true }),
      joins(shop, other, id),
      buys(shop, member, 1),
      joins(shop, member, id),
      buys(shop, member, 1),
      buys(shop, other, 1),
    );
    expect([...deferred]).toEqual([4]);
  });

  it('count the members of a household that everybody joins at once', () => {
    const shop = shopWith();
    const { id, wallet } = family(shop);
    const members = Array.from({ length: 5 }, () => earner(shop, 10));
    shop.batch(...members.map((member) => joins(shop, member, id)));
    expect(shop.ledger(wallet).available).toBe(190);
    expect(shop.ofAccount(wallet, membershipSlice).householdSize).toBe(7);
  });
});
