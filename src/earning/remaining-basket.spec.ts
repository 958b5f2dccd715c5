import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import type { PurchaseLine } from '../kernel/domain-events.js';
import { pointsKept } from './remaining-basket.js';

const NOON = Date.parse('2026-03-10T12:00:00+01:00');
function receiptOf(lines: readonly PurchaseLine[]) {
  return { source: 'store-1', channel: null, lines, tenders: [], attributes: {} };
}

const onlyFood = { includeCategories: ['food'], excludeCategories: [] };

describe('what is left of a basket with a threshold bonus', () => {
  const config = new ConfigurationBuilder()
    .rule({ amount: basketBonus(50, 5000), lines: onlyFood })
    .rule({ amount: basketBonus(50, 1) }, { version: 2, from: '2026-03-01T00:00:00Z' })
    .rule({ amount: basketBonus(50, 5000), basis: 'net' }, { key: 'net' })
    .rule({ amount: basketBonus(50, 0) }, { key: 'any' })
    .rule({ amount: perSpend() }, { key: 'plain' })
    .build();
  const keeps = (
    id: string,
    amountMinor: number,
    rest: { taxMinor?: number; category?: string } = {},
    paid = 0,
    coupons = 0,
    trace: unknown = [],
  ) => {
    const lines = purchaseLines({ amountMinor, category: 'food', ...rest });
    const paidOtherwise = { pointsMinor: paid, discountMinor: coupons };
    return pointsKept(
      config,
      { id, version: 1 },
      { occurredAt: NOON, receipt: receiptOf(lines), sold: lines, paidOtherwise, trace },
    );
  };

  it('keeps it as long as it reaches the threshold of the version that gave it', () => {
    expect([keeps('base', 5000), keeps('base', 4999)]).toEqual([50, 0]);
  });

  it('counts what the rule counts: its lines, without tax, without what points or coupons paid for', () => {
    expect(keeps('base', 9000, { category: 'toys' })).toBe(0);
    expect([keeps('net', 5250, { taxMinor: 250 }), keeps('net', 5249, { taxMinor: 250 })]).toEqual([50, 0]);
    expect([keeps('base', 6000, {}, 1000), keeps('base', 6000, {}, 1001)]).toEqual([50, 0]);
    expect([keeps('base', 6000, {}, 500, 500), keeps('base', 6000, {}, 500, 501)]).toEqual([50, 0]);
  });

  it('keeps a bonus for any basket until there is none', () => {
    const nothing = {
      occurredAt: NOON,
      receipt: receiptOf([]),
      sold: [],
      trace: [],
      paidOtherwise: { pointsMinor: 0, discountMinor: 0 },
    };
    expect([keeps('any', 1), pointsKept(config, { id: 'any', version: 1 }, nothing)]).toEqual([50, 0]);
  });

  it('has nothing to do with rules that have no threshold', () => {
    expect([keeps('plain', 5000), keeps('unheard-of', 5000)]).toEqual([null, null]);
  });
});
