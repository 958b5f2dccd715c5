import fc from 'fast-check';
import { carryingAmount } from './carrying-amount.js';

const lot = fc
  .record({
    allocated: fc.bigInt({ min: 0n, max: 10n ** 18n }),
    points: fc.integer({ min: 1, max: 1_000_000_000_000 }),
  })
  .chain((money) =>
    fc.tuple(
      fc.constant(money),
      fc.integer({ min: 0, max: money.points }),
      fc.integer({ min: 0, max: money.points }),
    ),
  );

describe('carryingAmount', () => {
  it('stays between zero and what was allocated, and ends at zero (I4)', () => {
    fc.assert(
      fc.property(lot, ([money, out]) => {
        const carrying = carryingAmount(money, out);
        expect(carrying >= 0n && carrying <= money.allocated).toBe(true);
        expect(carryingAmount(money, 0)).toBe(money.allocated);
        expect(carryingAmount(money, money.points)).toBe(0n);
      }),
    );
  });

  it('never grows as points leave', () => {
    fc.assert(
      fc.property(lot, ([money, a, b]) => {
        const [fewer, more] = a < b ? [a, b] : [b, a];
        expect(carryingAmount(money, more) <= carryingAmount(money, fewer)).toBe(true);
      }),
    );
  });
});
