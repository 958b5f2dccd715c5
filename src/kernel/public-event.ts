import type { DomainEventOf, DomainEventType } from './domain-events.js';

/** JSON Schema (2020-12) of a payload, kept as data so that it can be exported. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The form in which a domain event leaves the process: a name and version that never change their meaning,
 * a schema, and a payload of ids and scalars only.
 */
export interface PublicEventDefinition<T extends DomainEventType = DomainEventType> {
  /** Which domain event it publishes. */
  readonly from: T;
  /** `<subject>.<past tense>`; the version goes beside it. */
  readonly type: string;
  readonly version: number;
  readonly schema: JsonSchema;
  payload(event: DomainEventOf<T>, currency: string): Readonly<Record<string, unknown>>;
}

/** Keeps the payload function typed to its event while the list of definitions stays uniform. */
export function publicEvent<T extends DomainEventType>(
  definition: PublicEventDefinition<T>,
): PublicEventDefinition {
  return definition;
}

/** A stored event as listeners and `GET /v1/events` see it. */
export interface PublicEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly programmeId: string;
  readonly accountId: string;
  readonly memberId: string | null;
  /** Gapless per account, from 1. */
  readonly sequence: number;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** The API key that did it, or `engine`; null for events of the time before that was kept. */
  readonly actor: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}
