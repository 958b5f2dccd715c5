import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';

/** The programme's own versioned settings. */
export interface ProgrammePolicy {
  /** What members call a point. */
  readonly pointName: string;
  /** Applies to every award whose rule has no expiry of its own. */
  readonly expiry: ExpiryPolicy;
  /** Null: points cannot be taken off a basket, only exchanged for catalogue rewards. */
  readonly pointsOffBasket: {
    /** Discount in minor units that one point gives, tax included. */
    readonly minorPerPoint: number;
    readonly minimumPoints: number;
  } | null;
}
