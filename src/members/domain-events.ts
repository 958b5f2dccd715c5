import type { CountedDay } from '../earning/index.js';
import type { VersionRef } from '../kernel/version-ref.js';
import type { Instant } from '../kernel/time.js';
import type { MeasuredDay } from '../tiers/index.js';
import type { HouseholdRole, MergedMember } from './member-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** The membership ended for good, on the account that the member acts on. */
    'member.closed': {
      /** The member's statuses and since when, earliest first, with this one. */
      readonly statusChanges: readonly (readonly [
        status: 'active' | 'suspended' | 'closed' | 'merged',
        at: Instant,
      ])[];
    };
    /** No open membership is left on the account, whose points are kept until then. */
    'closing.graceBegan': { readonly forfeitsAt: Instant };
    /** What points there are now are forfeited, unless a membership is open again on the account. */
    'closing.graceEnded': Record<never, never>;
    /** Two members turned out to be one; emitted on the work of both. */
    'member.merged': {
      readonly survivor: MergedMember;
      readonly duplicate: MergedMember;
      /** The role they have in the household that both were in; null where they were in none. */
      readonly role: HouseholdRole | null;
      /** What the duplicate did, day by day, which counts for the survivor's tier from now on. */
      readonly days: readonly MeasuredDay[];
      /** What rules with limits gave the duplicate, which counts against the survivor's limits from now on. */
      readonly counted: readonly CountedDay[];
      /** The tier that the duplicate had, and the ladder that gave it; null for the first one. */
      readonly tier: { readonly key: string; readonly tierSet: VersionRef } | null;
    };
  }
}
