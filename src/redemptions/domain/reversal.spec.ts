import { grant, LedgerStory, lotPoints } from '../../../test/builders/ledger.js';
import { redemptionFacts } from '../../../test/builders/redemption.js';
import type { LotPoints } from '../../kernel/domain-events.js';
import type { RedemptionFacts } from './redemption-facts.js';
import { discountGivenBackMinor, planReversal, pointsStillUsed, reversedDiscountMinor } from './reversal.js';

/** A redemption of three lots, taken in this order. */
const ofThree = (overrides: Partial<RedemptionFacts> = {}) =>
  redemptionFacts({ points: 60, lots: lotPoints([1, 10], [2, 20], [3, 30]), ...overrides });

describe('a reversal', () => {
  it('of all points gives each lot what it gave', () => {
    const { redemption, lots } = planReversal(ofThree(), 60);
    expect(lots).toEqual(lotPoints([3, 30], [2, 20], [1, 10]));
    expect(redemption).toEqual(ofThree({ status: 'reversed', reversedPoints: 60 }));
  });

  it('of a part gives back what was taken last', () => {
    const { redemption, lots } = planReversal(ofThree(), 35);
    expect(lots).toEqual(lotPoints([3, 30], [2, 5]));
    expect(redemption).toEqual(ofThree({ status: 'captured', reversedPoints: 35 }));
    expect(pointsStillUsed(redemption)).toBe(25);
  });

  it.each([
    [5, 5, [[3, 5]]],
    [30, 5, [[2, 5]]],
    [25, 10, [[3, 5], [2, 5]]], // prettier-ignore
    [45, 15, [[2, 5], [1, 10]]], // prettier-ignore
    [59, 1, [[1, 1]]],
  ] as const)('after %i points goes on with %i more', (reversedPoints, points, expected) => {
    expect(planReversal(ofThree({ reversedPoints }), points).lots).toEqual(lotPoints(...expected));
  });

  it.each([0, -1, 1.5, 26, NaN])('of %d points, with 25 still used, is a mistake', (points) => {
    expect(() => planReversal(ofThree({ reversedPoints: 35 }), points)).toThrow(RangeError);
  });
});

describe('the discount of what was reversed', () => {
  it('is rounded half up on all reversals together', () => {
    const third = (reversedPoints: number) =>
      reversedDiscountMinor(redemptionFacts({ points: 3, discountMinor: 100, reversedPoints }));
    expect([0, 1, 2, 3].map(third)).toEqual([0, 33, 67, 100]);
    expect(reversedDiscountMinor(redemptionFacts({ points: 2, discountMinor: 5, reversedPoints: 1 }))).toBe(
      3,
    );
  });

  it('is shared among the reversals without a unit lost', () => {
    const after = (reversedPoints: number) =>
      redemptionFacts({ points: 3, discountMinor: 100, reversedPoints });
    expect(discountGivenBackMinor(after(1), 1)).toBe(33);
    expect(discountGivenBackMinor(after(2), 1)).toBe(34);
    expect(discountGivenBackMinor(after(3), 1)).toBe(33);
    expect(discountGivenBackMinor(after(3), 2)).toBe(67);
  });
});

describe('the money of a reversal', () => {
  /** Redeems and reverses points of one lot; the liability that each step posts. */
  function steps(story: LedgerStory, ...acts: readonly ((story: LedgerStory) => void)[]): bigint[] {
    for (const act of acts) act(story);
    return story.state.movements.slice(1).map(({ liability }) => liability);
  }
  const redeems = (points: number) => (story: LedgerStory) =>
    void story.redeemed('available', ...lotPoints([1, points]));
  const restores = (lots: readonly LotPoints[]) => (story: LedgerStory) => {
    const { redemptionId } = redemptionFacts();
    story.apply('points.restored', { redemptionId, cause: { type: 'redemption', id: redemptionId }, lots });
  };
  const lotOf = (points: number, allocated: bigint) =>
    new LedgerStory().granted(grant(1, { points, allocated }));
  const liability = ({ state }: LedgerStory) =>
    state.movements.reduce((sum, movement) => sum + movement.liability, 0n);

  it('A25: what a cancelled redemption of 40 of 100 released comes back, and goes again', () => {
    const story = lotOf(100, 8257n);
    const { lots } = planReversal(redemptionFacts({ points: 40 }), 40);
    expect(steps(story, redeems(40), restores(lots), redeems(40))).toEqual([-3303n, 3303n, -3303n]);
    expect(liability(story)).toBe(4954n);
    expect(story.state.movements.map(({ eventCode }) => eventCode)).toEqual(['E01', 'E06', 'E12', 'E06']);
  });

  it('A31: cancelling the first of two posts what the lot says, not what the first released', () => {
    const story = lotOf(3, 100n);
    const { lots } = planReversal(redemptionFacts({ points: 1 }), 1);
    expect(steps(story, redeems(1), redeems(1), restores(lots))).toEqual([-33n, -34n, 34n]);
    expect(liability(story)).toBe(67n);
  });
});
