import { purchaseLines } from '../../test/builders/purchase.js';
import { paidLines, pointsPaidMinor } from './points-paid.js';

describe('what was paid with points', () => {
  const lines = purchaseLines({ amountMinor: 3000 }, { amountMinor: 1000 });
  const paid = (...tenders: { type: string; amountMinor: number }[]) => pointsPaidMinor({ lines, tenders });

  it('is what the tenders of that type come to', () => {
    expect(paid({ type: 'cash', amountMinor: 3000 }, { type: 'points', amountMinor: 1000 })).toBe(1000);
    expect(paid({ type: 'points', amountMinor: 700 }, { type: 'points', amountMinor: 300 })).toBe(1000);
  });

  it('is nothing without one, whatever the lines were reduced by before', () => {
    expect(paid({ type: 'card', amountMinor: 4000 })).toBe(0);
    expect(paid()).toBe(0);
  });

  it('is no more than there is to pay', () => {
    expect(paid({ type: 'points', amountMinor: 9000 })).toBe(4000);
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
});
