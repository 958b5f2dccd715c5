import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import type { Setting } from '../platform/pipeline/index.js';
import { boundOf, isBeyond, programmePolicyInForce, type DatedKind } from '../programmes/index.js';
import { purchaseProblems } from './problems.js';

/**
 * Checks a dated fact against the bound for its kind in the policy in force now. A key with the scope `import` is not
 * bound. An older receipt may be accepted all the same; then it is posted on the day on which it is recorded.
 * @param pointer where the instant stands in the request body.
 * @param toldAt when the fact was reported; now, unless the request waited for an approval.
 * @returns whether it is dated further back than its kind may be.
 */
export function checkBackdating(
  kind: DatedKind,
  occurredAt: Instant,
  pointer: string,
  work: Setting,
  toldAt = work.now,
): Result<boolean, Problem> {
  if (work.unbound || occurredAt >= toldAt) return ok(false);
  const { backdating } = programmePolicyInForce(work.config, work.now);
  const days = boundOf(backdating, kind);
  if (!isBeyond(days, occurredAt, toldAt, work.config.timeZone)) return ok(false);
  if (kind === 'receipt' && backdating.olderReceipts === 'postWhenRecorded') return ok(true);
  const detail = `A ${kind} may be dated at most ${days} days back; a key with the scope import may go further.`;
  const errors = [{ pointer, code: 'BACKDATED_TOO_FAR', detail }];
  return refuse(purchaseProblems.problem('BACKDATED_TOO_FAR', detail, { errors, meta: { kind, days } }));
}
