import type { LotOrigin } from '../../kernel/domain-events.js';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { Points } from '../../kernel/points.js';
import type { AdjustmentKind } from './adjustment-facts.js';

/** What points given by hand are in the books; none of them came with a sale. */
export const CREDIT_ORIGINS = ['goodwill', 'non_purchase', 'sale_compensation'] as const;
export type CreditOrigin = Extract<LotOrigin, (typeof CREDIT_ORIGINS)[number]>;

export const DIRECTIONS = ['credit', 'debit', 'both'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Why points may be adjusted by hand, and how that is treated (docs/accounting.md#adjustments-by-hand). */
export interface AdjustmentReason {
  readonly name: string;
  /** Whether it may be given for what favours the member, for what does not, or for either. */
  readonly direction: Direction;
  /** Of points that are given; null where the reason only takes some. */
  readonly origin: CreditOrigin | null;
  readonly active: boolean;
  /** The most points that the keys of one line may adjust by themselves in a day; null is no limit. */
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

/**
 * Whether a key of another line must approve an adjustment of so many points.
 * @param used what the line adjusted by itself on that day for the reason.
 */
export function needsApproval({ approvalAbove }: AdjustmentReason, points: Points, used: Points): boolean {
  return approvalAbove !== null && used + points > approvalAbove;
}

/**
 * Whether one line of keys could adjust more by itself under a draft than without it.
 * @param inForce the version that the draft would take over from; null where none is in force at that instant, so
 * that any limit above 0 widens.
 */
export function widens(draft: AdjustmentReason, inForce: AdjustmentReason | null): boolean {
  return (['credit', 'debit'] as const).some(
    (way) => allowance(draft, way) > (inForce === null ? 0 : allowance(inForce, way)),
  );
}

/** How many points a line of keys may adjust by itself in a day. */
function allowance(
  { active, direction, approvalAbove }: AdjustmentReason,
  way: Exclude<Direction, 'both'>,
): number {
  if (!active || (direction !== 'both' && direction !== way)) return 0;
  return approvalAbove ?? Infinity;
}
