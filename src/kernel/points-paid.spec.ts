import { purchaseLines } from '../../test/builders/purchase.js';
import type { Tender } from './domain-events.js';
import { paidLines, paidOtherwise } from './points-paid.js';

describe('what was not paid with money', () => {
  const lines = purchaseLines({ amountMinor: 3000 }, { amountMinor: 1000 });
  const paid = (...tenders: Tender[]) => paidOtherwise({ lines, tenders });

  it('is what the tenders of points come to, by their type or by their kind', () => {
    const cash = { type: 'cash', amountMinor: 2000 };
    expect(paid(cash, { type: 'points', amountMinor: 1000 })).toEqual({
      pointsMinor: 1000,
      discountMinor: 0,
    });
    expect(
      paid(cash, { type: 'smiles', kind: 'points', amountMinor: 700 }, { type: 'points', amountMinor: 300 }),
    ).toEqual({ pointsMinor: 1000, discountMinor: 0 });
  });

  it('is what coupons come to, beside the points', () => {
    const coupon: Tender = { type: 'coupon', kind: 'discount', amountMinor: 500 };
    expect(paid(coupon, { type: 'points', amountMinor: 1000 })).toEqual({
      pointsMinor: 1000,
      discountMinor: 500,
    });
  });

  it('is nothing without such a tender: a gift card is money, and so are points that say so', () => {
    const nothing = { pointsMinor: 0, discountMinor: 0 };
    expect(paid({ type: 'gift_card', amountMinor: 4000 })).toEqual(nothing);
    expect(paid({ type: 'points', kind: 'money', amountMinor: 4000 })).toEqual(nothing);
    expect(paid()).toEqual(nothing);
  });

  it('is no more than our own goods come to', () => {
    expect(paid({ type: 'points', amountMinor: 9000 })).toEqual({ pointsMinor: 4000, discountMinor: 0 });
    const mixed = purchaseLines({ amountMinor: 1000 }, { amountMinor: 5000, revenue: 'none' });
    const tenders: Tender[] = [
      { type: 'points', amountMinor: 800 },
      { type: 'coupon', kind: 'discount', amountMinor: 400 },
    ];
    expect(paidOtherwise({ lines: mixed, tenders })).toEqual({ pointsMinor: 600, discountMinor: 400 });
  });
});

describe('the lines as far as money paid for them', () => {
  const left = (pointsPaid: number, ...lines: [amountMinor: number, taxMinor: number][]) =>
    paidLines(
      purchaseLines(...lines.map(([amountMinor, taxMinor]) => ({ amountMinor, taxMinor }))),
      pointsPaid,
    ).map(({ amountMinor, taxMinor }) => [amountMinor, taxMinor]);

  it('are the lines where no points were used', () => {
    const lines = purchaseLines({});
    expect(paidLines(lines, 0)).toBe(lines);
  });

  it('bear the points by what they cost, to the last unit by largest remainder', () => {
    expect(left(100, [100, 0], [100, 0], [100, 0])).toEqual([
      [66, 0],
      [67, 0],
      [67, 0],
    ]);
    expect(left(1000, [3000, 0], [1000, 0])).toEqual([
      [2250, 0],
      [750, 0],
    ]);
  });

  it('keep their tax rate, rounded half up', () => {
    expect(left(5250, [10_500, 500])).toEqual([[5250, 250]]);
    expect(left(1, [3, 1])).toEqual([[2, 1]]);
    expect(left(2, [3, 1])).toEqual([[1, 0]]);
  });

  it('are empty where points paid for all', () => {
    expect(left(4000, [3000, 143], [1000, 48])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('cost nothing still when they cost nothing before', () => {
    expect(left(10, [0, 0], [20, 2])).toEqual([
      [0, 0],
      [10, 1],
    ]);
  });

  it('that are not our own goods stay as they are', () => {
    const lines = purchaseLines(
      { amountMinor: 5000, revenue: 'none' },
      { amountMinor: 1000, taxMinor: 100 },
      { amountMinor: 9000, revenue: 'agent', commissionMinor: 900 },
    );
    expect(paidLines(lines, 400)).toEqual([
      lines[0],
      { ...lines[1], amountMinor: 600, taxMinor: 60 },
      lines[2],
    ]);
  });
});
