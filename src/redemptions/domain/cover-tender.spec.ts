import { redemptionFacts } from '../../../test/builders/redemption.js';
import { coverTender } from './cover-tender.js';

const hold = (points: number, minorPerPoint: number) =>
  redemptionFacts({ status: 'authorised', points, discountMinor: points * minorPerPoint });
const reward = (discountMinor: number) =>
  redemptionFacts({
    status: 'authorised',
    points: 10,
    discountMinor,
    reward: { id: 'voucher', version: 1 },
  });
/** Points and discount of each redemption. */
const used = (tenderedMinor: number | null, ...redemptions: Parameters<typeof coverTender>[0]) => {
  const uses = coverTender(redemptions, tenderedMinor);
  expect(uses.map(({ redemption }) => redemption)).toEqual(redemptions);
  return uses.map(({ points, discountMinor }) => [points, discountMinor]);
};

describe('a tender of points', () => {
  it('of 0 takes nothing of a hold, which no tender at all takes whole', () => {
    expect(used(0, hold(100, 7), reward(650))).toEqual([
      [0, 0],
      [10, 650],
    ]);
    expect(used(null, hold(100, 7))).toEqual([[100, 700]]);
  });

  it('of 1,000 takes 143 points of 7 each, and no more than 1,000', () => {
    expect(used(1000, hold(500, 7))).toEqual([[143, 1000]]);
  });

  it('takes as many points as come to it exactly', () => {
    expect(used(994, hold(500, 7))).toEqual([[142, 994]]);
    expect(used(995, hold(500, 7))).toEqual([[143, 995]]);
    expect(used(1, hold(500, 7))).toEqual([[1, 1]]);
  });

  it('takes a whole hold that just covers it', () => {
    expect(used(3500, hold(500, 7))).toEqual([[500, 3500]]);
    expect(used(3494, hold(500, 7))).toEqual([[500, 3494]]);
    expect(used(3493, hold(500, 7))).toEqual([[499, 3493]]);
  });

  it('takes several holds in the order in which they are named, and leaves alone what is not needed', () => {
    expect(used(1000, hold(100, 7), hold(100, 7), hold(100, 7))).toEqual([
      [100, 700],
      [43, 300],
      [0, 0],
    ]);
  });

  it('takes those first whose points give more, so that the fewest points go', () => {
    expect(used(1000, hold(300, 5), hold(100, 8))).toEqual([
      [40, 200],
      [100, 800],
    ]);
  });

  it('counts rewards and what was used before whole', () => {
    expect(used(1000, hold(500, 7), reward(650))).toEqual([
      [50, 350],
      [10, 650],
    ]);
    const captured = redemptionFacts({ points: 50, discountMinor: 350, reversedPoints: 10 });
    expect(used(1000, captured, hold(500, 7))).toEqual([
      [50, 350],
      [103, 720],
    ]);
  });

  it('takes nothing on hold where these are enough', () => {
    expect(used(500, reward(650), hold(100, 7))).toEqual([[10, 650], [0, 0]]); // prettier-ignore
  });

  it('of nothing is none: the lines have the discount of all redemptions in them', () => {
    expect(used(null, reward(650), hold(100, 7))).toEqual([[10, 650], [100, 700]]); // prettier-ignore
  });

  it('takes all there is where that is too little', () => {
    expect(used(1000, hold(100, 7))).toEqual([[100, 700]]);
  });
});
