/** What domain events tell of adjustments by hand, without behaviour. */
import type {
  AccountId,
  AdjustmentId,
  Id,
  KeyId,
  LotId,
  MemberId,
  PurchaseId,
  ReturnId,
} from '../../kernel/ids.js';
import type { LotOrigin, LotPoints } from '../../kernel/lot-facts.js';
import type { Points } from '../../kernel/points.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';

/**
 * An adjustment of points by hand: gives or takes some, gives back what expired, moves an expiry, ends the
 * waiting of a lot, or takes back what another adjustment did.
 */
export type AdjustmentKind =
  | 'credit'
  | 'debit'
  | 'reinstatement'
  | 'extension'
  | 'activation'
  | 'cancellation'
  | 'creditReversal'
  | 'debitReversal';

/** What a debit is: points given up for a breach of terms, points of an adjustment, or a whole receipt, taken back. */
export type DebitKind = 'forfeit' | 'correction' | 'fraud';

/** What became of points that were to be taken back. */
export interface CorrectionOutcome {
  /** Taken out of lots, and out of debts that they had filled. */
  readonly taken: Points;
  /** Expired or cancelled before: there was nothing to take. */
  readonly expired: Points;
  readonly debt: Points;
  readonly forgiven: Points;
  /** The return that took them, of fraud. */
  readonly returnId?: ReturnId;
  /** Still to be taken in other accounts, one after the other; absent where nothing is. */
  readonly elsewhere?: readonly PointsElsewhere[];
}

/** Points of an adjustment that are to be taken in an account to which they went. */
export interface PointsElsewhere {
  readonly accountId: AccountId;
  readonly points: Points;
  /** Points of it that had expired or been cancelled there when this was decided. */
  readonly gone: Points;
}

/** What lapsed is still `requested`: `lapsesAt` tells. */
export type AdjustmentStatus = 'requested' | 'posted' | 'rejected';

export interface AdjustmentFacts {
  readonly adjustmentId: AdjustmentId;
  readonly memberId: MemberId;
  readonly kind: AdjustmentKind;
  readonly status: AdjustmentStatus;
  /** How many it concerns, positive, or 0 for a receipt that earned nothing: what moved, or would have when requested. */
  readonly points: Points;
  readonly reason: VersionRef;
  /** Of points given; null where none are. */
  readonly origin: LotOrigin | null;
  /** The one lot it is about: reinstated from, extended, activated or cancelled. */
  readonly lotId: LotId | null;
  /** What a debit is; null of all others. */
  readonly debitKind: DebitKind | null;
  /** The adjustment that it takes back, or points of it. */
  readonly correctsId: AdjustmentId | null;
  /** The receipt that it takes back, of fraud. */
  readonly purchaseId: PurchaseId | null;
  /** Of points taken back; null until it is posted, and of all others. */
  readonly outcome: CorrectionOutcome | null;
  /** Of an extension of several lots: those that would have ended by then. */
  readonly expiringBy: Instant | null;
  /** The exclusive end asked for. */
  readonly expiresAt: Instant | null;
  /** When it happened in business terms, where that was said. */
  readonly occurredAt: Instant | null;
  /** Points by lot as they moved; empty until it is posted. */
  readonly lots: readonly LotPoints[];
  /** Where what it rests on can be read: an address. */
  readonly evidence: string | null;
  /** The person or body that agreed outside the engine, in words. */
  readonly approvedBy: string | null;
  readonly externalId: string | null;
  /** The key that asked for it. */
  readonly requestedBy: string;
  readonly requestedAt: Instant;
  /** When the request lapses; null for one that never waited. */
  readonly lapsesAt: Instant | null;
  /** The key that approved or rejected the request; null while it waits and for one that never waited. */
  readonly decision: { readonly by: string; readonly at: Instant; readonly note: string | null } | null;
}

/** An adjustment as it is now, and the id of the audit entry that tells of it. */
export interface AdjustmentRecord {
  readonly adjustment: AdjustmentFacts;
  readonly auditId: Id<'adt'>;
  /** What it uses of its reason's limit, where it was posted without an approval. */
  readonly use?: LimitUse;
}

/** Points that a line of keys adjusts by itself on a day; the number counts them, from 1. */
export interface LimitUse {
  readonly line: KeyId;
  readonly day: LocalDate;
  readonly sequence: number;
  readonly points: Points;
}
