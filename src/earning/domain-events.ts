import type { Award, AwardSource, StatusAward } from '../kernel/award-facts.js';
import type { Points } from '../kernel/points.js';
import type { Instant } from '../kernel/time.js';
import type { MilestoneSteps } from './domain/milestone.js';
import type { RuleTrace } from './domain/rule-trace.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /**
     * A reactor awarded points; they have no money and no lot yet. Several may, for one receipt: what a sale gave is valued
     * once, after all of them.
     */
    'points.awarded': {
      readonly source: AwardSource;
      readonly awards: readonly Award[];
      /** What counts for ladders alone; absent where no rule gave any. */
      readonly status?: readonly StatusAward[];
      /** The trace of every rule in force, as it is stored and shown. */
      readonly explanation: readonly RuleTrace[];
      /** What rules with limits gave, to be counted for the receipt's business day. */
      readonly counted: readonly { readonly ruleId: string; readonly points: Points }[];
      /** Exclusive end that the receipt, being an activity, gives all sliding points of the account; null when it moves none. */
      readonly slidingExpiresAt: Instant | null;
    };
    /** What milestones gave a member who was merged into this one. */
    'milestones.carried': { readonly steps: readonly MilestoneSteps[] };
  }
}
