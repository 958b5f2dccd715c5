import type { AdjustmentKind, LotOrigin } from '../../kernel/domain-events.js';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { Points } from '../../kernel/points.js';

/** What points given by hand are in the books; none of them came with a sale. */
export const CREDIT_ORIGINS = ['goodwill', 'non_purchase', 'sale_compensation'] as const;
export type CreditOrigin = Extract<LotOrigin, (typeof CREDIT_ORIGINS)[number]>;

export const DIRECTIONS = ['credit', 'debit', 'both'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Why points may be adjusted by hand, and how that is treated (accounting model 1.11). */
export interface AdjustmentReason {
  readonly name: string;
  /** Whether it may be given for what favours the member, for what does not, or for either. */
  readonly direction: Direction;
  /** Of points that are given; null where the reason only takes some. */
  readonly origin: CreditOrigin | null;
  readonly active: boolean;
  /** The most points that one key may adjust by itself; null is no limit. */
  readonly approvalAbove: Points | null;
  readonly evidenceRequired: boolean;
  /** Of points that are given; null: the programme's. */
  readonly expiry: ExpiryPolicy | null;
}

/** Whether an adjustment takes points from the member; every other kind is in the member's favour. */
export function takesAway(kind: AdjustmentKind): boolean {
  return kind === 'debit' || kind === 'cancellation' || kind === 'creditReversal';
}

/** Whether the reason may be given for a kind of adjustment. */
export function allows({ direction }: AdjustmentReason, kind: AdjustmentKind): boolean {
  return direction === 'both' || direction === (takesAway(kind) ? 'debit' : 'credit');
}

/** Whether somebody else must approve an adjustment of so many points. */
export function needsApproval({ approvalAbove }: AdjustmentReason, points: Points): boolean {
  return approvalAbove !== null && points > approvalAbove;
}
