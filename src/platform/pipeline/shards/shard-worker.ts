import type { AccountId, IdSource } from '../../../kernel/ids.js';
import type { Clock } from '../../../kernel/time.js';
import { classifySqlError, type SqlErrorKind } from '../../database/sql-errors.js';
import type { Batch } from '../batch/batch-state.js';
import type { DecidedBatch, Lack } from '../batch/decided-batch.js';
import { needsLazyRows, type Demands, type LoadRequest } from '../batch/load-request.js';
import type { Command, Outcome } from '../contract/command.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import { databaseProblem, pipelineProblems } from '../contract/problems.js';
import { decideBatch } from '../decide/decide.js';
import type { CachedLoader } from '../load/cached-loader.js';
import type { ShardConnection } from '../sql/connection.js';
import type { Writer } from '../write/writer.js';
import type { ShardObserver } from './observer.js';
import type { ShardOutcome } from './shard.js';
import { attempted, fateOf, type Attempt } from './fate.js';
import {
  afterConflict,
  afterError,
  MAX_CONFLICTS,
  pauseAfter,
  withMore,
  type Tries,
} from './retry-policy.js';

/** The most commands one statement carries. */
export const MAX_BATCH = 128;
/**
 * The most bulk commands of a batch while single commands come: a till waits for the batch that is being written, so
 * that batch must be short.
 */
export const MAX_BULK_BESIDE_SINGLES = 16;
/** How long after a single command the shard expects another one, in milliseconds. */
const SINGLES_EXPECTED_MS = 250;
export const RECONNECT_PAUSE_MS = 250;

export interface ShardWorkerParts {
  readonly connection: ShardConnection;
  readonly loader: CachedLoader;
  readonly writer: Writer;
  readonly definition: EngineDefinition;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly observer: ShardObserver;
  /** 0 (inclusive) to 1 (exclusive); spreads retries. */
  readonly random: () => number;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** A command in the queue, with what its attempts have come to so far. */
interface Waiting extends LoadRequest {
  readonly mayForward: boolean;
  demands: Demands | null;
  conflicts: number;
  readonly resolve: (outcome: ShardOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One queue and one connection: commands that arrive while a batch is being written form the next batch. There is no
 * timer, so an idle shard answers at once; a busy one writes up to `MAX_BATCH` commands in one statement.
 */
export class ShardWorker {
  private waiting: Waiting[] = [];
  /** Lines of streams and commands of jobs. They get the places that single commands leave. */
  private bulk: Waiting[] = [];
  /** By the monotonic clock, in milliseconds. */
  private lastSingleAt = -Infinity;
  private running: Promise<void> | null = null;

  constructor(private readonly parts: ShardWorkerParts) {}

  get depth(): number {
    return this.waiting.length + this.bulk.length;
  }

  /** @param mayForward whether the command may be forwarded to another shard if its account changed meanwhile. */
  submit(command: Command): Promise<Outcome>;
  submit(command: Command, mayForward: boolean): Promise<ShardOutcome>;
  submit(command: Command, mayForward = false): Promise<ShardOutcome> {
    return new Promise<ShardOutcome>((resolve, reject) => {
      this.queueOf(command).push({ command, demands: null, mayForward, conflicts: 0, resolve, reject });
      if (!command.bulk) this.lastSingleAt = performance.now();
      this.running ??= this.run();
    });
  }

  /** Resolves when everything accepted has been answered. */
  async drained(): Promise<void> {
    while (this.running) await this.running;
  }

  async close(): Promise<void> {
    await this.drained();
    await this.parts.connection.release();
  }

  private async run(): Promise<void> {
    // Everything that arrives in the same turn of the event loop belongs to the first batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.depth > 0) {
      const batch = this.nextBatch();
      const again = await this.process(batch);
      const conflicts = again.reduce((most, item) => Math.max(most, item.conflicts), 0);
      if (conflicts > 0) await this.pause(conflicts);
      this.waiting.unshift(...again.filter(({ command }) => !command.bulk));
      this.bulk.unshift(...again.filter(({ command }) => command.bulk));
    }
    this.running = null;
  }

  private queueOf({ bulk }: Command): Waiting[] {
    return bulk ? this.bulk : this.waiting;
  }

  private nextBatch(): Waiting[] {
    const batch = this.waiting.splice(0, MAX_BATCH);
    if (this.bulk.length === 0) return batch;
    const alone = batch.length === 0 && performance.now() - this.lastSingleAt > SINGLES_EXPECTED_MS;
    const room = Math.min(MAX_BATCH - batch.length, alone ? MAX_BATCH : MAX_BULK_BESIDE_SINGLES);
    batch.push(...this.bulk.splice(0, room));
    return batch;
  }

  /** Carries a batch to its end. @returns the commands to be decided again, in their order. */
  private async process(batch: readonly Waiting[]): Promise<Waiting[]> {
    const tries: Tries = { race: 0, connection: 0, unavailable: 0 };
    for (;;) {
      try {
        return await this.attempt(batch);
      } catch (error) {
        const kind = classifySqlError(error);
        this.parts.loader.clear();
        this.parts.observer.failed(kind, error);
        const next = afterError(kind, tries);
        if (next === 'give-up' || kind === 'other' || kind === 'slow')
          return this.isolate(batch, kind, error);
        tries[kind] += 1;
        if (next === 'pause') await this.pause(tries[kind]);
        else await this.reconnect();
      }
    }
  }

  private async reconnect(): Promise<void> {
    await this.parts.connection.release();
    await this.parts.sleep(RECONNECT_PAUSE_MS);
  }

  /** Halves a batch that keeps failing, until the command at fault fails alone. */
  private async isolate(batch: readonly Waiting[], kind: SqlErrorKind, error: unknown): Promise<Waiting[]> {
    if (kind === 'connection' || kind === 'unavailable' || batch.length === 1) {
      const problem = databaseProblem(error);
      for (const { resolve, reject } of batch) {
        if (problem) resolve({ kind: 'refused', problem });
        else reject(error);
      }
      return [];
    }
    const middle = batch.length >> 1;
    return [...(await this.process(batch.slice(0, middle))), ...(await this.process(batch.slice(middle)))];
  }

  /** Loads, decides and writes a batch once. @returns the commands to be decided again, in their order. */
  private async attempt(items: readonly Waiting[]): Promise<Waiting[]> {
    const { connection, loader, writer, definition, clock, ids, observer } = this.parts;
    const started = process.hrtime.bigint();
    const now = clock.now();
    const client = await connection.client();
    const batch = await loader.load(client, items, now);
    const decided = decideBatch(batch, definition, now, ids);
    this.observe(batch, decided);
    const written = await writer.write(client, batch, decided, now);
    if (written.size > 0) observer.committed();
    loader.remember(batch, written);
    const attempt = attempted(batch, decided, written);
    const again: Waiting[] = [];
    let forwarded = 0;
    for (const [index, item] of items.entries()) {
      const next = this.conclude(item, attempt, index);
      if (next === 'again') again.push(item);
      if (next === 'forwarded') forwarded += 1;
    }
    observer.batch(items.length, again.length + forwarded, Number(process.hrtime.bigint() - started) / 1e9);
    return again;
  }

  private observe({ commands }: Batch, { lacking, clockBehind, counts }: DecidedBatch): void {
    const { observer } = this.parts;
    const cached = commands.reduce((count, item) => count + (item.cached ? 1 : 0), 0);
    observer.loaded(cached, commands.length - cached);
    if (lacking.size > 0) observer.reloaded(lacking.size);
    const { held, refused } = clockBehind;
    if (held + refused > 0) observer.clockBehind(held, refused);
    for (const what of counts) observer.counted(what);
  }

  /** Carries out the fate of a command. */
  private conclude(item: Waiting, attempt: Attempt, index: number): 'done' | 'again' | 'forwarded' {
    const { batch, decided } = attempt;
    switch (fateOf(attempt, index)) {
      case 'answer':
        item.resolve(decided.outcomes[index] as Outcome);
        return 'done';
      case 'defer':
        return 'again';
      case 'load-more':
        item.demands = withMore(item.demands, decided.lacking.get(index) as Lack);
        return 'again';
      case 'reload':
        this.parts.loader.evict(batch.commands[index]?.accountId as AccountId);
        return 'again';
      case 'conflict':
        return this.concludeConflict(item);
    }
  }

  private concludeConflict(item: Waiting): 'done' | 'again' | 'forwarded' {
    const handler = this.parts.definition.handlers.get(item.command.type);
    const mustLoad = needsLazyRows(item, handler);
    switch (afterConflict(item.mayForward, handler?.inOrder === true, mustLoad, item.conflicts)) {
      case 'forward':
        item.resolve({ kind: 'forwarded' });
        return 'forwarded';
      case 'retry':
        item.conflicts += 1;
        return 'again';
      case 'give-up': {
        const detail = `The account changed ${MAX_CONFLICTS} times while this was being decided; try again.`;
        item.resolve({ kind: 'refused', problem: pipelineProblems.problem('CONTENDED', detail) });
        return 'done';
      }
    }
  }

  private pause(attempt: number): Promise<void> {
    return this.parts.sleep(pauseAfter(attempt, this.parts.random()));
  }
}
