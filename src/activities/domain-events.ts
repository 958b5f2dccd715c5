import type { ReturnedAward } from '../purchases/index.js';
import type { ActivityCancellation, ActivityFacts } from './domain/activity-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** An activity was accepted. First link of its chain: earning, tiers, finance, ledger. */
    'activity.recorded': {
      readonly activity: ActivityFacts;
      /** Whether the member was active when it occurred. */
      readonly memberActive: boolean;
      /** Whether it moves the end of points that slide, even where it earns nothing. */
      readonly extendsExpiry: boolean;
    };
    /** An activity was taken back. Its points have gone their ways before; limits get back what it had used of them. */
    'activity.cancelled': {
      readonly activity: ActivityFacts;
      readonly cancellation: ActivityCancellation;
      readonly awards: readonly ReturnedAward[];
    };
  }
}
