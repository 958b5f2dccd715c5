import { joins, merges, opensHousehold } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend } from '../../test/builders/earning-rule.js';
import { numberedId } from '../../test/builders/ids.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { standing, tierChange } from '../../test/builders/tiers.js';
import type { AccountId } from '../kernel/ids.js';
import type { TierChange } from './domain/standing.js';
import { standingSlice } from './index.js';
import { standingView } from './standing-view.js';

const CHANGED_AT = '2026-03-12T00:00:00+01:00';
const MARCH = { type: 'calendar', unit: 'month' } as const;

const spends = (amountMinor: number, occurredAt?: string) => ({
  lines: purchaseLines({ amountMinor }),
  ...(occurredAt !== undefined && { occurredAt: Date.parse(occurredAt) }),
});

/** Gold needs so much by the first ladder, and so much by the second, which is in force from the 12th of March on. */
function shopWith(first: number, second: number, rung: object = {}): Shop {
  const set = (threshold: number) => ({
    tiers: [
      { key: 'basic', name: 'Basic', threshold: 0 },
      { key: 'gold', name: 'Gold', threshold },
    ],
    ...rung,
  });
  return new Shop(
    new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ amount: perSpend({ stepMinor: 100 }) })
      .tiers(set(first))
      .tiers(set(second), { version: 2, from: CHANGED_AT }),
  );
}

const changesOf = (shop: Shop, member: Person) => shop.ofMember(shop.present(member), standingSlice).changes;

describe('what is kept of a promotion', () => {
  it('is the receipt that brought it, the ladder it was evaluated with, and from when on it holds', () => {
    const shop = shopWith(1000, 50);
    const member = shop.member();
    shop.at('2026-03-12T12:00:00+01:00');
    const { id } = shop.does(shop.purchase(member, spends(50, '2026-03-12T09:00:00+01:00')));
    expect(changesOf(shop, member)).toMatchObject([
      {
        ...{ from: 'basic', to: 'gold', purchaseId: id, returnId: null, cause: 'purchase' },
        since: Date.parse('2026-03-12T09:00:00+01:00'),
        tierSet: { id: 'main', version: 2 },
      },
    ]);
  });

  it.each([
    ['at the first instant of its ladder holds from then on', CHANGED_AT, CHANGED_AT],
    [
      'before its ladder was in force holds from when it was told',
      '2026-03-11T23:59:59+01:00',
      '2026-03-12T12:00:00+01:00',
    ],
  ])('by a receipt of %s', (_, occurredAt, since) => {
    const shop = shopWith(1000, 50);
    const member = shop.member();
    shop.at('2026-03-12T12:00:00+01:00').does(shop.purchase(member, spends(50, occurredAt)));
    expect(changesOf(shop, member).map((change) => change.since)).toEqual([Date.parse(since)]);
  });

  it('that a return takes back is the return, and the ladder of now', () => {
    const shop = shopWith(1000, 50);
    const member = shop.member();
    const { id } = shop.at('2026-03-12T12:00:00+01:00').does(shop.purchase(member, spends(50)));
    shop.pass(1000).does(shop.returns(id));
    expect(changesOf(shop, member)).toMatchObject([
      { to: 'gold' },
      { to: 'basic', purchaseId: id, since: shop.clock, tierSet: { id: 'main', version: 2 } },
    ]);
  });
});

describe('a merge', () => {
  it('brings the tier of the duplicate, by the ladder that gave it', () => {
    const shop = shopWith(50, 1000);
    const [survivor, duplicate] = [shop.member(), shop.member()];
    shop.does(shop.purchase(duplicate, spends(60)));
    shop.at('2026-03-13T12:00:00+01:00').does(merges(shop, survivor, duplicate));
    expect(changesOf(shop, survivor)).toMatchObject([
      { from: 'basic', to: 'gold', tierSet: { id: 'main', version: 1 } },
    ]);
  });

  it('gives no tier for what both did before the ladder of now', () => {
    const shop = shopWith(1000, 100, { window: MARCH });
    const [survivor, duplicate] = [shop.member(), shop.member()];
    shop.does(shop.purchase(duplicate, spends(60, '2026-02-20T12:00:00+01:00')));
    shop.does(shop.purchase(survivor, spends(60, '2026-02-21T12:00:00+01:00')));
    shop.at('2026-03-13T12:00:00+01:00').does(merges(shop, survivor, duplicate));
    expect(changesOf(shop, survivor)).toEqual([]);
  });

  it('gives the tier that both have enough for since the first day of the ladder of now', () => {
    const shop = shopWith(1000, 100, { window: MARCH });
    const [survivor, duplicate] = [shop.member(), shop.member()];
    shop.at('2026-03-12T12:00:00+01:00');
    shop.does(shop.purchase(duplicate, spends(60)));
    shop.does(shop.purchase(survivor, spends(60)));
    shop.at('2026-04-13T12:00:00+02:00').does(merges(shop, survivor, duplicate));
    expect(changesOf(shop, survivor)).toMatchObject([
      { to: 'gold', since: shop.clock, tierSet: { id: 'main', version: 2 }, cause: 'merge' },
    ]);
  });

  it('leaves the standing of the duplicate as it was, even where a ladder of now would lift it', () => {
    const shop = shopWith(1000, 50);
    const [survivor, duplicate] = [shop.member(), shop.member()];
    shop.does(shop.purchase(duplicate, spends(60)));
    shop.at('2026-03-13T12:00:00+01:00').does(merges(shop, survivor, duplicate));
    expect(changesOf(shop, survivor)).toMatchObject([{ to: 'gold', tierSet: { version: 2 } }]);
    expect(shop.ofMember(duplicate, standingSlice).changes).toEqual([]);
  });

  it('names the ladder of now where both together come further than the tier of the duplicate', () => {
    const shop = new Shop(ConfigurationBuilder.shop().tiers().tiers({}, { version: 2, from: CHANGED_AT }));
    const [survivor, duplicate] = [shop.member(), shop.member()];
    shop.does(shop.purchase(duplicate, spends(150)));
    shop.at('2026-03-13T12:00:00+01:00').does(shop.purchase(survivor, spends(400)));
    shop.does(merges(shop, survivor, duplicate));
    expect(changesOf(shop, survivor).at(-1)).toMatchObject({
      to: 'gold',
      tierSet: { id: 'main', version: 2 },
    });
  });

  it('leaves a survivor alone who has a tier as high as that of the duplicate', () => {
    const shop = shopWith(50, 1000);
    const [survivor, duplicate] = [shop.member(), shop.member()];
    shop.does(shop.purchase(duplicate, spends(60)));
    shop.does(shop.purchase(survivor, spends(60)));
    shop.at('2026-03-13T12:00:00+01:00').does(merges(shop, survivor, duplicate));
    expect(changesOf(shop, survivor)).toHaveLength(1);
  });
});

function cancels(shop: Shop, purchaseId: string) {
  const body = { purchaseId, type: 'cancelled', occurredAt: shop.clock };
  return shop.command('purchase.event', { kind: 'purchase', id: purchaseId }, body, {});
}

const AWAITING = { type: 'event', event: 'delivered', thenDays: 7, cancelAfterDays: 60 } as const;

describe('points that are cancelled while they wait', () => {
  it('no longer count for a tier by points', () => {
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy()
        .accounting()
        .rule({ amount: perSpend({ stepMinor: 100 }), pending: AWAITING })
        .tiers({ measure: 'points' }),
    );
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member, spends(20_000)));
    shop.pass(1000).does(cancels(shop, id));
    expect(changesOf(shop, member).map(({ from, to }) => [from, to])).toEqual([
      ['basic', 'silver'],
      ['silver', 'basic'],
    ]);
  });
});

describe('a tier that a return of older terms left standing', () => {
  /** Silver by points that came with receipts and went back, under a policy that lets tiers stand until the 15th. */
  function kept(): { readonly shop: Shop; readonly member: Person } {
    const gift = { amount: basketBonus(10, 100), origin: 'non_purchase', pending: AWAITING } as const;
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy({ onReturn: 'keep' })
        .policy({ onReturn: 'reevaluate' }, { version: 2, from: '2026-03-15T00:00:00+01:00' })
        .accounting()
        .rule({ amount: perSpend({ stepMinor: 100 }), lines: including('grocery') })
        .rule({ ...gift, lines: including('gift') }, { key: 'gift' })
        .rule(
          { amount: perSpend({ stepMinor: 100 }), pending: AWAITING, lines: including('order') },
          { key: 'order' },
        )
        .tiers({ measure: 'points' }),
    );
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member, spends(20_000)));
    shop.pass(1000).does(shop.returns(id));
    shop.at('2026-03-16T12:00:00+01:00');
    return { shop, member };
  }

  const including = (category: string) => ({ includeCategories: [category], excludeCategories: [] });
  const spendsOn = (category: string) => ({ lines: purchaseLines({ amountMinor: 5_000, category }) });
  const tiersOf = (shop: Shop, member: Person) => changesOf(shop, member).map(({ to }) => to);

  it('ends with the next return that counts', () => {
    const { shop, member } = kept();
    const { id } = shop.does(shop.purchase(member, spends(5_000)));
    shop.pass(1000).does(shop.returns(id));
    expect(tiersOf(shop, member)).toEqual(['silver', 'basic']);
  });

  it('stands when goods come back that were bought while the member was suspended', () => {
    const { shop, member } = kept();
    shop.become(member, 'suspended');
    const { id } = shop.does(shop.purchase(member, spends(5_000)));
    shop.pass(1000).does(shop.returns(id));
    expect(tiersOf(shop, member)).toEqual(['silver']);
  });

  it('stands when points are cancelled that count for no tier', () => {
    const { shop, member } = kept();
    const { id } = shop.does(shop.purchase(member, spendsOn('gift')));
    shop.pass(1000).does(cancels(shop, id));
    expect(shop.ledger(member).movements.at(-1)).toMatchObject({ points: 10, to: 'cancelled' });
    expect(tiersOf(shop, member)).toEqual(['silver']);
  });

  it('stands when points are cancelled that counted for another one of the household', () => {
    const { shop, member: head } = kept();
    const adult = shop.member();
    const { id: household, accountId } = shop.does(opensHousehold(shop, head));
    shop.does(joins(shop, adult, household));
    shop.does(shop.purchase(adult, spendsOn('order')));
    const wallet: Person = { accountId: accountId as AccountId, memberId: head.memberId };
    shop.at('2026-06-16T12:00:00+02:00').does(shop.applyDue(wallet));
    expect(shop.ledger(wallet).movements.at(-1)).toMatchObject({ points: 50, to: 'cancelled' });
    expect(tiersOf(shop, head)).toEqual(['silver']);
  });
});

describe('the reason of a standing', () => {
  const reasonOf = (change: Partial<TierChange>, config: ConfigurationBuilder) => {
    const at = Date.parse('2026-03-12T12:00:00+01:00');
    const state = standing({}, [
      tierChange('gold', '2026-03-10T12:00:00+01:00', { from: 'basic', ...change }),
    ]);
    return standingView(state, config.build(), at).reason.type;
  };
  const upsideDown = ConfigurationBuilder.shop().tiers({
    tiers: [
      { key: 'gold', name: 'Gold', threshold: 0 },
      { key: 'basic', name: 'Basic', threshold: 100 },
    ],
  });
  const purchaseId = numberedId('pur', 1);

  it('is the cause that was kept, whatever the ladder of now says', () => {
    expect(reasonOf({ purchaseId, cause: 'purchase' }, upsideDown)).toBe('purchase');
    expect(reasonOf({ purchaseId: null, cause: 'purchase' }, upsideDown)).toBe('purchase');
  });

  it('of a change from before the cause was kept follows from its receipt and the ladder', () => {
    const config = ConfigurationBuilder.shop().tiers();
    expect(reasonOf({ purchaseId }, config)).toBe('purchase');
    expect(reasonOf({ purchaseId }, upsideDown)).toBe('cancellation');
    expect(reasonOf({ purchaseId, returnId: numberedId('ret', 1) }, config)).toBe('return');
    expect(reasonOf({ purchaseId: null }, config)).toBe('merge');
  });
});
