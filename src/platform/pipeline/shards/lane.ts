import type { AccountId, IdSource } from '../../../kernel/ids.js';
import type { Clock } from '../../../kernel/time.js';
import { classifySqlError, type SqlErrorKind } from '../../database/sql-errors.js';
import type { LoadedCommand } from '../batch/batch-state.js';
import type { Command, Outcome } from '../contract/command.js';
import type { Rules } from '../contract/engine-definition.js';
import { databaseProblem, pipelineProblems } from '../contract/problems.js';
import { decideBatch } from '../decide/decide.js';
import type { ResumingLoader } from '../load/resuming-loader.js';
import type { LaneConnection } from '../sql/connection.js';
import type { Writer } from '../write/writer.js';
import type { LaneObserver } from './observer.js';
import type { LaneOutcome } from './any-lane.js';

/** The most commands one statement carries. */
export const MAX_BATCH = 128;
/**
 * The most bulk commands of a batch while single ones come: a till waits for the batch that is being written, so that
 * must be short.
 */
export const MAX_BULK_BESIDE_SINGLES = 16;
/** For so long after a single command the lane expects another one, in milliseconds. */
const SINGLES_EXPECTED_MS = 250;
/** How often a command is decided again because its account changed meanwhile, in the lane that keeps it. */
export const MAX_CONFLICTS = 64;
/** How often a batch is tried again after a race or a lost connection before it is given up. */
export const MAX_RACES = 8;
export const MAX_RECONNECTS = 40;
/** How often a batch is tried again while the database takes no writes. */
export const MAX_UNAVAILABLE = 4;
export const RECONNECT_PAUSE_MS = 250;

export interface LaneParts {
  readonly connection: LaneConnection;
  readonly loader: ResumingLoader;
  readonly writer: Writer;
  readonly rules: Rules;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly observer: LaneObserver;
  /** 0 (inclusive) to 1 (exclusive); spreads retries. */
  readonly random: () => number;
  /** Waits so many milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

interface Waiting {
  readonly command: Command;
  readonly mayLeave: boolean;
  conflicts: number;
  readonly settle: (outcome: LaneOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * One queue and one connection: commands that arrive while a batch is being written form the next batch.
 * No timer, so an idle lane answers at once; a busy one writes up to `MAX_BATCH` commands a statement.
 */
export class Lane {
  private waiting: Waiting[] = [];
  /** Lines of streams and commands of jobs: they take the places that single commands leave. */
  private bulk: Waiting[] = [];
  /** By the monotonic clock, in milliseconds. */
  private lastSingleAt = -Infinity;
  private running: Promise<void> | null = null;

  constructor(private readonly parts: LaneParts) {}

  get depth(): number {
    return this.waiting.length + this.bulk.length;
  }

  /** @param mayLeave whether the command may be told to go elsewhere when its account changed meanwhile. */
  submit(command: Command): Promise<Outcome>;
  submit(command: Command, mayLeave: boolean): Promise<LaneOutcome>;
  submit(command: Command, mayLeave = false): Promise<LaneOutcome> {
    return new Promise<LaneOutcome>((settle, fail) => {
      this.queueOf(command).push({ command, mayLeave, conflicts: 0, settle, fail });
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

  /** Carries a batch to its end. @returns the commands whose account changed meanwhile, in their order. */
  private async process(batch: readonly Waiting[]): Promise<Waiting[]> {
    let races = 0;
    let reconnects = 0;
    let refusals = 0;
    for (;;) {
      try {
        return await this.attempt(batch);
      } catch (error) {
        const kind = classifySqlError(error);
        this.parts.loader.forgetAll();
        this.parts.observer.failed(kind, error);
        if (kind === 'connection' && reconnects < MAX_RECONNECTS) {
          reconnects += 1;
          await this.parts.connection.release();
          await this.parts.sleep(RECONNECT_PAUSE_MS);
        } else if (kind === 'unavailable' && refusals < MAX_UNAVAILABLE) {
          // After a failover the same address leads to the server that takes writes, on a new connection.
          refusals += 1;
          await this.parts.connection.release();
          await this.parts.sleep(RECONNECT_PAUSE_MS);
        } else if (kind === 'race' && races < MAX_RACES) {
          races += 1;
          await this.pause(races);
        } else {
          return this.isolate(batch, kind, error);
        }
      }
    }
  }

  /** Halves a batch that keeps failing, until the command at fault fails alone. */
  private async isolate(batch: readonly Waiting[], kind: SqlErrorKind, error: unknown): Promise<Waiting[]> {
    if (kind === 'connection' || kind === 'unavailable' || batch.length === 1) {
      const problem = databaseProblem(error);
      for (const { settle, fail } of batch) {
        if (problem) settle({ kind: 'refused', problem });
        else fail(error);
      }
      return [];
    }
    const middle = batch.length >> 1;
    return [...(await this.process(batch.slice(0, middle))), ...(await this.process(batch.slice(middle)))];
  }

  private async attempt(waiting: readonly Waiting[]): Promise<Waiting[]> {
    const { connection, loader, writer, rules, clock, ids, observer } = this.parts;
    const started = process.hrtime.bigint();
    const now = clock.now();
    const client = await connection.client();
    const batch = await loader.load(
      client,
      waiting.map(({ command }) => command),
      now,
    );
    const fromMemory = batch.commands.reduce((count, { kept }) => count + (kept ? 1 : 0), 0);
    observer.loaded(fromMemory, waiting.length - fromMemory);
    const decided = decideBatch(batch, rules, now, ids);
    if (decided.wanting.size > 0) observer.widened(decided.wanting.size);
    const { held, refused } = decided.clockBehind;
    if (held + refused > 0) observer.clockBehind(held, refused);
    const written = await writer.write(client, batch, decided, now);
    if (written.size > 0) observer.committed();
    loader.remember(batch, written);
    const again: Waiting[] = [];
    let left = 0;
    const changed = (accountId: AccountId | null | undefined): boolean =>
      accountId !== null && accountId !== undefined && batch.accounts.get(accountId)?.changed === true;
    const lost = (accountId: AccountId | null | undefined): boolean =>
      changed(accountId) && !written.has(accountId as AccountId);
    const conflicted = (index: number): boolean => {
      const loaded = batch.commands[index];
      return lost(loaded?.accountId) || lost(loaded?.counterparty?.accountId);
    };
    const anyConflict = waiting.some((_, index) => conflicted(index));
    for (const [index, item] of waiting.entries()) {
      const { kept, accountId } = batch.commands[index] as LoadedCommand;
      const outcome = decided.outcomes[index] as Outcome;
      if (decided.deferred.has(index)) {
        const lack = decided.wanting.get(index);
        if (lack) loader.demandMoreFor(item.command, lack);
        again.push(item);
      } else if (kept && (outcome.kind === 'refused' || !changed(accountId) || lost(accountId))) {
        // What was kept may be old, and what rests on it alone is nobody's answer.
        loader.forget(accountId as AccountId);
        again.push(item);
      } else if (conflicted(index) || (anyConflict && decided.provisional.has(index))) {
        if (this.leaves(item)) left += 1;
        else if (this.retry(item)) again.push(item);
      } else {
        item.settle(outcome);
      }
    }
    observer.batch(waiting.length, again.length + left, Number(process.hrtime.bigint() - started) / 1e9);
    return again;
  }

  /** Sends a command elsewhere that may go there, and is outrun here. */
  private leaves({ command, mayLeave, settle }: Waiting): boolean {
    const { loader, rules } = this.parts;
    const leaves = mayLeave && !rules.handlers.get(command.type)?.inOrder && loader.mustLoad(command);
    if (leaves) settle({ kind: 'elsewhere' });
    return leaves;
  }

  private retry(item: Waiting): boolean {
    item.conflicts += 1;
    if (item.conflicts <= MAX_CONFLICTS) return true;
    const detail = `The account changed ${MAX_CONFLICTS} times while this was being decided; try again.`;
    item.settle({ kind: 'refused', problem: pipelineProblems.problem('CONTENDED', detail) });
    return false;
  }

  /** Up to 2 ms after the first conflict, doubling to 64 ms, with full jitter. */
  private pause(attempt: number): Promise<void> {
    return this.parts.sleep(this.parts.random() * Math.min(64, 2 ** attempt));
  }
}
