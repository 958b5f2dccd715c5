import type { LotOrigin } from '../../kernel/domain-events.js';
import type { AdjustmentId, KeyId, LotId, PurchaseId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { AdjustmentFacts, AdjustmentKind, DebitKind, PointsElsewhere } from './adjustment-facts.js';

/** How long a request waits for its decision, milliseconds: 30 days. */
export const REQUEST_LIFE_MS = 30 * 86_400_000;

/** A requested adjustment, checked in form and normalised. */
export interface AdjustmentOrder {
  readonly kind: AdjustmentKind;
  /** Always positive; null where the lots say how many. */
  readonly points: Points | null;
  /** Key of the reason. */
  readonly reason: string;
  /** As it was said; null: the reason's. */
  readonly origin: LotOrigin | null;
  readonly lotId: LotId | null;
  readonly expiringBy: Instant | null;
  readonly expiresAt: Instant | null;
  readonly occurredAt: Instant | null;
  readonly evidence: string | null;
  readonly approvedBy: string | null;
  readonly externalId: string | null;
  /** What a debit is; absent: `forfeit`. */
  readonly debitKind?: DebitKind;
  /** The adjustment to be taken back, or points of it. */
  readonly correctsId?: AdjustmentId;
  /** The receipt that fraud takes back. */
  readonly purchaseId?: PurchaseId;
  /**
   * What never changes of either and must be loaded with it, closed or not: the lots that it opened or took from, the
   * redemptions used on it.
   */
  readonly named?: readonly string[];
  /** The accounts with points of these lots, looked up for the command; no part of what was said. */
  readonly places?: readonly PointsElsewhere[];
  /** When it was asked for, of a request that is looked at again. */
  readonly toldAt?: Instant;
}

/** An order with the line of keys of the one that asks, which is no part of what was said. */
export interface AskedAdjustment extends AdjustmentOrder {
  readonly line: KeyId;
}

/** What a request asks for, to be looked at again when it is approved. */
export function orderOf(request: AdjustmentFacts): AdjustmentOrder {
  const { kind, lotId, expiringBy, expiresAt, evidence, approvedBy, externalId } = request;
  const lotsSay =
    kind === 'extension' ||
    kind === 'activation' ||
    kind === 'cancellation' ||
    isReversal(kind) ||
    request.purchaseId !== null;
  return {
    ...{ kind, lotId, expiringBy, expiresAt, evidence, approvedBy, externalId },
    points: lotsSay ? null : request.points,
    // Points are taken when the request is approved, whatever was said when it was made.
    occurredAt: kind === 'debit' ? null : request.occurredAt,
    reason: request.reason.id,
    origin: request.origin,
    toldAt: request.requestedAt,
    ...(request.debitKind && { debitKind: request.debitKind }),
    ...(request.correctsId && { correctsId: request.correctsId }),
    ...(request.purchaseId && { purchaseId: request.purchaseId }),
  };
}

/** The points of an order that must say how many. */
export function saidPoints({ kind, points }: AdjustmentOrder): Points {
  if (points !== null && points > 0) return points;
  throw new Error(`a ${kind} of ${points} points was let through`);
}

/** Whether it takes back what another adjustment did, all of it. */
function isReversal(kind: AdjustmentKind): boolean {
  return kind === 'creditReversal' || kind === 'debitReversal';
}

/** Whether a request was left without a decision for too long. */
export function hasLapsed({ status, lapsesAt }: AdjustmentFacts, now: Instant): boolean {
  return status === 'requested' && lapsesAt !== null && lapsesAt <= now;
}
