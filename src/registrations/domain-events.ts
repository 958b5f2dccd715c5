import type { ActivityCancellation } from '../activities/index.js';
import type { PlaceChange } from '../campaigns/index.js';
import type { ReturnedAward } from '../purchases/index.js';
import type { RegistrationFacts } from './domain/registration-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** A member registered for a campaign and took a place. First link of its chain: earning, finance, ledger. */
    'campaign.registered': {
      readonly registration: RegistrationFacts;
      /** Added to the places left; those taken are negative. */
      readonly changes: readonly PlaceChange[];
    };
    /**
     * A registration ended, and its place came back. Its points have gone their ways before; limits get back what it
     * had used of them.
     */
    'campaign.cancelled': {
      readonly registration: RegistrationFacts;
      /** `merge`: the member became one with another who is registered, and the points stay. */
      readonly cause: 'request' | 'merge';
      readonly cancellation: ActivityCancellation;
      readonly awards: readonly ReturnedAward[];
      readonly changes: readonly PlaceChange[];
    };
  }
}
