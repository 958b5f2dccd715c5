import type { Left } from './amounts.js';
import { changed, covered, hasReached, inSlices, planDraw, SLICES, totalLeft } from './draw.js';

const points = (...amounts: readonly number[]): readonly Left[] =>
  amounts.map((amount) => ({ points: amount, uses: null, cost: null }));
const left = (fields: Partial<Left>): Left => ({ points: null, uses: null, cost: null, ...fields });

describe('what a budget covers', () => {
  it.each([
    [left({ points: 30 }), 'truncate', 30],
    [left({ points: 30 }), 'refuse', 0],
    [left({ points: 50 }), 'refuse', 50],
    [left({ uses: 0 }), 'truncate', 0],
    [left({ uses: 1 }), 'truncate', 50],
    // 7 a point: 48 of 50 are covered by 340.
    [left({ cost: 340n }), 'truncate', 48],
    [left({ cost: 340n, points: 20 }), 'truncate', 20],
    [left({ cost: 6n }), 'truncate', 0],
  ] as const)('%j, %s: %d of 50 points at 7 each', (rest, onExceed, given) => {
    expect(covered(50, 7n, rest, onExceed)).toBe(given);
  });

  it('takes points that cost nothing out of no money', () => {
    expect(covered(50, 0n, left({ cost: 0n }), 'truncate')).toBe(50);
  });
});

describe('a draw on slices', () => {
  it('takes from the own slice alone as long as that is enough', () => {
    expect(planDraw(points(9, 50, 9), 1, 50, 0n)).toEqual([{ slice: 1, points: -50, uses: 0, cost: 0n }]);
  });

  it('lets the slices behind the own one give half, or what is lacking if that is more', () => {
    const slices = points(40, 5, 30);
    // 15 are lacking: slice 2 gives 15, which is its half.
    expect(changed(slices, planDraw(slices, 1, 20, 0n))).toEqual(points(40, 0, 15));
    // 2 are lacking: slice 2 gives 15, so that 13 are at hand.
    expect(changed(slices, planDraw(slices, 1, 7, 0n))).toEqual(points(40, 13, 15));
    // 60 are lacking: slice 2 gives all it has, then slice 0.
    expect(changed(slices, planDraw(slices, 1, 65, 0n))).toEqual(points(10, 0, 0));
  });

  it('leaves nothing over when all slices together have just enough', () => {
    const slices = points(1, 2, 3, 4);
    expect(totalLeft(changed(slices, planDraw(slices, 3, 10, 0n))).points).toBe(0);
  });

  it('counts each unit by itself', () => {
    const slices: readonly Left[] = [
      { points: null, uses: 0, cost: 100n },
      { points: null, uses: 2, cost: 0n },
    ];
    expect(planDraw(slices, 0, 10, 7n)).toEqual([
      { slice: 0, points: 0, uses: 0, cost: -70n },
      { slice: 1, points: 0, uses: -1, cost: 0n },
    ]);
  });

  it('does not draw what is not there', () => {
    expect(() => planDraw(points(1, 1), 0, 3, 0n)).toThrow('a budget has too little left');
  });
});

describe('a limit', () => {
  it('is split without a rest', () => {
    const slices = inSlices(37n);
    expect([slices.length, slices[0], slices[4], slices[5]]).toEqual([SLICES, 3n, 3n, 2n]);
    expect(slices.reduce((a, b) => a + b)).toBe(37n);
  });

  it.each([
    [20, 80, true],
    [21, 80, false],
    [0, 100, true],
    [1, 100, false],
  ])('of 100 with %d left has reached %d per cent: %s', (rest, percent, isReached) => {
    expect(hasReached(left({ points: 100 }), left({ points: rest }), percent)).toBe(isReached);
  });
});
