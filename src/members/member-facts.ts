/** What domain events tell of members. */
import type { AccountId, MemberId } from '../kernel/ids.js';

/** Head and adults earn and redeem, earners only earn. */
export type HouseholdRole = 'head' | 'adult' | 'earner';

/** One of the two sides of a merge as it was before. */
export interface MergedMember {
  readonly memberId: MemberId;
  readonly accountId: AccountId;
  readonly status: string;
  /** All members who were merged into this one before. */
  readonly mergedFrom: readonly MemberId[];
}
