import { purchaseLines } from '../../../test/builders/purchase.js';
import { redemptionFacts } from '../../../test/builders/redemption.js';
import { coverTender } from './cover-tender.js';
import { exceededLimit, pointsOnReceipt, type PointsLimits } from './points-limits.js';

const none: PointsLimits = { maximumPoints: null, maximumMinor: null, maximumShare: null };
const use = { points: 50, discountMinor: 500, basketMinor: 1000 };

describe('the limits of points off a basket', () => {
  it('let everything pass where there are none', () => {
    expect(exceededLimit(none, use)).toBeNull();
  });

  it.each([
    ['maximumPoints', { maximumPoints: 50 }, { maximumPoints: 49 }, 'ABOVE_MAXIMUM_POINTS'],
    ['maximumMinor', { maximumMinor: 500 }, { maximumMinor: 499 }, 'ABOVE_MAXIMUM_DISCOUNT'],
    ['maximumShare', { maximumShare: '0.5' }, { maximumShare: '0.4999' }, 'ABOVE_MAXIMUM_SHARE'],
  ])('let pass what %s allows and no more', (_, enough, tooLittle, code) => {
    expect(exceededLimit({ ...none, ...enough }, use)).toBeNull();
    expect(exceededLimit({ ...none, ...tooLittle }, use)?.code).toBe(code);
  });

  it('say what may be used and what was asked', () => {
    const limits = { maximumPoints: 40, maximumMinor: 400, maximumShare: '0.333' };
    expect(exceededLimit(limits, use)?.meta).toEqual({ maximumPoints: 40, asked: 50 });
    expect(exceededLimit({ ...limits, maximumPoints: null }, use)?.meta).toEqual({
      maximumMinor: 400,
      asked: 500,
    });
    expect(exceededLimit({ ...none, maximumShare: '0.333' }, { ...use, basketMinor: 1001 })?.meta).toEqual({
      maximumShare: '0.333',
      maximumMinor: 333,
      basketMinor: 1001,
      asked: 500,
    });
  });

  it('leave the share alone where nobody said what the basket comes to', () => {
    expect(exceededLimit({ ...none, maximumShare: '0' }, { ...use, basketMinor: null })).toBeNull();
  });

  it('let points pay for all of a basket, or nothing', () => {
    const whole = { ...use, basketMinor: 500 };
    expect(exceededLimit({ ...none, maximumShare: '1' }, whole)).toBeNull();
    expect(exceededLimit({ ...none, maximumShare: '1' }, { ...whole, basketMinor: 499 })).not.toBeNull();
    expect(exceededLimit({ ...none, maximumShare: '0' }, { ...whole, discountMinor: 1 })).not.toBeNull();
  });
});

describe('the points on a receipt', () => {
  const lines = purchaseLines({ amountMinor: 700 }, { amountMinor: 300 });

  it('are those of its redemptions off the basket, less what came back', () => {
    const redemptions = [
      redemptionFacts({ points: 10, discountMinor: 100 }),
      redemptionFacts({ points: 20, discountMinor: 200, reversedPoints: 5 }),
      redemptionFacts({ points: 99, discountMinor: 400, reward: { id: 'mug', version: 1 } }),
    ];
    expect(pointsOnReceipt({ lines, tenders: [] }, coverTender(redemptions, null))).toEqual({
      discountMinor: 650,
      tenderedMinor: 0,
      goodsMinor: 1000,
      offBasket: { points: 25, discountMinor: 250, basketMinor: 1250 },
    });
  });

  it('belong to the lines where they are a tender', () => {
    const tenders = [
      { type: 'points', amountMinor: 60 },
      { type: 'points', amountMinor: 40 },
      { type: 'card', amountMinor: 900 },
    ];
    const redemptions = [redemptionFacts({ points: 10, discountMinor: 100 })];
    expect(pointsOnReceipt({ lines, tenders }, coverTender(redemptions, 100))).toEqual({
      discountMinor: 100,
      tenderedMinor: 100,
      goodsMinor: 1000,
      offBasket: { points: 10, discountMinor: 100, basketMinor: 1000 },
    });
  });

  it('are of holds what the tender needs', () => {
    const tenders = [{ type: 'points', amountMinor: 95 }];
    const held = [10, 20].map((points) =>
      redemptionFacts({ status: 'authorised', points, discountMinor: points * 10 }),
    );
    expect(pointsOnReceipt({ lines, tenders }, coverTender(held, 95))).toEqual({
      discountMinor: 95,
      tenderedMinor: 95,
      goodsMinor: 1000,
      offBasket: { points: 10, discountMinor: 95, basketMinor: 1000 },
    });
  });
});
