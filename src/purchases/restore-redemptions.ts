import type { Cause, ReturnFacts } from '../kernel/domain-events.js';
import type { RedemptionId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import type { Work } from '../platform/pipeline/work-view.js';
import { planReversal, pointsStillUsed, redemptionsSlice } from '../redemptions/index.js';
import type { PlannedReturn } from './domain/plan-return.js';
import { redeemedPointsBack } from './domain/points-back.js';

/** What became of the redemptions that were used on a receipt. */
export interface Restored {
  readonly redemptions: ReturnFacts['redemptions'];
  /** Those of another account, which cannot be given back here. */
  readonly elsewhere: readonly RedemptionId[];
  /** Points that came back after their last instant. */
  readonly expired: Points;
}

/**
 * Gives points of the redemptions used on a receipt back, in proportion to the returned money. What was reversed
 * otherwise is not given back a second time.
 * @param effectiveAt when the goods came back.
 */
export function restoreRedemptions(
  { purchase, lines }: PlannedReturn,
  cause: Cause,
  effectiveAt: Instant,
  work: Work,
): Result<Restored, Problem> {
  const redemptions: { redemptionId: RedemptionId; points: Points }[] = [];
  const elsewhere: RedemptionId[] = [];
  const first = work.events.length;
  for (const redemptionId of purchase.facts.redemptionIds) {
    const used = work.account(redemptionsSlice).redemptions.get(redemptionId);
    if (!used) {
      elsewhere.push(redemptionId);
      continue;
    }
    // A hold that the receipt did not need gave nothing; what was reversed is back.
    if (used.status !== 'captured') continue;
    const before = purchase.returns
      .flatMap((earlier) => earlier.redemptions)
      .filter((earlier) => earlier.redemptionId === redemptionId)
      .reduce((sum, { points }) => sum + points, 0);
    const points = Math.min(redeemedPointsBack(used.points, lines) - before, pointsStillUsed(used));
    if (points <= 0) continue;
    const data = { ...planReversal(used, points), cause };
    const reversed = work.emit({ type: 'redemption.reversed', data, effectiveAt });
    if (!reversed.ok) return reversed;
    redemptions.push({ redemptionId, points });
  }
  const expired = work.events
    .slice(first)
    .flatMap((event) => (event.type === 'points.expired' ? event.data.lots : []))
    .reduce((sum, { points }) => sum + points, 0);
  return ok({ redemptions, elsewhere, expired });
}
