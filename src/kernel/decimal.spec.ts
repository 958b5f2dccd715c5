import fc from 'fast-check';
import { compareDecimals, formatScaled, isDecimal, parseDecimal } from './decimal.js';

describe('parseDecimal', () => {
  it.each([
    ['0.95', 95n, 100n],
    ['1', 1n, 1n],
    ['0', 0n, 1n],
    ['1.50', 150n, 100n],
    ['007.5', 75n, 10n],
    ['123456789012345.123456789012', 123456789012345123456789012n, 10n ** 12n],
  ])('reads %s exactly', (text, numerator, denominator) => {
    expect(parseDecimal(text)).toEqual({ numerator, denominator });
  });

  it.each([
    '',
    '.5',
    '1.',
    '-1',
    '+1',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    '1\n',
    '0x10',
    'NaN',
    'Infinity',
    '1.2.3',
    '١',
  ])('refuses %j', (text) => {
    expect(isDecimal(text)).toBe(false);
    expect(() => parseDecimal(text)).toThrow(RangeError);
  });

  it('takes at most 15 digits and 12 decimals', () => {
    expect(isDecimal('1'.repeat(16))).toBe(false);
    expect(isDecimal(`0.${'1'.repeat(13)}`)).toBe(false);
  });
});

describe('compareDecimals', () => {
  it.each([
    ['1', '1.000', 0],
    ['0.5', '0.25', 1],
    ['0.000000000001', '0.000000000002', -1],
    ['999999999999999', '1000', 1],
  ])('of %s and %s is %i', (a, b, order) => {
    expect(compareDecimals(a, b)).toBe(order);
  });
});

describe('formatScaled', () => {
  it.each([
    [1234n, 2, '12.34'],
    [-1234n, 2, '-12.34'],
    [5n, 2, '0.05'],
    [-5n, 2, '-0.05'],
    [0n, 2, '0.00'],
    [42n, 0, '42'],
    [-42n, 0, '-42'],
    [10n ** 20n, 6, '100000000000000.000000'],
  ])('writes %d with scale %i as %s', (units, scale, text) => {
    expect(formatScaled(units, scale)).toBe(text);
  });

  it('writes what parseDecimal reads', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
        fc.integer({ min: 0, max: 12 }),
        (units, scale) => {
          const { numerator, denominator } = parseDecimal(formatScaled(units, scale));
          expect(numerator * 10n ** BigInt(scale)).toBe(units * denominator);
        },
      ),
    );
  });
});
