import {
  divideCeil,
  divideFloor,
  divideHalfUp,
  multiplyDivideFloor,
  splitByLargestRemainder,
  toSafeNumber,
} from './division.js';

describe('divideHalfUp', () => {
  it.each([
    [7n, 2n, 4n],
    [5n, 2n, 3n],
    [1n, 2n, 1n],
    [1n, 3n, 0n],
    [2n, 3n, 1n],
    [0n, 5n, 0n],
    [6n, 3n, 2n],
    [-1n, 2n, -1n],
    [-5n, 2n, -3n],
    [-1n, 3n, 0n],
    [-2n, 3n, -1n],
    [10n ** 40n + 5n, 10n, 10n ** 39n + 1n],
  ])('rounds %d / %d to %d: halves go away from zero', (n, d, quotient) => {
    expect(divideHalfUp(n, d)).toBe(quotient);
  });
});

describe('divideFloor', () => {
  it.each([
    [7n, 2n, 3n],
    [6n, 2n, 3n],
    [0n, 2n, 0n],
    [-1n, 2n, -1n],
    [-6n, 2n, -3n],
    [-7n, 2n, -4n],
  ])('rounds %d / %d down to %d', (n, d, quotient) => {
    expect(divideFloor(n, d)).toBe(quotient);
  });
});

describe('divideCeil', () => {
  it.each([
    [7n, 2n, 4n],
    [6n, 2n, 3n],
    [0n, 2n, 0n],
    [1n, 7n, 1n],
    [-1n, 2n, 0n],
    [-7n, 2n, -3n],
  ])('rounds %d / %d up to %d', (n, d, quotient) => {
    expect(divideCeil(n, d)).toBe(quotient);
  });
});

describe.each([
  ['divideHalfUp', divideHalfUp],
  ['divideCeil', divideCeil],
  ['divideFloor', divideFloor],
])('%s', (_, divide) => {
  it.each([0n, -1n])('refuses the divisor %d', (d) => {
    expect(() => divide(1n, d)).toThrow(RangeError);
  });
});

describe('multiplyDivideFloor', () => {
  it('is exact where floating point is not', () => {
    // 9007199254740991 x 3 / 3 passes 2^53 on the way.
    expect(multiplyDivideFloor(Number.MAX_SAFE_INTEGER, 3n, 3n)).toBe(Number.MAX_SAFE_INTEGER);
    // In floating point 0.29 x 100 is 28.999999999999996, and its floor 28.
    expect(multiplyDivideFloor(100, 29n, 100n)).toBe(29);
  });

  it('drops the fraction', () => {
    expect(multiplyDivideFloor(5, 15n, 10n)).toBe(7);
  });

  it('refuses a result that a number cannot hold', () => {
    expect(() => multiplyDivideFloor(Number.MAX_SAFE_INTEGER, 2n, 1n)).toThrow(RangeError);
  });
});

describe('toSafeNumber', () => {
  it('keeps the largest whole number that is exact', () => {
    expect(toSafeNumber(9_007_199_254_740_991n)).toBe(9_007_199_254_740_991);
    expect(toSafeNumber(-9_007_199_254_740_991n)).toBe(-9_007_199_254_740_991);
  });

  it.each([2n ** 53n, -(2n ** 53n)])('refuses %d', (value) => {
    expect(() => toSafeNumber(value)).toThrow(RangeError);
  });
});

describe('splitByLargestRemainder', () => {
  it('gives what is left to the largest remainders', () => {
    // Exact shares 3.5, 2.1, 1.4: seven units, 0.5 is the largest remainder.
    expect(splitByLargestRemainder(7n, [50n, 30n, 20n])).toEqual([4n, 2n, 1n]);
  });

  it('gives ties to the lower index', () => {
    expect(splitByLargestRemainder(2n, [1n, 1n, 1n])).toEqual([1n, 1n, 0n]);
    expect(splitByLargestRemainder(1n, [3n, 3n])).toEqual([1n, 0n]);
  });

  it('gives nothing to a weight of zero beside others', () => {
    expect(splitByLargestRemainder(10n, [0n, 1n, 0n, 2n])).toEqual([0n, 3n, 0n, 7n]);
  });

  it('splits over weights that are all zero as if they were equal', () => {
    expect(splitByLargestRemainder(5n, [0n, 0n, 0n])).toEqual([2n, 2n, 1n]);
  });

  it('splits nothing into nothing', () => {
    expect(splitByLargestRemainder(0n, [4n, 5n])).toEqual([0n, 0n]);
    expect(splitByLargestRemainder(0n, [])).toEqual([]);
  });

  it.each([
    ['a total without any weight', 1n, []],
    ['a negative total', -1n, [1n]],
    ['a negative weight', 1n, [2n, -1n]],
  ])('refuses %s', (_, total, weights) => {
    expect(() => splitByLargestRemainder(total, weights)).toThrow(RangeError);
  });
});
