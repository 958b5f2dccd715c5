import type { AwardSource, ValuedAward } from '../kernel/award-facts.js';
import type { Instant } from '../kernel/time.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** Finance put the deferred revenue to each award of a source, whichever reactor awarded it. */
    'awards.valued': {
      /** The source that was valued; what it led to in the same command is with it. */
      readonly source: AwardSource;
      readonly awards: readonly ValuedAward[];
      /** As in `points.awarded`. */
      readonly slidingExpiresAt: Instant | null;
    };
  }
}
