import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import { expectLedgerToAddUp } from '../../test/invariants/ledger.js';

describe('points that come of age on an account that owes some', () => {
  it('fill the debt when they do, however late that is settled', () => {
    const only = (category: string) => ({ includeCategories: [category], excludeCategories: [] });
    const shop = new Shop(
      new ConfigurationBuilder()
        .policy({ expiry: { type: 'never' } })
        .accounting()
        .rule({ lines: only('grocery') })
        .rule({ lines: only('order'), pending: { type: 'days', days: 40 } }, { key: 'order' }),
    );
    const member = shop.member();
    shop.does(shop.purchase(member, { lines: purchaseLines({ category: 'order' }) }));
    const { id } = shop.does(shop.purchase(member));
    shop.does(shop.redeem(member, { points: 10 }));
    shop.does(shop.returns(id));
    expect(shop.ledger(member)).toMatchObject({ pending: 10, available: 0, debt: 10 });
    shop.at('2026-06-01T12:00:00+02:00').does(shop.applyDue(member));
    expect(shop.ledger(member)).toMatchObject({ pending: 0, available: 0, debt: 0 });
    const dates = shop.ledger(member).movements.slice(-2);
    expect(dates.map(({ postingDate }) => postingDate)).toEqual(['2026-04-20', '2026-04-20']);
    expectLedgerToAddUp(shop.ledger(member));
  });
});
