import type { DomainEventType } from '../../../kernel/domain-events.js';
import type { PublicEventDefinition } from '../../../kernel/public-event.js';
import type { CommandHandler, Reactor } from './command.js';
import type { AnySlice } from './slice.js';

/** Everything that modules contribute to decisions. Put together once, at the composition root. */
export interface EngineDefinition {
  readonly handlers: ReadonlyMap<string, CommandHandler>;
  readonly slices: readonly AnySlice[];
  readonly reactors: ReadonlyMap<DomainEventType, readonly Reactor[]>;
  readonly publicEvents: ReadonlyMap<DomainEventType, readonly PublicEventDefinition[]>;
}
