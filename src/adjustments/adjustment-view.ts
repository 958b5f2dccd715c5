import { formatInstant, type Instant } from '../kernel/time.js';
import type { AdjustmentFacts, CorrectionOutcome } from './domain/adjustment-facts.js';
import { takesAway } from './domain/adjustment-reason.js';
import { hasLapsed } from './domain/order.js';

/** An adjustment as the API shows it; without `now` as it was recorded. */
export function adjustmentView(adjustment: AdjustmentFacts, now: Instant = 0) {
  const { decision } = adjustment;
  const at = (instant: Instant | null) => (instant === null ? null : formatInstant(instant));
  return {
    id: adjustment.adjustmentId,
    memberId: adjustment.memberId,
    kind: adjustment.kind,
    status: hasLapsed(adjustment, now) ? 'lapsed' : adjustment.status,
    /** Negative where points are taken from the member. */
    points: takesAway(adjustment.kind) ? 0 - adjustment.points : adjustment.points,
    reason: adjustment.reason,
    origin: adjustment.origin,
    lotId: adjustment.lotId,
    debitKind: adjustment.debitKind,
    correctsId: adjustment.correctsId,
    purchaseId: adjustment.purchaseId,
    outcome: adjustment.outcome && outcomeView(adjustment.outcome),
    expiringBy: at(adjustment.expiringBy),
    expiresAt: at(adjustment.expiresAt),
    occurredAt: at(adjustment.occurredAt),
    lots: adjustment.lots,
    evidence: adjustment.evidence,
    approvedBy: adjustment.approvedBy,
    externalId: adjustment.externalId,
    requestedBy: adjustment.requestedBy,
    requestedAt: formatInstant(adjustment.requestedAt),
    lapsesAt: at(adjustment.lapsesAt),
    decision: decision && { by: decision.by, at: formatInstant(decision.at), note: decision.note },
  };
}

/** What a correction came to; `elsewhere` is what it is still to take, empty once it is done. */
function outcomeView({ taken, expired, debt, forgiven, returnId, elsewhere = [] }: CorrectionOutcome) {
  return {
    ...{ taken, expired, debt, forgiven },
    returnId: returnId ?? null,
    elsewhere: elsewhere.map(({ accountId, points }) => ({ accountId, points })),
  };
}
