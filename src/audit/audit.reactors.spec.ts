import { changesRole, closes, joins, leaves, merges, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import type { AccountId, HouseholdId } from '../kernel/ids.js';
import { memberSlice } from '../members/index.js';
import { auditSlice } from './index.js';

const configuration = () =>
  new ConfigurationBuilder()
    .policy({ expiry: { type: 'never' } })
    .accounting()
    .rule({})
    .tiers();

/** What was done to whom, with what there was before and after. */
const entries = (shop: Shop, place: Person) =>
  shop
    .ofAccount(place, auditSlice)
    .map(({ data: { action, subject, before, after } }) => ({ action, subject, before, after }));

/** A household of a head and an adult, and the account that they share. */
function family() {
  const shop = new Shop(configuration());
  const [head, adult] = [shop.member(), shop.member()];
  const { id, accountId } = shop.does(opensHousehold(shop, head));
  shop.does(joins(shop, adult, id));
  const wallet: Person = { accountId: accountId as AccountId, memberId: head.memberId };
  return { shop, head, adult, id: id as HouseholdId, wallet };
}

describe('the audit log of what commands do to members', () => {
  it('has who was closed, and what they were before', () => {
    const shop = new Shop(configuration());
    const member = shop.member();
    shop.does(closes(shop, member));
    const closed = { action: 'member.closed', subject: member.memberId, after: { status: 'closed' } };
    expect(entries(shop, member)).toEqual([{ ...closed, before: { status: 'active' } }]);
    expect(shop.ofAccount(member, auditSlice)[0]?.data.auditId).toMatch(/^adt_/);
  });

  it('has one that was suspended before', () => {
    const shop = new Shop(configuration());
    const member = shop.member();
    shop.become(member, 'suspended', shop.clock);
    shop.pass(1000).does(closes(shop, member));
    expect(entries(shop, member)).toMatchObject([{ before: { status: 'suspended' } }]);
    expect(shop.ofMember(member, memberSlice).status).toBe('closed');
  });

  it('has a merge with the survivor and with the duplicate, each with what became of the duplicate', () => {
    const shop = new Shop(configuration());
    const [survivor, duplicate] = [shop.member(), shop.member('suspended')];
    shop.does(merges(shop, survivor, duplicate));
    const { memberId } = duplicate;
    for (const member of [survivor, duplicate])
      expect(entries(shop, member)).toEqual([
        {
          ...{ action: 'member.merged', subject: member.memberId },
          before: { duplicate: { memberId, status: 'suspended' } },
          after: { duplicate: { memberId, status: 'merged', mergedInto: survivor.memberId } },
        },
      ]);
  });
});

describe('the audit log of what commands do to households', () => {
  it('has everybody who joins, in their role', () => {
    const { shop, head, adult, id, wallet } = family();
    const joined = { action: 'household.joined', before: null };
    expect([...entries(shop, wallet), ...entries(shop, adult)]).toEqual([
      { ...joined, subject: head.memberId, after: { householdId: id, role: 'head' } },
      { ...joined, subject: adult.memberId, after: { householdId: id, role: 'adult' } },
    ]);
  });

  it('has whose role changed, and who was the head before', () => {
    const { shop, head, adult, id, wallet } = family();
    shop.does(changesRole(shop, adult, id, 'head'));
    expect(entries(shop, wallet).at(-1)).toEqual({
      ...{ action: 'household.roleChanged', subject: adult.memberId },
      before: { formerHead: head.memberId },
      after: { householdId: id, role: 'head' },
    });
  });

  it('has everybody who leaves, and that the last closed it', () => {
    const { shop, head, adult, id, wallet } = family();
    shop.does(leaves(shop, adult, id));
    shop.does(leaves(shop, head, id));
    const left = { action: 'household.left', before: { householdId: id } };
    expect(entries(shop, wallet).slice(-2)).toEqual([
      { ...left, subject: adult.memberId, after: { householdClosed: false } },
      { ...left, subject: head.memberId, after: { householdClosed: true } },
    ]);
  });
});
