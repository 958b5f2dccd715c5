import fc from 'fast-check';
import { lotPoints } from '../../../test/builders/ledger.js';
import { redemptionFacts } from '../../../test/builders/redemption.js';
import type { LotPoints } from '../../kernel/domain-events.js';
import type { RedemptionFacts } from './redemption-facts.js';
import { discountGivenBackMinor, planReversal, pointsStillUsed } from './reversal.js';

const total = (lots: readonly LotPoints[]) => lots.reduce((sum, { points }) => sum + points, 0);

const redemptions = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }), fc.nat(10_000))
  .map(([parts, discountMinor]) => {
    const lots = lotPoints(...parts.map((points, index) => [index + 1, points] as const));
    return redemptionFacts({ points: total(lots), lots, discountMinor });
  });

/** Reverses in steps of these sizes, as long as anything is left. */
function reversedInSteps(redemption: RedemptionFacts, sizes: readonly number[]) {
  const back = new Map<string, number>();
  let [now, discountMinor] = [redemption, 0];
  for (const size of sizes) {
    const points = Math.min(size, pointsStillUsed(now));
    if (points === 0) break;
    const { redemption: after, lots } = planReversal(now, points);
    expect(total(lots)).toBe(points);
    for (const lot of lots) back.set(lot.lotId, (back.get(lot.lotId) ?? 0) + lot.points);
    discountMinor += discountGivenBackMinor(after, points);
    now = after;
  }
  return { now, back, discountMinor };
}

describe('reversing a redemption in any steps', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 8 });

  it('leaves used what would have been used for fewer points', () => {
    fc.assert(
      fc.property(redemptions, sizes, (redemption, steps) => {
        const { now, back } = reversedInSteps(redemption, steps);
        let left = pointsStillUsed(now);
        for (const { lotId, points } of redemption.lots) {
          const stillUsed = points - (back.get(lotId) ?? 0);
          expect(stillUsed).toBe(Math.min(points, left));
          left -= stillUsed;
        }
        expect(now.status).toBe(pointsStillUsed(now) === 0 ? 'reversed' : 'captured');
      }),
    );
  });

  it('gives back the whole discount with the last point, whatever the steps', () => {
    fc.assert(
      fc.property(redemptions, sizes, (redemption, steps) => {
        const { discountMinor, now } = reversedInSteps(redemption, [...steps, redemption.points]);
        expect(discountMinor).toBe(redemption.discountMinor);
        expect(now).toEqual({ ...redemption, status: 'reversed', reversedPoints: redemption.points });
      }),
    );
  });
});
