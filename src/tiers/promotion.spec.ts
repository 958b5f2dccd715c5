import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';

const spends = (amountMinor: number) => ({ lines: purchaseLines({ amountMinor }) });

/** Gold needs 500 at first, and 50 from the 12th of March on. */
function shopWithLoweredLadder(): Shop {
  const rung = (threshold: number) => ({
    measure: 'spend' as const,
    tiers: [
      { key: 'basic', name: 'Basic', threshold: 0 },
      { key: 'gold', name: 'Gold', threshold },
    ],
  });
  const configuration = new ConfigurationBuilder()
    .policy()
    .accounting()
    .rule({ amount: perSpend({ stepMinor: 100 }) })
    .tiers(rung(500))
    .tiers(rung(50), { version: 2, from: '2026-03-12T00:00:00+01:00' });
  return new Shop(configuration);
}

describe('a receipt on a ladder whose rung was lowered', () => {
  it('promotes an active member by what was spent before', () => {
    const shop = shopWithLoweredLadder();
    const member = shop.member();
    shop.does(shop.purchase(member, spends(400)));
    expect(shop.at('2026-03-12T12:00:00+01:00').does(shop.purchase(member, spends(1))).standing.tier).toBe(
      'gold',
    );
  });

  it('does not promote a suspended member', () => {
    const shop = shopWithLoweredLadder();
    const member = shop.member();
    shop.does(shop.purchase(member, spends(400)));
    shop.become(member, 'suspended');
    const answer = shop.at('2026-03-12T12:00:00+01:00').does(shop.purchase(member, spends(1)));
    expect(answer).toMatchObject({ standing: { tier: 'basic' }, tierChange: null });
  });
});
