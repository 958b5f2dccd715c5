import type { Cause } from '../kernel/domain-events.js';
import {
  discountGivenBackMinor,
  planReversal,
  pointsStillUsed,
  redemptionsSlice,
  type RedemptionFacts,
} from '../redemptions/index.js';
import type { RedemptionId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import type { Work } from '../platform/pipeline/index.js';
import type { PlannedReturn } from './domain/plan-return.js';
import { isRewardBack, isWholeBack, redeemedPointsBack } from './domain/points-back.js';
import type { ReturnedRedemption, ReturnFacts } from './domain/return-facts.js';

/** What became of the redemptions that were used on a receipt. */
export interface Restored {
  readonly redemptions: ReturnFacts['redemptions'];
  /** Those of another account, which cannot be given back here. */
  readonly elsewhere: readonly RedemptionId[];
  /** Rewards that did not come back though nothing of the receipt is left. */
  readonly stillUsed: readonly RedemptionId[];
  /** Points that came back after their last instant. */
  readonly expired: Points;
}

/**
 * Gives redemptions used on a receipt back: points off the basket in proportion to the returned money, a reward
 * whole when its thing comes back, by the lines that name it or by the return. What was reversed otherwise is not
 * given back a second time.
 * @param effectiveAt when the goods came back.
 */
export function restoreRedemptions(
  planned: PlannedReturn,
  cause: Cause,
  effectiveAt: Instant,
  work: Work,
): Result<Restored, Problem> {
  const redemptions: ReturnedRedemption[] = [];
  const elsewhere: RedemptionId[] = [];
  const stillUsed: RedemptionId[] = [];
  const first = work.events.length;
  for (const redemptionId of planned.purchase.facts.redemptionIds) {
    const used = work.account(redemptionsSlice).redemptions.get(redemptionId);
    if (!used) {
      elsewhere.push(redemptionId);
      continue;
    }
    // A hold that the receipt did not need gave nothing; what was reversed is back.
    if (used.status !== 'captured') continue;
    const points = pointsDue(used, planned);
    if (points <= 0) {
      if (used.reward !== null && isWholeBack(planned.lines)) stillUsed.push(redemptionId);
      continue;
    }
    const data = { ...planReversal(used, points), cause };
    const reversed = work.emit({ type: 'redemption.reversed', data, effectiveAt });
    if (!reversed.ok) return reversed;
    const discountMinor = discountGivenBackMinor(data.redemption, points);
    redemptions.push({ redemptionId, points, discountMinor });
  }
  const expired = work.events
    .slice(first)
    .flatMap((event) => (event.type === 'points.expired' ? event.data.lots : []))
    .reduce((sum, { points }) => sum + points, 0);
  return ok({ redemptions, elsewhere, stillUsed, expired });
}

/** How many of the points that are still used come back now; 0 or less for none. */
function pointsDue(used: RedemptionFacts, { purchase, lines, restores }: PlannedReturn): Points {
  const { redemptionId, reward, points } = used;
  const left = pointsStillUsed(used);
  if (reward !== null) return restores.has(redemptionId) || isRewardBack(redemptionId, lines) ? left : 0;
  const before = purchase.returns
    .flatMap((earlier) => earlier.redemptions)
    .filter((earlier) => earlier.redemptionId === redemptionId)
    .reduce((sum, earlier) => sum + earlier.points, 0);
  return Math.min(redeemedPointsBack(points, lines) - before, left);
}
