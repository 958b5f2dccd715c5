import { lot, lotId } from '../../../test/builders/ledger.js';
import {
  compareSpendingOrder,
  isPastExpiry,
  livePoints,
  lotLiability,
  movePoints,
  openPoints,
  pointsOut,
} from './lot.js';

describe('moving points of a lot', () => {
  it('takes them from one bucket and puts them into another', () => {
    expect(movePoints(lot(1), 'available', 'held', 30)).toMatchObject({
      available: 70,
      held: 30,
      points: 100,
    });
  });

  it('leaves the lot as it is where it only changes terms', () => {
    const before = lot(1);
    expect(movePoints(before, 'available', 'available', 100)).toBe(before);
    expect(() => movePoints(before, 'held', 'held', 1)).toThrow('has 0 points held, not 1');
  });

  it('fills a new lot', () => {
    expect(movePoints(lot(1, { available: 0 }), 'issued', 'available', 100)).toMatchObject({
      available: 100,
    });
  });

  it('leaves the lot that was given as it was', () => {
    const before = lot(1);
    movePoints(before, 'available', 'redeemed', 100);
    expect(before.available).toBe(100);
  });

  it('never takes a bucket below zero', () => {
    expect(() => movePoints(lot(1), 'available', 'redeemed', 101)).toThrow(RangeError);
    expect(() => movePoints(lot(1), 'held', 'redeemed', 1)).toThrow(RangeError);
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses to move %d points', (points) => {
    expect(() => movePoints(lot(1), 'available', 'held', points)).toThrow(`cannot move ${points} points`);
  });
});

describe('what a lot still owes', () => {
  const used = lot(1, { available: 20, held: 30, redeemed: 40, expired: 10 });

  it('is what is available and held', () => {
    expect([livePoints(used), pointsOut(used)]).toEqual([50, 50]);
  });

  it('is what is pending, too, but not what is not handed over yet', () => {
    const waiting = lot(1, { available: 0, pending: 60, undelivered: 40 });
    expect([livePoints(waiting), pointsOut(waiting), openPoints(waiting)]).toEqual([60, 40, 100]);
    expect(lotLiability(waiting)).toBe(5_400_000n);
  });

  it('carries its share of what was allocated', () => {
    expect(lotLiability(used)).toBe(4_500_000n);
    expect(lotLiability(lot(1, { available: 0, redeemed: 100 }))).toBe(0n);
  });
});

describe('the spending order', () => {
  const order = (...lots: Parameters<typeof compareSpendingOrder>): string[] =>
    lots.sort(compareSpendingOrder).map((item) => item.lotId);

  it('takes what expires first, though earned last', () => {
    const later = lot(1, { expiresAt: 2000, earnedAt: 1 });
    const sooner = lot(2, { expiresAt: 1000, earnedAt: 9 });
    expect(order(later, sooner)).toEqual([lotId(2), lotId(1)]);
  });

  it('takes what never expires last', () => {
    expect(order(lot(1, { expiresAt: null }), lot(2, { expiresAt: 1000 }))).toEqual([lotId(2), lotId(1)]);
  });

  it('takes of equal expiries what was earned first', () => {
    expect(order(lot(1, { earnedAt: 9 }), lot(2, { earnedAt: 1 }))).toEqual([lotId(2), lotId(1)]);
    expect(order(lot(1, { expiresAt: 5, earnedAt: 9 }), lot(2, { expiresAt: 5, earnedAt: 1 }))).toEqual([
      lotId(2),
      lotId(1),
    ]);
  });

  it('takes of otherwise equal lots the one with the lower id', () => {
    expect(order(lot(2), lot(1))).toEqual([lotId(1), lotId(2)]);
    expect(order(lot(1), lot(2))).toEqual([lotId(1), lotId(2)]);
  });
});

describe('the expiry of a lot', () => {
  it('is exclusive: at its instant the lot is past', () => {
    expect(isPastExpiry(lot(1, { expiresAt: 1000 }), 999)).toBe(false);
    expect(isPastExpiry(lot(1, { expiresAt: 1000 }), 1000)).toBe(true);
  });

  it('never comes for a lot without one', () => {
    expect(isPastExpiry(lot(1, { expiresAt: null }), Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});
