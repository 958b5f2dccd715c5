import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import type { Command } from '../contract/command.js';
import type { ShardOutcome } from './shard.js';
import type { FromShard, Observation, SentCommand, SentOutcome, ToShard } from './shard-messages.js';
import type { ShardObserver } from './observer.js';

interface Waiting {
  readonly resolve: (outcome: ShardOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A shard in a thread of its own, as the thread of the requests sees it (ADR 0012). Deciding and writing do not slow
 * down reading and answering, and a process uses one processor for each shard and one more.
 */
export class ThreadedShard {
  private outbox: SentCommand[] = [];
  private readonly waiting = new Map<number, Waiting>();
  private next = 0;
  private closed = false;

  private constructor(
    private readonly worker: Worker,
    private readonly observer: ShardObserver,
  ) {}

  /** Waits until the thread takes commands. @throws Error if it ends before. */
  static async start(worker: Worker, observer: ShardObserver): Promise<ThreadedShard> {
    const shard = new ThreadedShard(worker, observer);
    await Promise.race([once(worker, 'message'), once(worker, 'exit').then(failToBegin)]);
    worker.on('message', (message: FromShard) => shard.receive(message));
    worker.on('error', (error) => shard.ended(error));
    worker.on('exit', () => shard.ended(null));
    return shard;
  }

  submit(command: Command, mayForward: boolean): Promise<ShardOutcome> {
    return new Promise((resolve, reject) => {
      const number = this.next++;
      this.waiting.set(number, { resolve, reject });
      this.outbox.push({ number, command, mayForward });
      // Commands that were read in this turn of the event loop are sent together.
      if (this.outbox.length === 1) setImmediate(() => this.send());
    });
  }

  /** Waits for the answers to accepted commands and ends the thread. */
  async close(): Promise<void> {
    this.send();
    const exit = once(this.worker, 'exit');
    this.post({ kind: 'close' });
    await exit;
  }

  private send(): void {
    if (this.outbox.length === 0) return;
    const commands = this.outbox;
    this.outbox = [];
    this.post({ kind: 'commands', commands });
  }

  private post(message: ToShard): void {
    this.worker.postMessage(message);
  }

  private receive(message: FromShard): void {
    if (message.kind === 'news') {
      for (const observation of message.observations) this.observe(observation);
      for (const sent of message.outcomes) this.resolve(sent);
    } else if (message.kind === 'closed') {
      this.closed = true;
    }
  }

  private resolve(sent: SentOutcome): void {
    const waiting = this.waiting.get(sent.number);
    this.waiting.delete(sent.number);
    if ('outcome' in sent) waiting?.resolve(sent.outcome);
    else waiting?.reject(Object.assign(new Error(sent.message), { stack: sent.stack, code: sent.code }));
  }

  private observe([name, ...figures]: Observation): void {
    (this.observer[name] as (...all: readonly unknown[]) => void)(...figures);
  }

  /**
   * What a dead shard has written is unknown and cannot be answered for. The process ends, as it would if the shard
   * were in this thread, and callers retry.
   * @throws Error that is not caught.
   */
  private ended(cause: unknown): void {
    if (this.closed) return;
    throw new Error('the thread of a shard ended', { cause });
  }
}

function failToBegin(): never {
  throw new Error('the thread of a shard ended before it began');
}
