import type { TransferFacts } from '../kernel/event-facts.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** Points, or a debt, went from one account to another; emitted on both. */
    'transfer.completed': { readonly transfer: TransferFacts };
  }
}
