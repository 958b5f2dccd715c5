import type { Provider } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { IdSource } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';
import { LeaderLock } from '../jobs/leader-lock.store.js';
import { Metrics } from '../observability/metrics.js';
import { CommitSignal } from './commit-signal.js';
import { DeadLetterStore } from './dead-letter.store.js';
import { EventLogQuery } from './event-log.query.js';
import { EventPublisher } from './event-publisher.store.js';
import { ListenerStore } from './listener.store.js';
import { Relay } from './relay.js';

/** Of all processes the one that has this lock hands events over. */
export const RELAY_LOCK = 'event relay';

interface BusParts {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** Whether this process hands events over to listeners. */
  readonly background: boolean;
}

/** The event log, the relay, and what tells this process of its own commits. */
export function busProviders({ dataSource, clock, ids, background }: BusParts): Provider[] {
  return [
    CommitSignal,
    EventLogQuery,
    { provide: ListenerStore, useFactory: () => new ListenerStore(dataSource, clock) },
    { provide: DeadLetterStore, useFactory: () => new DeadLetterStore(dataSource, clock, ids) },
    {
      provide: EventPublisher,
      useFactory: (metrics: Metrics) =>
        new EventPublisher(dataSource, ({ waitedMs }) => metrics.published(waitedMs / 1000)),
      inject: [Metrics],
    },
    {
      provide: Relay,
      useFactory: (
        log: EventLogQuery,
        store: ListenerStore,
        publisher: EventPublisher,
        signal: CommitSignal,
        metrics: Metrics,
      ) => {
        const leader = new LeaderLock(dataSource, RELAY_LOCK);
        const onFailure = (listener: string, isBuried: boolean) => metrics.listenerFailed(listener, isBuried);
        const parts = { log, store, publisher, signal, leader, background, onFailure };
        const relay = new Relay({ ...parts, random: Math.random });
        metrics.watchListeners(() => relay.lags());
        return relay;
      },
      inject: [EventLogQuery, ListenerStore, EventPublisher, CommitSignal, Metrics],
    },
  ];
}
