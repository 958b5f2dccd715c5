import type { LotPoints } from '../kernel/domain-events.js';
import { ledgerSlice, movePoints, type TransferFacts } from '../ledger/index.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import { membershipSlice } from '../members/index.js';
import type { Work } from '../platform/pipeline/index.js';

/**
 * Passes points that came back to an account on to the one its member has by now, in the same command: a redemption
 * of the time before a household is reversed, say. Call it once they are back; what of them expired, or filled a
 * debt, stays. They keep their terms.
 * @param present the work on the member's present account; null, or the same account, moves nothing.
 * @returns the transfer; null where there was nothing to move.
 */
export function followMember(
  former: Work,
  present: Work | null,
  lots: readonly LotPoints[],
): Result<TransferFacts | null, Problem> {
  if (present === null || present.accountId === former.accountId) return ok(null);
  const state = former.account(ledgerSlice);
  const parts = lots.flatMap(({ lotId, points }) => {
    const left = Math.min(points, state.lots.get(lotId)?.available ?? 0);
    return left === 0 ? [] : [{ lotId, from: 'available' as const, points: left }];
  });
  const slides = parts.some(({ lotId }) => state.lots.get(lotId)?.slides);
  // In a household they stay attributed to the member who earned them; elsewhere they are the one member's.
  const shared = present.account(membershipSlice).householdSize !== null;
  return movePoints(former, present, {
    kind: 'follow',
    parts,
    terms: { memberId: shared ? null : present.memberId, expiry: 'keep' },
    withDebt: false,
    slidingExpiresAt: slides ? state.slidingExpiresAt : null,
  });
}
