import { earningRule, perSpend } from '../../../test/builders/earning-rule.js';
import { purchaseLines } from '../../../test/builders/purchase.js';
import type { PurchaseLine, Tender } from '../../kernel/domain-events.js';
import { basketOf } from './basket.js';
import type { EarningRule } from './earning-rule.js';
import { evaluateRule } from './evaluate-rule.js';
import { NO_CONDITIONS } from './rule-conditions.js';

interface Paid {
  readonly points?: number;
  readonly coupons?: number;
  readonly tenders?: readonly Tender[];
}

/** The basis and the points of a rule of one point for 10.00. */
function basis(
  rule: Partial<EarningRule>,
  lines: readonly Partial<PurchaseLine>[],
  { points = 0, coupons = 0, tenders = [] }: Paid = {},
) {
  const { trace } = evaluateRule(
    earningRule({ amount: perSpend(), ...rule }),
    { id: 'r', version: 1 },
    {
      basket: basketOf(purchaseLines(...lines), points, coupons, tenders),
      tier: null,
      occurredAt: 0,
      memberActive: true,
      conditionsOf: () => NO_CONDITIONS,
    },
  );
  return [trace.basisMinor, trace.points, trace.why];
}

const only = (...onlyTenders: string[]) => ({
  counts: { discounts: 'after', onlyTenders, withoutTenders: [] } as const,
});
const without = (...withoutTenders: string[]) => ({
  counts: { discounts: 'after', onlyTenders: [], withoutTenders } as const,
});
const before = { counts: { discounts: 'before', onlyTenders: [], withoutTenders: [] } } as const;

describe('the tenders that count', () => {
  const tenders = [
    { type: 'Px_Pay', amountMinor: 6_000 },
    { type: 'cash', amountMinor: 4_000 },
  ];

  it('are all that were used, or those that are named', () => {
    expect(basis({}, [{}], { tenders })).toEqual([10_000, 10, 'matched']);
    expect(basis(only('px_pay'), [{}], { tenders })).toEqual([6_000, 6, 'matched']);
    expect(basis(without('px_pay'), [{}], { tenders })).toEqual([4_000, 4, 'matched']);
    expect(basis(only('px_pay', 'cash'), [{}], { tenders })).toEqual([10_000, 10, 'matched']);
  });

  it('may have paid nothing, and a receipt may name none', () => {
    expect(basis(only('line_pay'), [{}], { tenders })).toEqual([0, 0, 'tenderNotUsed']);
    expect(basis(only('px_pay'), [{}])).toEqual([0, 0, 'tenderNotUsed']);
    expect(basis(without('px_pay'), [{}])).toEqual([10_000, 10, 'matched']);
  });

  it('paid for every line in proportion, with the tax in it', () => {
    const net = { ...only('px_pay'), basis: 'net' as const };
    const lines = [
      { amountMinor: 7_500, taxMinor: 500 },
      { amountMinor: 2_500, taxMinor: 0, category: 'wine' },
    ];
    // 60 % of 75.00 is 45.00 with 3.00 tax in it, 60 % of 25.00 is 15.00.
    expect(basis(net, lines, { tenders })[0]).toBe(5_700);
    const wine = { ...only('px_pay'), lines: { includeCategories: ['wine'], excludeCategories: [] } };
    expect(basis(wine, lines, { tenders })[0]).toBe(1_500);
  });

  it('share what coupons and points left', () => {
    const rest = [
      { type: 'px_pay', amountMinor: 3_000 },
      { type: 'cash', amountMinor: 3_000 },
    ];
    expect(basis(only('px_pay'), [{}], { points: 1_000, coupons: 3_000, tenders: rest })[0]).toBe(3_000);
    expect(basis(without('px_pay'), [{}], { points: 1_000, coupons: 3_000, tenders: rest })[0]).toBe(3_000);
  });
});

describe('money before discounts', () => {
  it('is the list price of lines that have one, and what coupons paid', () => {
    const lines = [{ listMinor: 12_000 }, { amountMinor: 5_000 }];
    expect(basis({}, lines, { coupons: 3_000 })[0]).toBe(12_000);
    expect(basis(before, lines, { coupons: 3_000 })[0]).toBe(17_000);
  });

  it('keeps the rate of the tax', () => {
    expect(basis({ ...before, basis: 'net' }, [{ taxMinor: 500, listMinor: 12_000 }])[0]).toBe(11_400);
  });

  it('is still without what points paid', () => {
    expect(basis(before, [{ listMinor: 12_000 }], { points: 2_000 })[0]).toBe(10_000);
    expect(basis({ ...before, earnOnPointsPaid: true }, [{ listMinor: 12_000 }], { points: 2_000 })[0]).toBe(
      12_000,
    );
  });
});
