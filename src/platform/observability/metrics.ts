import { Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Counted, PipelineObserver } from '../pipeline/index.js';

/** Prometheus metrics of this process. */
@Injectable()
export class Metrics implements Omit<PipelineObserver, 'committed'> {
  readonly registry = new Registry();

  private readonly commands = new Counter({
    name: 'laurel_commands_total',
    help: 'Commands by type and outcome: answered, replayed, or the code of the refusal.',
    labelNames: ['command', 'outcome'],
    registers: [this.registry],
  });
  private readonly commandSeconds = new Histogram({
    name: 'laurel_command_seconds',
    help: 'Seconds from acceptance to answer, waiting included.',
    labelNames: ['command'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [this.registry],
  });
  private readonly batchSize = new Histogram({
    name: 'laurel_batch_commands',
    help: 'Commands a batch carried.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers: [this.registry],
  });
  private readonly batchSeconds = new Histogram({
    name: 'laurel_batch_seconds',
    help: 'Seconds a batch took from load to commit.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [this.registry],
  });
  private readonly states = new Counter({
    name: 'laurel_command_states_total',
    help: 'Commands by the source of their account: memory (the account cache) or database.',
    labelNames: ['from'],
    registers: [this.registry],
  });
  private readonly conflicts = new Counter({
    name: 'laurel_conflicts_total',
    help: 'Commands decided again because another shard or process changed their account meanwhile.',
    registers: [this.registry],
  });
  private readonly reloads = new Counter({
    name: 'laurel_reloads_total',
    help: 'Commands decided again with more rows of their account, because the preloaded ones were too few.',
    registers: [this.registry],
  });
  private readonly behind = new Counter({
    name: 'laurel_clock_behind_total',
    help: 'Commands that found the clock behind what is recorded, by result: held (decided at the last instant on record) or refused.',
    labelNames: ['result'],
    registers: [this.registry],
  });
  private readonly conditionFailures = new Counter({
    name: 'laurel_conditions_failed_total',
    help: 'Receipts over which a condition of a rule failed, so that the rule gave nothing.',
    labelNames: ['rule'],
    registers: [this.registry],
  });
  private readonly batchFailures = new Counter({
    name: 'laurel_batch_failures_total',
    help: 'Batches that met an error, by kind: race, connection, other.',
    labelNames: ['kind'],
    registers: [this.registry],
  });
  private readonly delivered = new Counter({
    name: 'laurel_events_delivered_total',
    help: 'Events handed to listeners after commit, by type.',
    labelNames: ['type'],
    registers: [this.registry],
  });

  private readonly jobRuns = new Counter({
    name: 'laurel_job_runs_total',
    help: 'Runs of jobs by outcome: succeeded, failed, timed_out, aborted.',
    labelNames: ['job', 'outcome'],
    registers: [this.registry],
  });
  private readonly jobSeconds = new Histogram({
    name: 'laurel_job_seconds',
    help: 'Seconds a run of a job took.',
    labelNames: ['job'],
    buckets: [0.01, 0.1, 1, 10, 60, 600, 3600],
    registers: [this.registry],
  });
  private readonly publication = new Histogram({
    name: 'laurel_event_publication_seconds',
    help: 'Seconds from the write of an event to its position in the log, for the oldest of each publication.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [this.registry],
  });
  private readonly listenerFailures = new Counter({
    name: 'laurel_listener_failures_total',
    help: 'Events that a listener failed at; each is handed over again or put aside.',
    labelNames: ['listener'],
    registers: [this.registry],
  });
  private readonly deadLetters = new Counter({
    name: 'laurel_dead_letters_total',
    help: 'Events put aside because a listener failed at them too often.',
    labelNames: ['listener'],
    registers: [this.registry],
  });
  private readonly dueAccounts = new Counter({
    name: 'laurel_due_accounts_total',
    help: 'Accounts on which a job or a report applied what fell due.',
    registers: [this.registry],
  });
  private readonly announcements = new Counter({
    name: 'laurel_expiry_announcements_total',
    help: 'Coming expiries announced, one for each account and date.',
    registers: [this.registry],
  });

  private readonly connectionsRefused = new Counter({
    name: 'laurel_connections_refused_total',
    help: 'HTTP connections closed at once because there were too many, in all or of one client.',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  batch(size: number, conflicts: number, seconds: number): void {
    this.batchSize.observe(size);
    this.batchSeconds.observe(seconds);
    if (conflicts > 0) this.conflicts.inc(conflicts);
  }

  loaded(cached: number, loaded: number): void {
    if (cached > 0) this.states.inc({ from: 'memory' }, cached);
    if (loaded > 0) this.states.inc({ from: 'database' }, loaded);
  }

  reloaded(count: number): void {
    this.reloads.inc(count);
  }

  clockBehind(held: number, refused: number): void {
    if (held > 0) this.behind.inc({ result: 'held' }, held);
    if (refused > 0) this.behind.inc({ result: 'refused' }, refused);
  }

  counted({ metric, label }: Counted): void {
    const counters = { conditionFailed: () => this.conditionFailures.inc({ rule: label }) };
    counters[metric]();
  }

  failed(kind: string): void {
    this.batchFailures.inc({ kind });
  }

  outcome(command: string, outcome: string, seconds: number): void {
    this.commands.inc({ command, outcome });
    this.commandSeconds.observe({ command }, seconds);
  }

  listenerFailed(listener: string, isBuried: boolean): void {
    this.listenerFailures.inc({ listener });
    if (isBuried) this.deadLetters.inc({ listener });
  }

  /** Shows how many events each listener that this process serves has not come to. */
  watchListeners(lags: () => ReadonlyMap<string, number>): void {
    new Gauge({
      name: 'laurel_listener_lag_events',
      help: 'Published events that a listener has not come to (on the process of the relay).',
      labelNames: ['listener'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [listener, lag] of lags()) this.set({ listener }, lag);
      },
    });
  }

  published(seconds: number): void {
    this.publication.observe(seconds);
  }

  eventDelivered(type: string): void {
    this.delivered.inc({ type });
  }

  dueApplied(count: number): void {
    this.dueAccounts.inc(count);
  }

  announced(count: number): void {
    this.announcements.inc(count);
  }

  jobRan(job: string, outcome: string, seconds: number): void {
    this.jobRuns.inc({ job, outcome });
    this.jobSeconds.observe({ job }, seconds);
  }

  connectionRefused(): void {
    this.connectionsRefused.inc();
  }

  /**
   * Shows how long the oldest of what fell due has waited to be applied, 0 when nothing waits.
   * @param ageSeconds fails when the database does not answer; the figure is not shown then.
   */
  watchOverdue(ageSeconds: () => Promise<number>): void {
    new Gauge({
      name: 'laurel_overdue_seconds',
      help: 'Seconds since the oldest of what fell due (hold, waiting points, lot) and is not applied yet.',
      registers: [this.registry],
      async collect() {
        this.remove();
        await ageSeconds().then(
          (age) => this.set(age),
          () => undefined,
        );
      },
    });
  }

  /**
   * Shows how long ago each job succeeded last, in whatever process; a job that never did is left out.
   * @param ages seconds by job; fails when the database does not answer, and nothing is shown then.
   */
  watchJobs(ages: () => Promise<ReadonlyMap<string, number>>): void {
    new Gauge({
      name: 'laurel_job_last_success_age_seconds',
      help: 'Seconds since a job last succeeded in any process.',
      labelNames: ['job'],
      registers: [this.registry],
      async collect() {
        this.reset();
        const known = await ages().catch(() => new Map<string, number>());
        for (const [job, age] of known) this.set({ job }, age);
      },
    });
  }

  /** Shows how many commands wait or are under way. */
  watchQueue(depth: () => number): void {
    new Gauge({
      name: 'laurel_queue_commands',
      help: 'Commands waiting or under way.',
      registers: [this.registry],
      collect() {
        this.set(depth());
      },
    });
  }
}
