import { joins, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';
import type { AccountId } from '../kernel/ids.js';

describe('points that come back to an account whose member has joined a household', () => {
  it('follow the member with their sliding end', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy({ expiry: { type: 'sliding', months: 6 } })
        .accounting()
        .rule(),
    );
    const [head, member] = [shop.member(), shop.member()];
    shop.does(shop.purchase(member, { lines: purchaseLines({ amountMinor: 50_000 }) }));
    const { id } = shop.does(shop.redeem(member, { points: 50 }));
    const end = shop.ledger(member).slidingExpiresAt;
    expect(end).not.toBeNull();

    const household = shop.does(opensHousehold(shop, head));
    const wallet: Person = { accountId: household.accountId as AccountId, memberId: head.memberId };
    shop.does(joins(shop, member, household.id));
    // Nothing was left to bring along, so the household's points have no end that slides yet.
    expect(shop.ledger(wallet)).toMatchObject({ available: 0, slidingExpiresAt: null });

    const counterparty = { kind: 'member', id: member.memberId } as const;
    shop.at('2026-04-01T12:00:00+02:00').does({ ...shop.reverse(id as string), counterparty });
    expect(shop.ledger(wallet)).toMatchObject({ available: 50, slidingExpiresAt: end });
    for (const account of [member, wallet]) expectLedgerToAddUp(shop.ledger(account));
  });
});
