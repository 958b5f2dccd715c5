import { joins, leaves, liabilityOf, merges, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { accepted, Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { AccountId } from '../kernel/ids.js';
import { standingSlice } from '../tiers/index.js';
import { memberSlice } from './member.slice.js';
import { membershipSlice } from './membership.slice.js';

const TIERS = [
  { key: 'basic', name: 'Basic', threshold: 0 },
  { key: 'silver', name: 'Silver', threshold: 100_000 },
  { key: 'gold', name: 'Gold', threshold: 150_000 },
];

function shopWith(policy: object = {}): Shop {
  return new Shop(new ConfigurationBuilder().policy(policy).accounting().rule().tiers({ tiers: TIERS }));
}

function buys(shop: Shop, member: Person, points: number) {
  return shop.purchase(member, { lines: purchaseLines({ amountMinor: points * 1000 }) });
}

function earner(shop: Shop, points: number): Person {
  const member = shop.member();
  shop.does(buys(shop, member, points));
  return member;
}

describe('two members who turn out to be one', () => {
  it('have one account: everything of the duplicate is the survivor’s, with its money', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    const before = liabilityOf(shop, survivor, duplicate);
    expect(shop.does(merges(shop, survivor, duplicate))).toMatchObject({
      id: survivor.memberId,
      accountId: survivor.accountId,
      duplicate: duplicate.memberId,
      transfer: { kind: 'merge', points: 40, debt: 0 },
      balance: { available: 140, lifetimeEarned: 100 },
    });
    expect(shop.ledger(duplicate)).toMatchObject({ available: 0, lifetimeEarned: 40 });
    expect(liabilityOf(shop, survivor, duplicate)).toBe(before);
    const [, child] = [...shop.ledger(survivor).lots.values()];
    expect(child).toMatchObject({ memberId: survivor.memberId, points: 40 });
    for (const member of [survivor, duplicate]) expectLedgerToAddUp(shop.ledger(member));
  });

  it('are one: commands that name the duplicate go to the survivor', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    shop.does(merges(shop, survivor, duplicate));
    expect(shop.present(duplicate)).toEqual(survivor);
    const bought = shop.does(buys(shop, duplicate, 5));
    expect(bought).toMatchObject({ memberId: survivor.memberId, balance: { available: 145 } });
    shop.does(shop.redeem(duplicate, { points: 145 }));
    expect(shop.ledger(survivor).available).toBe(0);
  });

  it('stay one when the survivor turns out to be a third', () => {
    const shop = shopWith();
    const [third, survivor, duplicate] = [earner(shop, 1), earner(shop, 10), earner(shop, 100)];
    shop.does(merges(shop, survivor, duplicate));
    shop.does(merges(shop, third, duplicate));
    expect([shop.present(duplicate), shop.present(survivor)]).toEqual([third, third]);
    expect(shop.ofMember(third, memberSlice).mergedFrom).toEqual([survivor.memberId, duplicate.memberId]);
    expect(shop.ledger(third).available).toBe(111);
  });

  it('are promoted at once where together they did enough', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 60)];
    expect(shop.does(merges(shop, survivor, duplicate)).standing).toMatchObject({
      tier: 'gold',
      since: '2026-03-10T11:00:00.000Z',
      reason: { type: 'merge', purchaseId: null },
      progress: [{ value: 160_000 }],
    });
    expect(shop.events(survivor).map(({ type }) => type)).toContain('tier.changed');
    expect(shop.events(duplicate).map(({ type }) => type)).not.toContain('tier.changed');
  });

  it('keep the tier of the survivor where it is not enough', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    expect(shop.does(merges(shop, survivor, duplicate)).standing).toMatchObject({ tier: 'silver' });
  });

  it('have the tier that one of them reached in a year that is over, or all of it together', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy()
        .accounting()
        .rule()
        .tiers({ tiers: TIERS, window: { type: 'calendar', unit: 'month' } }),
    );
    const [duplicate, survivor] = [earner(shop, 160), shop.at('2026-06-01T12:00:00+02:00').member()];
    const { standing } = shop.does(merges(shop, survivor, duplicate));
    expect(standing).toMatchObject({
      tier: 'gold',
      since: '2026-06-01T10:00:00.000Z',
      reason: { type: 'merge' },
    });
    const together = [shop.member(), shop.member()] as const;
    for (const [index, member] of together.entries()) {
      const occurredAt = Date.parse(`2026-03-1${index}T12:00:00+01:00`);
      shop.does(shop.purchase(member, { occurredAt, lines: purchaseLines({ amountMinor: 80_000 }) }));
    }
    expect(shop.does(merges(shop, ...together)).standing).toMatchObject({ tier: 'gold' });
  });

  it('lose the tier of the duplicate with the goods it rested on', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [shop.member(), shop.member()];
    const { id } = shop.does(buys(shop, duplicate, 160));
    shop.does(merges(shop, survivor, duplicate));
    expect(shop.does(shop.returns(id)).standing).toMatchObject({ tier: 'basic' });
  });

  it('have a history each: the duplicate’s days stay on record', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    const before = shop.ofMember(duplicate, standingSlice);
    shop.does(merges(shop, survivor, duplicate));
    expect(shop.ofMember(duplicate, standingSlice)).toEqual(before);
    expect(shop.ofMember(duplicate, memberSlice)).toMatchObject({ status: 'merged' });
  });

  it('take back what a receipt of the duplicate earned', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [shop.member(), shop.member()];
    const { id } = shop.does(buys(shop, duplicate, 40));
    shop.does(merges(shop, survivor, duplicate));
    shop.does(shop.returns(id));
    expect(shop.ledger(survivor)).toMatchObject({ available: 0, debt: 0 });
    const days = [...shop.ofMember(survivor, standingSlice).days.values()];
    expect(days).toEqual([{ spendMinor: 0, points: 0, visits: 0, status: 0 }]);
    expectLedgerToAddUp(shop.ledger(survivor));
  });

  it('owe together what one of them owed', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), shop.member()];
    const { id } = shop.does(buys(shop, duplicate, 30));
    shop.does(shop.redeem(duplicate, { points: 30 }));
    shop.does(shop.returns(id));
    expect(shop.does(merges(shop, survivor, duplicate))).toMatchObject({
      transfer: { points: 0, debt: 30 },
      balance: { available: 70, debt: 0 },
    });
    for (const member of [survivor, duplicate]) expectLedgerToAddUp(shop.ledger(member));
  });

  it('wait for the same as before', () => {
    const shop = shopWith({ pending: { type: 'days', days: 14 } });
    const [survivor, duplicate] = [shop.member(), earner(shop, 40)];
    const waiting = [...shop.ledger(duplicate).lots.values()][0]?.availableAt;
    shop.does(merges(shop, survivor, duplicate));
    expect([...shop.ledger(survivor).lots.values()][0]).toMatchObject({ pending: 40, availableAt: waiting });
    shop.at('2026-03-30T12:00:00+02:00').does(shop.applyDue(survivor));
    expect(shop.ledger(survivor)).toMatchObject({ available: 40, pending: 0 });
  });

  it('are told of on both accounts', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    shop.does(merges(shop, survivor, duplicate));
    for (const member of [survivor, duplicate]) {
      expect(shop.events(member).filter(({ type }) => type === 'member.merged')).toMatchObject([
        { memberId: member.memberId, data: { survivor, duplicate } },
      ]);
    }
  });

  it('stay two in a dry run', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    const before = [shop.snapshot(survivor), shop.snapshot(duplicate)];
    expect(shop.does(merges(shop, survivor, duplicate, { dryRun: true })).balance.available).toBe(140);
    expect([shop.snapshot(survivor), shop.snapshot(duplicate)]).toEqual(before);
  });
});

describe('two members of one household who turn out to be one', () => {
  function family(shop: Shop) {
    const [head, adult, third] = [earner(shop, 100), earner(shop, 40), earner(shop, 1)];
    const { id, accountId } = shop.does(opensHousehold(shop, head));
    for (const member of [adult, third]) shop.does(joins(shop, member, id));
    const wallet = { ...head, accountId: accountId as AccountId };
    return { head, adult, third, id: id as string, wallet };
  }

  it('keep the account, and the household has one member less', () => {
    const shop = shopWith();
    const { adult, third, wallet } = family(shop);
    expect(shop.does(merges(shop, adult, third))).toMatchObject({
      transfer: null,
      balance: { available: 141 },
    });
    expect(shop.ofAccount(wallet, membershipSlice).householdSize).toBe(2);
    expectLedgerToAddUp(shop.ledger(wallet));
  });

  it('own together what each earned', () => {
    const shop = shopWith();
    const { adult, third, id } = family(shop);
    shop.does(merges(shop, adult, third));
    expect(shop.does(leaves(shop, adult, id)).member.balance.available).toBe(41);
  });

  it('head it, if one of them did', () => {
    const shop = shopWith();
    const { head, adult, wallet } = family(shop);
    shop.does(merges(shop, adult, head));
    expect(shop.ofAccount(wallet, membershipSlice)).toMatchObject({
      headMemberId: adult.memberId,
      householdSize: 2,
    });
    expect(shop.ofMember({ ...adult, accountId: wallet.accountId }, memberSlice).role).toBe('head');
  });

  it('are not merged with somebody outside', () => {
    const shop = shopWith();
    const { adult } = family(shop);
    const outside = shop.member();
    expect(shop.refuses(merges(shop, adult, outside)).code).toBe('IN_HOUSEHOLD');
    expect(shop.refuses(merges(shop, outside, adult)).code).toBe('IN_HOUSEHOLD');
  });

  it('nor with somebody of another household', () => {
    const shop = shopWith();
    expect(shop.refuses(merges(shop, family(shop).adult, family(shop).adult)).code).toBe('IN_HOUSEHOLD');
  });
});

describe('what a rule with a limit gave the duplicate', () => {
  const limited = () =>
    new Shop(
      new ConfigurationBuilder()
        .policy()
        .accounting()
        .rule({ limits: [{ period: 'total', points: 100, times: null }] }),
    );

  it('counts against the survivor’s limit, whose own it was', () => {
    const shop = limited();
    const [survivor, duplicate] = [earner(shop, 30), earner(shop, 60)];
    shop.does(merges(shop, survivor, duplicate));
    expect(shop.does(buys(shop, survivor, 50)).pointsGranted).toBe(10);
    expect(shop.does(buys(shop, duplicate, 50)).pointsGranted).toBe(0);
  });

  it('and is given back when the duplicate’s goods come back', () => {
    const shop = limited();
    const [survivor, duplicate] = [earner(shop, 30), shop.member()];
    const { id } = shop.does(buys(shop, duplicate, 60));
    shop.does(merges(shop, survivor, duplicate));
    shop.does(shop.returns(id as string, { whole: true }));
    expect(shop.does(buys(shop, survivor, 100)).pointsGranted).toBe(70);
  });
});

describe('a merge is refused', () => {
  it('of a member with themselves, before and after', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [shop.member(), shop.member()];
    expect(shop.refuses(merges(shop, survivor, survivor)).code).toBe('SAME_MEMBER');
    shop.does(merges(shop, survivor, duplicate));
    expect(shop.refuses(merges(shop, survivor, duplicate)).code).toBe('SAME_MEMBER');
    expect(shop.refuses(merges(shop, duplicate, survivor)).code).toBe('SAME_MEMBER');
  });

  it('while points of the duplicate are on hold; those of the survivor may be', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    shop.does(shop.redeem(survivor, { points: 5, mode: 'authorise' }));
    expect(shop.refuses(merges(shop, duplicate, survivor)).code).toBe('HOLDS_OPEN');
    expect(shop.does(merges(shop, survivor, duplicate)).balance).toMatchObject({ available: 135, held: 5 });
  });

  it('into a closed membership; a closed duplicate is taken in', () => {
    const shop = shopWith();
    const [active, closed] = [shop.member(), shop.member('closed')];
    expect(shop.refuses(merges(shop, closed, active)).code).toBe('MEMBER_CLOSED');
    expect(shop.does(merges(shop, active, closed)).duplicate).toBe(closed.memberId);
  });
});

describe('commands of the batch of a merge', () => {
  it('that name the duplicate are the survivor’s', () => {
    const shop = shopWith();
    const [survivor, duplicate] = [earner(shop, 100), earner(shop, 40)];
    const outcomes = shop.batch(
      buys(shop, duplicate, 1),
      merges(shop, survivor, duplicate),
      buys(shop, duplicate, 2),
      shop.redeem(survivor, { points: 143 }),
    );
    expect(outcomes.map((outcome) => accepted(outcome).balance.available)).toEqual([41, 141, 143, 0]);
  });
});
