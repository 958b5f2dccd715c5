import fc from 'fast-check';
import { formatScaled } from '../../kernel/decimal.js';
import { parseMoney, parseQuantity, parseSignedMoney, type NumberFormat } from './money-text.js';

const POINT: NumberFormat = {
  decimalSeparator: '.',
  thousandsSeparator: null,
  trailingZeros: 'reject',
  currencySigns: [],
};
const GERMAN: NumberFormat = { ...POINT, decimalSeparator: ',', thousandsSeparator: '.' };
const MAX = 1_000_000_000_000;

const minor = (text: string, exponent = 2, format = POINT) => {
  const read = parseMoney(text, exponent, MAX, format);
  return read.ok ? read.value : read.refusal;
};

describe('parseMoney', () => {
  it.each([
    ['3.86', 386],
    ['1', 100],
    ['1.5', 150],
    ['0', 0],
    ['0.00', 0],
    [' 12.30 ', 1230],
    ['007.10', 710],
    // 0.29 x 100 is 28.999999999999996 in floating point.
    ['0.29', 29],
    ['1.005', 'TOO_MANY_DECIMALS'],
    ['1.500', 'TOO_MANY_DECIMALS'],
    ['', 'BLANK'],
    ['  ', 'BLANK'],
    ['-1.00', 'NEGATIVE'],
    ['−1.00', 'NEGATIVE'],
    ['1.00-', 'NEGATIVE'],
    ['(1.00)', 'NEGATIVE'],
    ['4.440892e-16', 'NOT_A_NUMBER'],
    ['$3.86', 'NOT_A_NUMBER'],
    ['+3', 'NOT_A_NUMBER'],
    ['1,234.00', 'NOT_A_NUMBER'],
    ['1.2.3', 'NOT_A_NUMBER'],
    ['.5', 'NOT_A_NUMBER'],
    ['5.', 'NOT_A_NUMBER'],
    ['10000000000', MAX],
    ['10000000000.01', 'TOO_LARGE'],
    ['99999999999999999999', 'TOO_LARGE'],
  ])('reads "%s" as %p', (text, expected) => expect(minor(text)).toBe(expected));

  it('knows the decimals of the currency', () => {
    expect(minor('105', 0)).toBe(105);
    expect(minor('105.0', 0)).toBe('TOO_MANY_DECIMALS');
    expect(minor('1.234', 3)).toBe(1234);
  });

  it.each([
    ['1.234.567,89', 123456789],
    ['1234,5', 123450],
    ['1.23', 'NOT_A_NUMBER'],
    ['12.3456', 'NOT_A_NUMBER'],
    ['.123', 'NOT_A_NUMBER'],
    ['1.234', 123400],
  ])('reads "%s" with groups of three as %p', (text, expected) =>
    expect(minor(text, 2, GERMAN)).toBe(expected),
  );

  it('drops zeros past the decimals when told to, and nothing else', () => {
    const drop = { ...POINT, trailingZeros: 'drop' } as const;
    expect(minor('1.5000', 2, drop)).toBe(150);
    expect(minor('1.5001', 2, drop)).toBe('TOO_MANY_DECIMALS');
  });

  it('reads back every amount that is written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX }), fc.integer({ min: 0, max: 4 }), (amount, exponent) => {
        expect(minor(formatScaled(BigInt(amount), exponent), exponent)).toBe(amount);
      }),
    );
  });
});

describe('parseQuantity', () => {
  it.each([
    ['2', '2'],
    ['0', '0'],
    ['007', '7'],
    ['1.250', '1.250'],
    ['-1', 'NEGATIVE'],
    ['1.1234567890123', 'TOO_MANY_DECIMALS'],
    ['one', 'NOT_A_NUMBER'],
  ])('reads "%s" as %p', (text, expected) => {
    const read = parseQuantity(text, POINT);
    expect(read.ok ? read.value : read.refusal).toBe(expected);
  });

  it('writes a point whatever the file writes', () => {
    expect(parseQuantity('1,5', GERMAN)).toEqual({ ok: true, value: '1.5' });
  });
});

describe('parseSignedMoney, with currency signs', () => {
  const format = { ...POINT, thousandsSeparator: ',', currencySigns: ['NT$', '$', '元'] };
  const signed = (text: string) => {
    const read = parseSignedMoney(text, 2, MAX, format);
    return read.ok ? read.value : read.refusal;
  };

  it.each([
    ['NT$1,250', 125_000],
    ['NT$ 1,250.50', 125_050],
    ['$3', 300],
    ['50元', 5_000],
    ['-NT$50', -5_000],
    ['NT$-50', -5_000],
    ['(NT$50)', -5_000],
    ['50-', -5_000],
    ['-50', -5_000],
    ['0', 0],
    ['NT$', 'NOT_A_NUMBER'],
    ['NT$$5', 'NOT_A_NUMBER'],
    ['--5', 'NOT_A_NUMBER'],
    ['(-5)', 'NOT_A_NUMBER'],
    ['€5', 'NOT_A_NUMBER'],
  ])('reads "%s" as %p', (text, expected) => expect(signed(text)).toBe(expected));
});
