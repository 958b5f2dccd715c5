import type { DomainEventMap, DomainEventType } from '../../../kernel/domain-events.js';

/** A new event: its type and data. The work adds the account, the member and the time. */
export type Emission = {
  [T in DomainEventType]: {
    readonly type: T;
    readonly data: DomainEventMap[T];
    readonly occurredAt?: number;
    /** `EventContext.effectiveAt`, of the event and of all that it causes. */
    readonly effectiveAt?: number;
    /** `EventContext.beyondBound`, of the event and of all that it causes. */
    readonly beyondBound?: boolean;
    /** Emitted on the other account of a command on two, for the member who acts there. Only a reactor may set it. */
    readonly elsewhere?: true;
  };
}[DomainEventType];
