import type { AdjustmentRecord } from './domain/adjustment-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** An adjustment above its reason's limit waits for the approval of another key; no points move yet. */
    'adjustment.requested': AdjustmentRecord;
    /** An adjustment took effect, at once or on approval; the points moved beside it. */
    'adjustment.posted': AdjustmentRecord;
    /** More of the points of a posted correction were taken, in another account. */
    'adjustment.continued': AdjustmentRecord;
    /** Another key rejected a requested adjustment. */
    'adjustment.rejected': AdjustmentRecord;
  }
}
