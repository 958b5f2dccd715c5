import { numberedId } from '../../../test/builders/ids.js';
import { earnedBy, pointsOfSplit } from './split.js';

describe('what a split by number takes', () => {
  it.each([
    ['an equal share', 'equal', 140, 2, 70],
    ['of an odd sum the smaller part', 'equal', 100, 3, 33],
    ['nothing of nothing', 'equal', 0, 4, 0],
    ['everything, alone', 'equal', 7, 1, 7],
    ['as many as were said', { points: 25 }, 140, 2, 25],
  ] as const)('%s', (_, split, available, members, expected) => {
    expect(pointsOfSplit(split, available, members)).toBe(expected);
  });
});

describe('what members earned', () => {
  const [a, b, c] = [1, 2, 3].map((number) => numberedId('mbr', number)) as [
    `mbr_${string}`,
    `mbr_${string}`,
    `mbr_${string}`,
  ];
  const lotOf = (number: number) => numberedId('lot', number);
  const lots = new Map([
    [lotOf(1), { memberId: a }],
    [lotOf(2), { memberId: b }],
    [lotOf(3), { memberId: c }],
  ]);
  const parts = [1, 2, 3, 2].map((number) => ({ lotId: lotOf(number), points: number }));

  it('is the parts of their lots, in their order', () => {
    expect(earnedBy(parts, lots, [b])).toEqual([parts[1], parts[3]]);
    expect(earnedBy(parts, lots, [c, a])).toEqual([parts[0], parts[2]]);
  });

  it('is nothing of lots that nobody knows', () => {
    expect(earnedBy([{ lotId: lotOf(9), points: 1 }], lots, [a])).toEqual([]);
  });
});
