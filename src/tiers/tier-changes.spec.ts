import { merges } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import { standingSlice } from './index.js';

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
  it('is the receipt that brought it, the ladder it was judged by, and from when on it holds', () => {
    const shop = shopWith(1000, 50);
    const member = shop.member();
    shop.at('2026-03-12T12:00:00+01:00');
    const { id } = shop.does(shop.purchase(member, spends(50, '2026-03-12T09:00:00+01:00')));
    expect(changesOf(shop, member)).toMatchObject([
      {
        ...{ from: 'basic', to: 'gold', purchaseId: id, returnId: null },
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
      { to: 'gold', since: shop.clock, tierSet: { id: 'main', version: 2 } },
    ]);
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

describe('points that are cancelled while they wait', () => {
  const AWAITING = { type: 'event', event: 'delivered', thenDays: 7, cancelAfterDays: 60 } as const;

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
    const cancel = { purchaseId: id as string, type: 'cancelled', occurredAt: shop.pass(1000).clock };
    shop.does(shop.command('purchase.event', { kind: 'purchase', id: id as string }, cancel, {}));
    expect(changesOf(shop, member).map(({ from, to }) => [from, to])).toEqual([
      ['basic', 'silver'],
      ['silver', 'basic'],
    ]);
  });
});
