import {
  currencyExponent,
  formatMinor,
  formatSubLedger,
  isCurrency,
  minorToSubLedger,
  subLedgerUnitsPerMajor,
  subLedgerUnitsPerMinor,
} from './money.js';

describe('currencies', () => {
  it.each([
    ['TWD', 2],
    ['PLN', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['CLP', 0],
    ['ISK', 0],
    ['HUF', 2],
    ['KWD', 3],
    ['BHD', 3],
    ['TND', 3],
    ['CLF', 4],
  ])('%s has %i decimals in ISO 4217', (currency, exponent) => {
    expect(currencyExponent(currency)).toBe(exponent);
  });

  it.each(['TWD', 'JPY', 'KWD', 'EUR'])('knows %s', (code) => expect(isCurrency(code)).toBe(true));

  it.each(['', 'NTD', 'twd', 'TW', 'TWDX', '123'])('does not know %j', (code) =>
    expect(isCurrency(code)).toBe(false),
  );
});

describe('the two scales of money', () => {
  it('keeps four digits below the minor unit, whatever the currency', () => {
    expect(subLedgerUnitsPerMinor()).toBe(10_000n);
    expect(minorToSubLedger(105_000)).toBe(1_050_000_000n);
  });

  it.each([
    ['TWD', 1_000_000n],
    ['JPY', 10_000n],
    ['KWD', 10_000_000n],
  ])('has, in a major unit of %s, %d sub-ledger units', (currency, units) => {
    expect(subLedgerUnitsPerMajor(currency)).toBe(units);
  });

  it.each([
    [78_950_000n, 'TWD', '78.950000'],
    [-1n, 'TWD', '-0.000001'],
    [78_950_000n, 'JPY', '7895.0000'],
    [78_950_000n, 'KWD', '7.8950000'],
    [0n, 'TWD', '0.000000'],
  ])('writes %d sub-ledger units of %s as %s', (amount, currency, text) => {
    expect(formatSubLedger(amount, currency)).toBe(text);
  });

  it.each([
    [105_000n, 'TWD', '1050.00'],
    [105_000n, 'JPY', '105000'],
    [105_000n, 'KWD', '105.000'],
    [-5n, 'TWD', '-0.05'],
  ])('writes %d minor units of %s as %s', (minor, currency, text) => {
    expect(formatMinor(minor, currency)).toBe(text);
  });

  it('does not lose a unit of an amount past 2^53', () => {
    expect(formatSubLedger(minorToSubLedger(Number.MAX_SAFE_INTEGER), 'TWD')).toBe('90071992547409.910000');
  });
});
