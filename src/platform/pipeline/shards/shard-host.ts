import type { MessagePort } from 'node:worker_threads';
import type { Shard } from './shard.js';
import type { FromShard, Observation, SentCommand, SentOutcome, ToShard } from './shard-messages.js';
import type { ShardObserver } from './observer.js';

/** The side of a shard's own thread: carries out what arrives at the port and tells what came of it. */
export class ShardHost {
  /** What is followed by more of the same batch waits for that. */
  readonly observer: ShardObserver = {
    loaded: (...figures) => void this.observations.push(['loaded', ...figures]),
    reloaded: (count) => void this.observations.push(['reloaded', count]),
    clockBehind: (held, refused) => void this.observations.push(['clockBehind', held, refused]),
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
   * Begins to take commands. What was sent before is waiting at the port.
   * @param end called when the shard was closed and everything is told.
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
      // Which list it goes to is only known afterwards.
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
    // Nothing else keeps the thread.
    this.port.close();
  }

  /** A batch's commands are settled in one go, so by the end of the microtasks all of its outcomes are there. */
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
