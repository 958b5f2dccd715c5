import type { Instant } from '../kernel/time.js';

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
  }
}
