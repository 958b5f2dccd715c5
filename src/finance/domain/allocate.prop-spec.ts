import fc from 'fast-check';
import { allocateTransactionPrice } from './allocate.js';

const rational = (max: bigint) =>
  fc.record({ numerator: fc.bigInt({ min: 0n, max }), denominator: fc.constantFrom(1n, 10n, 100n, 10_000n) });
const lot = fc.record({
  points: fc.integer({ min: 1, max: 1_000_000_000 }),
  valuePerPoint: rational(10n ** 9n),
  redemptionProbability: rational(1n),
  taxRate: rational(100n),
});
const line = fc.bigInt({ min: 0n, max: 10n ** 15n });

describe('allocateTransactionPrice', () => {
  it('adds up to the transaction price exactly, with no part below zero (I3)', () => {
    fc.assert(
      fc.property(
        line,
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.array(lot, { maxLength: 5 }),
        (price, ssps, lots) => {
          const allocation = allocateTransactionPrice(price, ssps, lots);
          const parts = [...allocation.lots, ...allocation.lines];
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(price);
          expect(parts.every((part) => part >= 0n)).toBe(true);
        },
      ),
    );
  });

  it('gives the points the same whatever lines the goods are split into', () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.array(lot, { minLength: 1, maxLength: 5 }),
        (ssps, lots) => {
          const price = ssps.reduce((a, b) => a + b, 0n);
          expect(allocateTransactionPrice(price, ssps, lots).lots).toEqual(
            allocateTransactionPrice(price, [price], lots).lots,
          );
        },
      ),
    );
  });
});
