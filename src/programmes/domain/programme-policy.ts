import type { ExpiryPolicy } from '../../kernel/expiry-policy.js';
import type { PendingPolicy } from '../../kernel/pending-policy.js';
import type { Points } from '../../kernel/points.js';
import type { Backdating } from './backdating.js';

/** What happens when a return takes back points that were spent already. */
export type ReturnPolicy = 'debt' | 'deductFromRefund' | 'forgive';

/** What happens when points that were given by hand are taken back and some were used: `refuse` takes none. */
export type CorrectionPolicy = 'debt' | 'forgive' | 'refuse';

/** Terms of points taken off a basket; null is no limit. */
export interface PointsOffBasket {
  /** Discount in minor units that one point gives, tax included. */
  readonly minorPerPoint: number;
  readonly minimumPoints: Points;
  readonly maximumPoints: Points | null;
  readonly maximumMinor: number | null;
  /** Decimal string from 0 to 1: how much of the basket points may pay for. */
  readonly maximumShare: string | null;
}

/** Terms of points that members send each other. */
export interface TransferTerms {
  /** Whether the points keep their expiry or live anew from the day of the transfer. */
  readonly expiry: 'keep' | 'reset';
  readonly minimumPoints: Points;
  readonly maximumPoints: Points | null;
}

/** Terms of receipts that come without a member. */
export interface UnmatchedReceiptTerms {
  /** For how many days after its own business day a member can claim a receipt. */
  readonly claimDays: number;
}

/** What becomes of the points of a membership that is closed. */
export interface ClosingTerms {
  /** For how many days after the day of the closing they are kept; 0 forfeits them at once. */
  readonly graceDays: number;
}

/** The programme's own versioned settings. */
export interface ProgrammePolicy {
  /** What members call a point. */
  readonly pointName: string;
  /** Applies to every award whose rule, and whose member's tier, has no expiry of its own. */
  readonly expiry: ExpiryPolicy;
  /** By tier key; overrides `expiry`. */
  readonly tierExpiry: Readonly<Record<string, ExpiryPolicy>>;
  /** Applies to every award whose rule has none of its own. */
  readonly pending: PendingPolicy;
  /** How long before points expire it is announced; 0 announces nothing. */
  readonly announceExpiryDays: number;
  /** The most points a balance may reach by earning: available, pending and held together. Null: no cap. */
  readonly maximumBalance: Points | null;
  /** The least days that points have left when a redemption is reversed. Null: their own expiry stands. */
  readonly minValidityDaysOnRestore: number | null;
  readonly returnPolicy: ReturnPolicy;
  readonly correctionPolicy: CorrectionPolicy;
  /** Whether a return takes back a promotion that only its receipt caused. */
  readonly onReturn: 'reevaluate' | 'keep';
  /** Null: points cannot be taken off a basket, only exchanged for catalogue rewards. */
  readonly pointsOffBasket: PointsOffBasket | null;
  readonly backdating: Backdating;
  readonly closing: ClosingTerms;
  /** Whose telephone numbers may lack their country code, ISO 3166; null: none. */
  readonly phoneRegion: string | null;
  /** The kinds of configuration whose publications wait for a key of another line. */
  readonly twoPersons: readonly string[];
  /** Null: a receipt without a member is refused. */
  readonly unmatchedReceipts: UnmatchedReceiptTerms | null;
  /** Null: members cannot send each other points. */
  readonly transfers: TransferTerms | null;
}

/** A policy as it is drafted and published. */
export interface DraftedPolicy extends ProgrammePolicy {
  /**
   * The first month in the books, YYYY-MM: receipts of before post nothing; what their points carry comes with the opening
   * balance. It holds from the publication on, whenever the policy takes effect. Null: receipts of all times are in the books.
   */
  readonly booksFrom: string | null;
}

/** The expiry of a member's points where a rule has none of its own. */
export function memberExpiry(policy: ProgrammePolicy, tier: string | null): ExpiryPolicy {
  const { tierExpiry } = policy;
  return (tier !== null && Object.hasOwn(tierExpiry, tier) ? tierExpiry[tier] : undefined) ?? policy.expiry;
}
