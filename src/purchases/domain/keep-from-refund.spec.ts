import { keepFromRefund } from './keep-from-refund.js';

describe('what is kept of a refund for spent points', () => {
  it.each([
    ['what they took off a basket', 80, { minorPerPoint: 10 }, 10_000, 'PLN', [800, 80]],
    ['what the accounts say a point is worth', 80, { valuePerPoint: '0.1' }, 10_000, 'PLN', [800, 80]],
    ['half a minor unit rounded up', 5, { valuePerPoint: '0.001' }, 10_000, 'PLN', [1, 5]],
    ['less than half a minor unit rounded down', 4, { valuePerPoint: '0.001' }, 10_000, 'PLN', [0, 4]],
    ['in a currency without minor units', 5, { valuePerPoint: '0.5' }, 10_000, 'JPY', [3, 5]],
    ['in a currency with three digits', 5, { valuePerPoint: '0.5' }, 10_000, 'KWD', [2500, 5]],
    ['whole points, never more than the refund', 80, { minorPerPoint: 10 }, 799, 'PLN', [790, 79]],
    ['nothing for no points', 0, { minorPerPoint: 10 }, 799, 'PLN', [0, 0]],
    ['nothing for points that are worth nothing', 80, { valuePerPoint: '0' }, 799, 'PLN', [0, 0]],
  ])('%s', (_, points, worth, refundMinor, currency, expected) => {
    const { minor, points: paid } = keepFromRefund(points, worth, refundMinor, currency);
    expect([minor, paid]).toEqual(expected);
  });
});
