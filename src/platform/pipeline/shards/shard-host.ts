import type { MessagePort } from 'node:worker_threads';
import type { Shard } from './shard.js';
import type { FromShard, Observation, SentCommand, SentOutcome, ToShard } from './shard-messages.js';
import type { ShardObserver } from './observer.js';

/** The shard's side of the port: carries out the commands that arrive and sends their outcomes. */
export class ShardHost {
  /** Observations are buffered and sent with the last one of a batch. */
  readonly observer: ShardObserver = {
    loaded: (...figures) => void this.observations.push(['loaded', ...figures]),
    reloaded: (count) => void this.observations.push(['reloaded', count]),
    clockBehind: (held, refused) => void this.observations.push(['clockBehind', held, refused]),
    counted: (what) => void this.observations.push(['counted', what]),
    committed: () => void this.observations.push(['committed']),
    failed: (kind) => {
      this.observations.push(['failed', kind, null]);
      this.tell();
    },
    batch: (...figures) => {
      this.observations.push(['batch', ...figures]);
      this.tell();
    },
  };
  private outcomes: SentOutcome[] = [];
  private observations: Observation[] = [];
  private telling = false;

  constructor(private readonly port: Pick<MessagePort, 'on' | 'postMessage' | 'close'>) {}

  /**
   * Begins to take commands. Earlier ones wait at the port.
   * @param end called after the shard is closed and all outcomes are sent.
   */
  serve(shard: Shard, end: () => Promise<void>): void {
    this.port.on('message', (message: ToShard) => {
      if (message.kind === 'commands') for (const sent of message.commands) void this.carryOut(shard, sent);
      else void this.close(shard, end);
    });
    this.send({ kind: 'ready' });
  }

  private async carryOut(shard: Shard, { number, command, mayForward }: SentCommand): Promise<void> {
    try {
      // The list may be another one after the await.
      const outcome = await shard.submit(command, mayForward);
      this.outcomes.push({ number, outcome });
    } catch (error) {
      const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
      const { code } = (error ?? {}) as { code?: unknown };
      this.outcomes.push({ number, message, stack, code: typeof code === 'string' ? code : undefined });
    }
    this.tell();
  }

  private async close(shard: Shard, end: () => Promise<void>): Promise<void> {
    await shard.close();
    await end();
    this.send({ kind: 'closed' });
    // The port is the last thing that keeps the thread alive.
    this.port.close();
  }

  /** All promises of a batch resolve in one go, so after the microtasks all of its outcomes are there. */
  private tell(): void {
    if (this.telling) return;
    this.telling = true;
    queueMicrotask(() => {
      const { outcomes, observations } = this;
      this.telling = false;
      this.outcomes = [];
      this.observations = [];
      this.send({ kind: 'news', outcomes, observations });
    });
  }

  private send(message: FromShard): void {
    this.port.postMessage(message);
  }
}
