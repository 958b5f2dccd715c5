import type { AccountId, MemberId } from './ids.js';
import type { Instant } from './time.js';

export type * from './award-facts.js';
export type * from './figures-owner.js';
export type * from './lot-facts.js';
export type * from './purchase-facts.js';
export type * from './version-ref.js';

/**
 * The one map of domain events, by which modules meet inside a decision. Each module declares its own into it
 * (`src/<module>/domain-events.ts`). Reactors and slices see these; what leaves the process after commit are their
 * published forms (`public-event.ts`).
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- each module declares its own events into it
export interface DomainEventMap {}

export type DomainEventType = keyof DomainEventMap;

/** What happens by itself, by a date or by a job, has this for an actor. */
export const ENGINE = 'engine';

export interface EventContext {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  /** When it happened in business terms. */
  readonly occurredAt: Instant;
  /** When we came to know of it. */
  readonly recordedAt: Instant;
  /** When what it is about happened, where points move later than that: of a return, when the goods came back. */
  readonly effectiveAt: Instant | null;
  /** Its command dates it further back than the programme lets its kind be dated. */
  readonly beyondBound: boolean;
  /** The API key that asked for it, or `ENGINE`. */
  readonly actor: string;
}

export interface DomainEventOf<T extends DomainEventType> extends EventContext {
  readonly type: T;
  readonly data: DomainEventMap[T];
}

export type DomainEvent = { [T in DomainEventType]: DomainEventOf<T> }[DomainEventType];
