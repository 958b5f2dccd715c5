import type { Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { DataSource } from 'typeorm';
import type { IdSource } from '../../kernel/ids.js';
import type { Clock } from '../../kernel/time.js';
import { Metrics } from '../observability/metrics.js';
import type { Job } from './job.js';
import { JobAdmin } from './job-admin.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job.store.js';
import { Scheduler } from './scheduler.js';

interface JobParts {
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly jobs: readonly Job[];
  /** Whether this process begins the jobs that are due. */
  readonly background: boolean;
}

/** The scheduler of a process and what it consists of; without background work jobs run only when they are called. */
export function jobProviders({ jobs, background, ...parts }: JobParts): Provider[] {
  const store = new JobStore(parts.dataSource);
  const own = { ...parts, store, random: Math.random };
  const providers: Provider[] = [
    {
      provide: JobRunner,
      useFactory: (instances: ModuleRef, metrics: Metrics) =>
        new JobRunner(jobs, { ...own, instances, metrics }),
      inject: [ModuleRef, Metrics],
    },
    {
      provide: JobAdmin,
      useFactory: (metrics: Metrics) => new JobAdmin(jobs, { ...own, background, metrics }),
      inject: [Metrics],
    },
  ];
  if (!background) return providers;
  const useFactory = (runner: JobRunner): Scheduler => new Scheduler(jobs, runner, own);
  return [...providers, { provide: Scheduler, useFactory, inject: [JobRunner] }];
}
