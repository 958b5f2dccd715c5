import type { Problem } from '../../../kernel/problem.js';
import { shardSuffixOf } from '../../../kernel/ids.js';
import type { Command, Outcome, Target } from '../contract/command.js';
import { pipelineProblems } from '../contract/problems.js';
import type { Shard } from './shard.js';
import { BulkPace } from './bulk-pace.js';
import type { PipelineObserver } from './observer.js';

/** The most lines of streams and commands of jobs under way in a process, over all streams. */
export const MAX_BULK = 512;

/**
 * The one way to change an account. Commands are spread over shards by the name of their target, so receipts that
 * name an account in the same way keep their order. Where two shards meet on one account its version decides, and a
 * command that must be loaded moves to the next shard. The number of waiting commands is limited; beyond the limit
 * they are refused.
 */
export class Pipeline {
  private accepting = true;
  private inFlight = 0;
  private bulkInFlight = 0;
  private readonly room: (() => void)[] = [];
  private readonly pace = new BulkPace();
  /** Set while bulk work waits for the end of a rest. */
  private rest: NodeJS.Timeout | null = null;
  private answeredAll: () => void = () => undefined;

  constructor(
    private readonly shards: readonly Shard[],
    /** The most commands that may be waiting or under way. */
    readonly limit: number,
    private readonly observer: PipelineObserver,
    /** A monotonic clock, in milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {}

  get depth(): number {
    return this.inFlight;
  }

  /** The problem with which a command would be refused now; null while there is room. */
  refusal(): Problem | null {
    if (!this.accepting)
      return pipelineProblems.problem('SHUTTING_DOWN', 'The server is shutting down; send this again.');
    if (this.inFlight < this.limit) return null;
    const detail = `${this.limit} commands are waiting already; try again in a second.`;
    return pipelineProblems.problem('OVERLOADED', detail);
  }

  /** Decides and writes a command. Refusals are outcomes; only bugs and unknown database errors reject. */
  async submit(command: Command): Promise<Outcome> {
    const refusal = this.refusal();
    if (refusal) return { kind: 'refused', problem: refusal };
    const started = process.hrtime.bigint();
    const beganAt = this.begins(command);
    try {
      const outcome = await this.carryOut(command);
      const kind =
        outcome.kind === 'refused' ? outcome.problem.code : outcome.replayed ? 'replayed' : 'answered';
      this.observer.outcome(command.type, kind, Number(process.hrtime.bigint() - started) / 1e9);
      return outcome;
    } finally {
      this.ends(command, beganAt);
    }
  }

  /** @returns when it begins. */
  private begins({ bulk }: Command): number {
    const now = this.now();
    this.inFlight += 1;
    if (bulk) {
      this.bulkInFlight += 1;
      this.pace.bulkBegins();
    } else this.pace.singleBegins(now);
    return now;
  }

  private ends({ bulk }: Command, beganAt: number): void {
    const now = this.now();
    this.inFlight -= 1;
    if (bulk) {
      this.bulkInFlight -= 1;
      this.pace.bulkEnds(now, beganAt);
    } else this.pace.singleEnds(now);
    if (this.inFlight === 0) this.answeredAll();
    this.callNext();
  }

  /**
   * Waits until there is room for bulk work: streams and jobs slow down instead of getting a 503, leave half of the
   * places to single commands, and rest between bursts while tills send.
   */
  async whenRoom(): Promise<void> {
    while (this.accepting && !this.hasBulkRoom()) {
      const called = new Promise<void>((resolve) => this.room.push(resolve));
      this.callNext();
      await called;
    }
    // The woken waiter submits synchronously or not at all, so the next one is woken afterwards.
    setImmediate(() => this.callNext());
  }

  /**
   * Calls the next waiter, now or after the rest. Any other reason to wait ends when a command ends, which calls the next
   * one anyway. The clock is read once: a rest that ended between two readings would call no waiter.
   */
  private callNext(): void {
    if (this.room.length === 0 || !this.hasBulkPlace()) return;
    const wait = this.pace.wait(this.now());
    if (wait === 0) this.room.shift()?.();
    else if (wait !== Infinity)
      this.rest ??= setTimeout(() => {
        this.rest = null;
        this.callNext();
      }, wait);
  }

  private hasBulkRoom(): boolean {
    return this.hasBulkPlace() && this.pace.wait(this.now()) === 0;
  }

  private hasBulkPlace(): boolean {
    const most = Math.min(MAX_BULK, Math.ceil(this.limit / 2));
    return this.inFlight < this.limit && this.bulkInFlight < most;
  }

  /** Takes no more commands and answers those it took. */
  async close(): Promise<void> {
    this.accepting = false;
    for (const call of this.room.splice(0)) call();
    // A command may still move from one shard to another.
    if (this.inFlight > 0) await new Promise<void>((resolve) => (this.answeredAll = resolve));
    await Promise.all(this.shards.map((shard) => shard.close()));
  }

  /** Carries a command out in its shard, or in the shard to which it is forwarded. */
  private async carryOut(command: Command): Promise<Outcome> {
    const { shards } = this;
    const first = shardNumber(command.target);
    // The last shard may not forward it.
    for (let step = 0; ; step += 1) {
      const shard = shards[(first + step) % shards.length] as Shard;
      const outcome = await shard.submit(command, step < shards.length - 1);
      if (outcome.kind !== 'forwarded') return outcome;
    }
  }
}

/** Kinds of targets whose ids end with the suffix of the shard that made them. */
const MADE_IN_SHARDS: ReadonlySet<Target['kind']> = new Set([
  'purchase',
  'redemption',
  'adjustment',
  'activity',
  'registration',
]);

/**
 * The shard of a target, as a number that is taken modulo the number of shards: a hash of the member's name, or, for
 * ids that the engine made, their shard suffix, which leads to the shard that caches the account.
 */
function shardNumber(target: Target): number {
  if ('id' in target && MADE_IN_SHARDS.has(target.kind)) return shardSuffixOf(target.id);
  const text = 'id' in target ? target.id : `${target.type} ${target.value}`;
  let hash = 0;
  for (let index = 0; index < text.length; index += 1)
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return Math.abs(hash);
}
