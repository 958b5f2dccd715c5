import type { MessagePort } from 'node:worker_threads';
import type { AnyLane } from './any-lane.js';
import type { FromLane, Observation, SentCommand, SentOutcome, ToLane } from './lane-messages.js';
import type { LaneObserver } from './observer.js';

/** The side of a lane's own thread: carries out what arrives at the port and tells what came of it. */
export class LaneHost {
  /** What is followed by more of the same batch waits for that. */
  readonly observer: LaneObserver = {
    loaded: (...figures) => void this.observations.push(['loaded', ...figures]),
    widened: (count) => void this.observations.push(['widened', count]),
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
   * @param end called when the lane was closed and everything is told.
   */
  serve(lane: AnyLane, end: () => Promise<void>): void {
    this.port.on('message', (message: ToLane) => {
      if (message.kind === 'commands') for (const sent of message.commands) void this.carryOut(lane, sent);
      else void this.close(lane, end);
    });
    this.send({ kind: 'ready' });
  }

  private async carryOut(lane: AnyLane, { number, command, mayLeave }: SentCommand): Promise<void> {
    try {
      // Which list it goes to is only known afterwards.
      const outcome = await lane.submit(command, mayLeave);
      this.outcomes.push({ number, outcome });
    } catch (error) {
      const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
      const { code } = (error ?? {}) as { code?: unknown };
      this.outcomes.push({ number, message, stack, code: typeof code === 'string' ? code : undefined });
    }
    this.tell();
  }

  private async close(lane: AnyLane, end: () => Promise<void>): Promise<void> {
    await lane.close();
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

  private send(message: FromLane): void {
    this.port.postMessage(message);
  }
}
