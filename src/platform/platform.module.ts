import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Worker } from 'node:worker_threads';
import type { DataSource } from 'typeorm';
import type { IdSource } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { busProviders } from './bus/bus-providers.js';
import { CommitSignal } from './bus/commit-signal.js';
import { EventLogQuery } from './bus/event-log.query.js';
import { DeadLetterStore } from './bus/dead-letter.store.js';
import { EventPublisher } from './bus/event-publisher.store.js';
import { ListenerStore } from './bus/listener.store.js';
import { Relay } from './bus/relay.js';
import { UuidV7Source } from './ids/uuid-v7-source.js';
import { Commands } from './http/commands.js';
import type { Job } from './jobs/job.js';
import { jobProviders } from './jobs/job-providers.js';
import { JobsController } from './jobs/jobs.controller.js';
import { Metrics } from './observability/metrics.js';
import { WriteHealth } from './observability/write-health.js';
import { ObservabilityController } from './observability/observability.controller.js';
import {
  DueTargets,
  makeShardWorker,
  Pipeline,
  ThreadedShard,
  type Shard,
  type PipelineObserver,
  type EngineDefinition,
  type TargetResolver,
} from './pipeline/index.js';
import { CLOCK, DATA_SOURCE, IDS } from './tokens.js';
import { ConfigActStore } from './versioned-config/config-acts.store.js';
import { ConfigCache } from './versioned-config/config-cache.js';
import { ConfigEndpoint } from './versioned-config/config-endpoint.js';
import { ConfigKinds } from './versioned-config/config-kinds.js';
import { ConfigLifecycle } from './versioned-config/config-lifecycle.js';
import { ConfigStore } from './versioned-config/config.store.js';
import { GateHolder } from './versioned-config/publication-gate.js';

export interface PlatformParts {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly definition: EngineDefinition;
  readonly targetResolvers: readonly TargetResolver[];
  /** Shards and the bound on waiting commands. */
  readonly shards: number;
  /** Begins the thread of a shard; without it shards are in this thread, with the clock and rules given here. */
  readonly shardThread?: ((shard: number) => Worker) | undefined;
  readonly queueLimit: number;
  /** Accounts that each shard keeps in memory after it wrote them. */
  readonly cachedAccounts: number;
  readonly jobs: readonly Job[];
  /** Whether this process runs the jobs and the relay beside answering requests. */
  readonly background: boolean;
}

/** What every module stands on: database, pipeline, configuration, bus, metrics. */
@Global()
@Module({})
export class PlatformModule {
  static with(parts: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      controllers: [ObservabilityController, JobsController],
      providers: [
        { provide: DATA_SOURCE, useValue: parts.dataSource },
        { provide: CLOCK, useValue: parts.clock },
        { provide: IDS, useValue: parts.ids },
        GateHolder,
        {
          provide: ConfigStore,
          useFactory: (gates: GateHolder) => new ConfigStore(parts.dataSource, gates),
          inject: [GateHolder],
        },
        {
          provide: ConfigCache,
          useFactory: (store: ConfigStore) => new ConfigCache(store),
          inject: [ConfigStore],
        },
        {
          provide: ConfigLifecycle,
          useFactory: (store: ConfigStore, gates: GateHolder) =>
            new ConfigLifecycle(store, new ConfigActStore(parts.dataSource, gates)),
          inject: [ConfigStore, GateHolder],
        },
        {
          provide: Pipeline,
          useFactory: (configs: ConfigCache, metrics: Metrics, signal: CommitSignal, writes: WriteHealth) =>
            makePipeline(parts, configs, metrics, signal, writes),
          inject: [ConfigCache, Metrics, CommitSignal, WriteHealth],
        },
        { provide: DueTargets, useFactory: () => new DueTargets(parts.definition.slices) },
        ConfigEndpoint,
        ConfigKinds,
        Commands,
        Metrics,
        WriteHealth,
        ...busProviders(parts),
        ...jobProviders(parts),
      ],
      exports: [
        DATA_SOURCE,
        CLOCK,
        IDS,
        ConfigStore,
        ConfigCache,
        ConfigLifecycle,
        GateHolder,
        ConfigEndpoint,
        ConfigKinds,
        Commands,
        DueTargets,
        Pipeline,
        Metrics,
        CommitSignal,
        DeadLetterStore,
        EventLogQuery,
        EventPublisher,
        ListenerStore,
        Relay,
      ],
    };
  }
}

async function makePipeline(
  parts: PlatformParts,
  configs: ConfigCache,
  metrics: Metrics,
  signal: CommitSignal,
  writes: WriteHealth,
): Promise<Pipeline> {
  const observer: PipelineObserver = {
    batch: (...figures) => metrics.batch(...figures),
    loaded: (...figures) => metrics.loaded(...figures),
    reloaded: (count) => metrics.reloaded(count),
    clockBehind: (held, refused) => metrics.clockBehind(held, refused),
    counted: (what) => metrics.counted(what),
    failed: (kind) => {
      metrics.failed(kind);
      writes.failed(kind);
    },
    outcome: (...figures) => metrics.outcome(...figures),
    committed: () => {
      writes.committed();
      signal.notify();
    },
  };
  const { shardThread } = parts;
  const shards = await Promise.all(
    Array.from({ length: parts.shards }, async (_, shard): Promise<Shard> => {
      if (shardThread) return ThreadedShard.start(shardThread(shard), observer);
      const ids = new UuidV7Source(parts.clock, shard);
      return makeShardWorker({ ...parts, configs, observer, ids, shard });
    }),
  );
  const pipeline = new Pipeline(shards, parts.queueLimit, observer);
  metrics.watchQueue(() => pipeline.depth);
  return pipeline;
}
