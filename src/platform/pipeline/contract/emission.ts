import type { DomainEventMap, DomainEventType } from '../../../kernel/domain-events.js';

/** An event about to be emitted: its type and data; the account, member and time of knowledge are the work's. */
export type Emission = {
  [T in DomainEventType]: {
    readonly type: T;
    readonly data: DomainEventMap[T];
    readonly occurredAt?: number;
    /** `EventContext.effectiveAt`, of the event and of all that it causes. */
    readonly effectiveAt?: number;
    /** `EventContext.beyondBound`, of the event and of all that it causes. */
    readonly beyondBound?: boolean;
    /** Emitted on the command's other account, for the member who is spoken for there. Only a reactor may say so. */
    readonly elsewhere?: true;
  };
}[DomainEventType];
