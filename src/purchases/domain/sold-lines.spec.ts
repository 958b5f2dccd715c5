import { purchaseLines } from '../../../test/builders/purchase.js';
import type { PurchaseLine, Tender } from '../../kernel/domain-events.js';
import { saleFault, soldLines } from './sold-lines.js';

describe('what lines are to the seller', () => {
  const kinds = (lines: readonly PurchaseLine[]) => lines.map(({ revenue }) => revenue);
  const byCategory = { 'gift-card': 'none', seller: 'agent' } as const;

  it('is what the category says where the line does not', () => {
    const lines = purchaseLines({ category: 'gift-card' }, { category: 'seller' }, {}, { category: null });
    expect(kinds(soldLines(lines, byCategory))).toEqual(['none', 'agent', undefined, undefined]);
  });

  it('is what the line says', () => {
    const lines = purchaseLines({ category: 'gift-card', revenue: 'own' }, { revenue: 'none' });
    expect(soldLines(lines, byCategory)).toBe(lines);
  });

  it('is what the category says in whatever case', () => {
    const lines = purchaseLines({ category: 'Gift-card' }, { category: 'SELLER' });
    expect(kinds(soldLines(lines, byCategory))).toEqual(['none', 'agent']);
  });

  it('is nothing that every object has', () => {
    const lines = purchaseLines({ category: 'constructor' }, { category: 'hasOwnProperty' });
    expect(soldLines(lines, byCategory)).toBe(lines);
  });
});

describe('a receipt whose parts do not go together', () => {
  const points = (amountMinor: number): Tender => ({ type: 'points', amountMinor });
  const coupon = (amountMinor: number): Tender => ({ type: 'coupon', kind: 'discount', amountMinor });

  it.each<[string, Partial<PurchaseLine>[], Tender[], string, Record<string, number>]>([
    ['an agent without a commission', [{}, { revenue: 'agent' }], [], 'COMMISSION_MISSING', { lineNo: 2 }],
    ['goods with one', [{ commissionMinor: 0 }], [], 'COMMISSION_NOT_EXPECTED', { lineNo: 1 }],
    [
      'coupons for more than our own goods',
      [{ amountMinor: 1000 }, { amountMinor: 5000, revenue: 'none' }],
      [coupon(1001)],
      'COUPONS_EXCEED_GOODS',
      { couponsMinor: 1001, pointsMinor: 0, linesMinor: 1000 },
    ],
    [
      'coupons beside points',
      [{ amountMinor: 1000 }, { amountMinor: 5000, revenue: 'agent', commissionMinor: 500 }],
      [points(600), coupon(401)],
      'COUPONS_EXCEED_GOODS',
      { couponsMinor: 401, pointsMinor: 600, linesMinor: 1000 },
    ],
  ])('%s', (_, lines, tenders, code, meta) => {
    expect(saleFault(purchaseLines(...lines), tenders)).toMatchObject({ code, meta });
  });

  it('is none where they do', () => {
    const lines = purchaseLines(
      { amountMinor: 1000 },
      { amountMinor: 5000, revenue: 'agent', commissionMinor: 0 },
    );
    expect(saleFault(lines, [points(600), coupon(400), { type: 'gift_card', amountMinor: 9000 }])).toBeNull();
  });
});
