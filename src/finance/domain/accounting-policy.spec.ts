import { pointValue, type AccountingPolicy } from './accounting-policy.js';

function policy(overrides: Partial<AccountingPolicy> = {}): AccountingPolicy {
  return {
    entity: 'Laurel Trading',
    method: 'relative_ssp',
    valuePerPoint: '0.25',
    redemptionProbability: '0.9',
    valueIncludesTax: false,
    taxRate: '0.05',
    accounts: {},
    ...overrides,
  };
}

describe('the value of a point', () => {
  it.each([
    // 0.25 of a major unit, in units of the sub-ledger: four digits below the currency's minor unit.
    ['TWD', 250_000n],
    ['JPY', 2_500n],
    ['KWD', 2_500_000n],
  ])('is at the scale of the sub-ledger in %s', (currency, units) => {
    const { numerator, denominator } = pointValue(policy(), currency).valuePerPoint;
    expect(numerator).toBe(units * denominator);
  });

  it('comes with the share of points expected to be redeemed', () => {
    expect(pointValue(policy(), 'TWD').redemptionProbability).toEqual({ numerator: 9n, denominator: 10n });
  });

  it('contains tax to be taken out only where the policy says so', () => {
    const rate = (valueIncludesTax: boolean) => pointValue(policy({ valueIncludesTax }), 'TWD').taxRate;
    expect(rate(true)).toEqual({ numerator: 5n, denominator: 100n });
    expect(rate(false)).toEqual({ numerator: 0n, denominator: 1n });
  });
});
