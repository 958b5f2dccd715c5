import { formatScaled, parseDecimal } from '../../kernel/decimal.js';
import { allocateTransactionPrice, compensationAmount, type LotToValue } from './allocate.js';

/** Reads "91,324.20" at a number of decimals. */
function at(scale: number, text: string): bigint {
  const { numerator, denominator } = parseDecimal(text.replaceAll(',', ''));
  return (numerator * 10n ** BigInt(scale)) / denominator;
}

function lot(scale: number, points: number, value: string, probability: string, taxRate = '0'): LotToValue {
  const v = parseDecimal(value);
  return {
    points,
    valuePerPoint: { ...v, numerator: v.numerator * 10n ** BigInt(scale) },
    redemptionProbability: parseDecimal(probability),
    taxRate: parseDecimal(taxRate),
  };
}

interface Vector {
  readonly id: string;
  readonly scale: number;
  readonly price: string;
  readonly lines?: readonly string[];
  readonly lots: readonly (readonly [points: number, value: string, probability: string, taxRate?: string])[];
  readonly points: readonly string[];
  readonly goods: readonly string[];
}

/** accounting-vectors.json: what their allocation says. Recognition over years by an estimate is not its matter. */
const VECTORS: readonly Vector[] = [
  {
    id: 'A01 IFRS 15 Example 52',
    scale: 0,
    price: '100,000',
    lots: [[10_000, '1', '0.95']],
    points: ['8676'],
    goods: ['91324'],
  },
  {
    id: 'A01b Example 52 at 2 decimals',
    scale: 2,
    price: '100,000',
    lots: [[10_000, '1', '0.95']],
    points: ['8675.80'],
    goods: ['91324.20'],
  },
  {
    id: 'A04 KPMG Example 10A, percentages not rounded',
    scale: 2,
    price: '100,000',
    lots: [[10_000, '1', '0.97']],
    points: ['8842.30'],
    goods: ['91157.70'],
  },
  {
    // 25,000 of 30,000 points at 3.
    id: 'A05 Martz',
    scale: 0,
    price: '300,000',
    lots: [[30_000, '2.5', '1']],
    points: ['60000'],
    goods: ['240000'],
  },
  {
    id: 'A06 grocery retailer',
    scale: 0,
    price: '7,200,000',
    lots: [[10_000, '100', '0.8']],
    points: ['720000'],
    goods: ['6480000'],
  },
  {
    id: 'A07 Taiwan CPA firm',
    scale: 0,
    price: '80,000,000',
    lots: [[8000, '1250', '0.8']],
    points: ['7272727'],
    goods: ['72727273'],
  },
  {
    id: 'A08 CAS 14 exam 2024',
    scale: 2,
    price: '100,000',
    lots: [[10_000, '1', '0.9']],
    points: ['8256.88'],
    goods: ['91743.12'],
  },
  {
    id: 'A09 CAS 14 exam 2021',
    scale: 2,
    price: '9,000',
    lots: [[180, '1', '0.9']],
    points: ['159.14'],
    goods: ['8840.86'],
  },
  {
    id: 'A10 85 % redemption',
    scale: 2,
    price: '800,000',
    lots: [[80_000, '1', '0.85']],
    points: ['62672.81'],
    goods: ['737327.19'],
  },
  {
    id: 'A11 not the published 158',
    scale: 2,
    price: '2,000',
    lots: [[2000, '0.10', '0.85']],
    points: ['156.68'],
    goods: ['1843.32'],
  },
  {
    id: 'A14 three lines at 0 decimals',
    scale: 0,
    price: '1,999',
    lines: ['999', '700', '300'],
    lots: [[199, '1', '0.90']],
    points: ['164'],
    goods: ['917', '643', '275'],
  },
  {
    id: 'A14 three lines at 2 decimals',
    scale: 2,
    price: '1,999',
    lines: ['999', '700', '300'],
    lots: [[199, '1', '0.90']],
    points: ['164.37'],
    goods: ['916.86', '642.44', '275.33'],
  },
  {
    id: 'A15 JPY',
    scale: 0,
    price: '10,000',
    lots: [[100, '1', '0.8']],
    points: ['79'],
    goods: ['9921'],
  },
  {
    id: 'A15 KWD',
    scale: 3,
    price: '12.500',
    lots: [[125, '0.010', '0.7']],
    points: ['0.818'],
    goods: ['11.682'],
  },
  {
    id: 'A18 first lot',
    scale: 2,
    price: '1,000',
    lots: [[100, '1', '0.9']],
    points: ['82.57'],
    goods: ['917.43'],
  },
  {
    id: 'A18 third lot',
    scale: 2,
    price: '2,000',
    lots: [[200, '1', '0.9']],
    points: ['165.14'],
    goods: ['1834.86'],
  },
  {
    id: 'A20 value with 5 % tax in it',
    scale: 2,
    price: '1,000',
    lots: [[100, '1', '0.9', '0.05']],
    points: ['78.95'],
    goods: ['921.05'],
  },
  {
    id: 'A20 what the gross value would give',
    scale: 2,
    price: '1,000',
    lots: [[100, '1', '0.9']],
    points: ['82.57'],
    goods: ['917.43'],
  },
  {
    id: 'A22 remote method, probability 1',
    scale: 2,
    price: '100,000',
    lots: [[10_000, '1', '1']],
    points: ['9090.91'],
    goods: ['90909.09'],
  },
  {
    id: 'A24 sale',
    scale: 2,
    price: '1,000',
    lots: [[100, '1', '0.9']],
    points: ['82.57'],
    goods: ['917.43'],
  },
  {
    id: 'A27 two lots of one order',
    scale: 2,
    price: '1,000',
    lots: [
      [100, '1', '0.9'],
      [50, '1', '0.6'],
    ],
    points: ['80.36', '26.78'],
    goods: ['892.86'],
  },
];

describe('allocateTransactionPrice', () => {
  it.each(VECTORS)('$id', ({ scale, price, lines = [price], lots, points, goods }) => {
    const ssps = lines.map((text) => at(scale, text));
    const toValue = lots.map(([count, value, probability, tax]) =>
      lot(scale, count, value, probability, tax),
    );
    const allocation = allocateTransactionPrice(at(scale, price), ssps, toValue);
    expect(allocation.lots.map((amount) => formatScaled(amount, scale))).toEqual(points);
    expect(allocation.lines.map((amount) => formatScaled(amount, scale))).toEqual(goods);
  });

  it('gives nothing to points of a receipt without a price', () => {
    expect(allocateTransactionPrice(0n, [0n], [lot(6, 100, '1', '0.9')])).toEqual({
      lots: [0n],
      lines: [0n],
    });
  });

  it('gives nothing to points when neither they nor the goods have a price', () => {
    expect(allocateTransactionPrice(100n, [0n, 0n], [lot(6, 100, '0', '0.9')])).toEqual({
      lots: [0n],
      lines: [50n, 50n],
    });
  });

  it('weighs lots whose estimates have different numbers of decimals', () => {
    // Stand-alone selling prices 90, 12.5 and 7.5 beside goods of 890: 110 of 1,000 is the points'.
    const lots = [lot(0, 100, '1', '0.9'), lot(0, 50, '0.25', '1'), lot(0, 60, '0.25', '0.500')];
    expect(allocateTransactionPrice(1_000_000n, [890n], lots)).toEqual({
      lots: [90_000n, 12_500n, 7_500n],
      lines: [890_000n],
    });
  });

  it('leaves everything with the goods when no lot is to be valued', () => {
    expect(allocateTransactionPrice(100n, [60n, 40n], [])).toEqual({ lots: [], lines: [60n, 40n] });
  });
});

describe('compensationAmount', () => {
  const value = {
    valuePerPoint: { numerator: 1_000_000n, denominator: 1n },
    redemptionProbability: { numerator: 9n, denominator: 10n },
  };

  it('is the stand-alone selling price: points x value x probability', () => {
    expect(compensationAmount({ points: 100, ...value, taxRate: { numerator: 0n, denominator: 1n } })).toBe(
      90_000_000n,
    );
  });

  it('is net of the tax in the value, half up', () => {
    // 100 x 1 x 0.9 / 1.05 = 85.7142857
    expect(compensationAmount({ points: 100, ...value, taxRate: { numerator: 5n, denominator: 100n } })).toBe(
      85_714_286n,
    );
  });
});
