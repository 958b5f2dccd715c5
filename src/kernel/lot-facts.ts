/** Points of lots and why they move, as domain events tell it. */
import type { LotId } from './ids.js';
import type { Points } from './points.js';

/** How a lot is treated in the books (docs/accounting.md#kinds-of-points): the `grant_basis` of IFRS 15. */
export type LotOrigin =
  'purchase' | 'purchase_conditional' | 'non_purchase' | 'sale_compensation' | 'goodwill';

/** Whether points of an origin share in the price of a sale, and count for tiers. */
export function isOfSale(origin: LotOrigin): boolean {
  return origin === 'purchase' || origin === 'purchase_conditional';
}

/** Why points moved: the kind of thing and its id. */
export interface Cause {
  readonly type: CauseType;
  readonly id: string;
}

/**
 * `expiry` and `activation` name the lot that came of age by itself, `closing` the member whose membership is closed,
 * `opening` the lot that was brought in from an old system.
 */
export type CauseType =
  | 'purchase'
  | 'return'
  | 'redemption'
  | 'expiry'
  | 'activation'
  | 'adjustment'
  | 'transfer'
  | 'closing'
  | 'opening'
  | 'activity'
  | 'activityCancellation'
  | 'calendar'
  | 'undo'
  | 'promotion'
  | 'promotionReversal'
  | 'registration'
  | 'registrationCancellation';

export interface LinePoints {
  readonly lineNo: number;
  readonly points: Points;
}

export interface LotPoints {
  readonly lotId: LotId;
  readonly points: Points;
}

/** Points of a lot in one of the buckets they can be taken from. */
export interface BucketPoints extends LotPoints {
  readonly from: 'undelivered' | 'pending' | 'available' | 'settled';
}
