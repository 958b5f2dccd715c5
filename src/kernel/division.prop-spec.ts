import fc from 'fast-check';
import { divideFloor, divideHalfUp, splitByLargestRemainder } from './division.js';

const amount = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const divisor = fc.bigInt({ min: 1n, max: 10n ** 20n });
const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

describe('division, whatever the numbers', () => {
  it('half up is never more than half a divisor away', () => {
    fc.assert(
      fc.property(amount, divisor, (n, d) => {
        expect(2n * absolute(divideHalfUp(n, d) * d - n) <= d).toBe(true);
      }),
    );
  });

  it('half up treats a debit as it treats a credit', () => {
    fc.assert(
      fc.property(amount, divisor, (n, d) => {
        expect(divideHalfUp(-n, d)).toBe(-divideHalfUp(n, d));
      }),
    );
  });

  it('floor leaves a remainder from zero to less than the divisor', () => {
    fc.assert(
      fc.property(amount, divisor, (n, d) => {
        const remainder = n - divideFloor(n, d) * d;
        expect(remainder >= 0n && remainder < d).toBe(true);
      }),
    );
  });
});

describe('splitByLargestRemainder, whatever the weights', () => {
  const total = fc.bigInt({ min: 0n, max: 10n ** 18n });
  const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 30 });

  it('adds up to the total', () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        expect(splitByLargestRemainder(whole, shares).reduce((a, b) => a + b, 0n)).toBe(whole);
      }),
    );
  });

  it('stays within one unit of every exact share', () => {
    fc.assert(
      fc.property(total, weights, (whole, shares) => {
        const sum = shares.reduce((a, b) => a + b, 0n);
        fc.pre(sum > 0n);
        for (const [index, part] of splitByLargestRemainder(whole, shares).entries()) {
          expect(absolute(part * sum - whole * (shares[index] as bigint)) < sum).toBe(true);
        }
      }),
    );
  });

  it('gives equal weights parts that differ by at most one, the lower index never less', () => {
    fc.assert(
      fc.property(total, fc.integer({ min: 1, max: 30 }), (whole, count) => {
        const parts = splitByLargestRemainder(
          whole,
          Array.from({ length: count }, () => 1n),
        );
        const falling = [...parts].sort((a, b) => (a > b ? -1 : a < b ? 1 : 0));
        expect(parts).toEqual(falling);
        expect((parts[0] as bigint) - (parts.at(-1) as bigint) <= 1n).toBe(true);
      }),
    );
  });
});
