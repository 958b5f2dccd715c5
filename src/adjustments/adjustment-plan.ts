import type { Cause, LotOrigin, LotPoints } from '../kernel/domain-events.js';
import type { AdjustmentId, LotId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { ledgerProblems, ledgerSlice, type Lot } from '../ledger/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import type { CorrectionOutcome } from './domain/adjustment-facts.js';

/** What an adjustment would do to the account as it is now; nothing has moved yet. */
export type AdjustmentPlan = PlannedMoves | PlannedReturnOfReceipt;

interface Planned {
  /** How many points it concerns; 0 where a lot has nothing left that waits, or a receipt nothing that it earned. */
  readonly points: Points;
  /** Of points given; null where none are. */
  readonly origin: LotOrigin | null;
  readonly lots: readonly LotPoints[];
  /** Of points that are taken back. */
  readonly outcome?: CorrectionOutcome;
}

/** Points that move by the adjustment itself. */
export interface PlannedMoves extends Planned {
  emissions(cause: Cause): readonly Emission[];
}

/** A receipt that comes back. */
export interface PlannedReturnOfReceipt extends Planned {
  /** Carries the return out. @returns what came of it. */
  returnFor(
    adjustmentId: AdjustmentId,
  ): Result<{ readonly lots: readonly LotPoints[]; readonly outcome: CorrectionOutcome }, Problem>;
}

/** Whether there is nothing to do; a receipt that earned nothing comes back all the same. */
export function changesNothing(plan: AdjustmentPlan): boolean {
  return plan.points === 0 && 'emissions' in plan;
}

/** A lot of the account by its id; the command must have named it, so that it is loaded even when it is closed. */
export function lotOf(lotId: LotId | null, work: Work): Result<Lot, Problem> {
  const lot = lotId === null ? undefined : work.account(ledgerSlice).lots.get(lotId);
  if (lot) return ok(lot);
  return refuse(ledgerProblems.problem('LOT_NOT_FOUND', `The member has no lot ${lotId}.`));
}
