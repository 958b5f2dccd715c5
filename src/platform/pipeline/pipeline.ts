import type { Problem } from '../../kernel/problem.js';
import type { Command, Outcome } from './command.js';
import type { Lane } from './lane.js';
import type { PipelineObserver } from './observer.js';
import { pipelineProblems } from './problems.js';

/** A lane as the pipeline knows it, in whichever thread it is. */
export type AnyLane = Pick<Lane, 'submit' | 'close'>;

/**
 * The one way to change an account. Commands are spread over lanes by how they name their target, so commands
 * that name an account alike keep their order; where two lanes meet on one account its version decides. The
 * number that may wait is bounded, and past it the caller is told to come back.
 */
export class Pipeline {
  private accepting = true;
  private inFlight = 0;
  private readonly room: (() => void)[] = [];

  constructor(
    private readonly lanes: readonly AnyLane[],
    /** The most commands that may be waiting or under way. */
    readonly limit: number,
    private readonly observer: PipelineObserver,
  ) {}

  get depth(): number {
    return this.inFlight;
  }

  /** Why no command would be taken now; null while there is room. */
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
    this.inFlight += 1;
    try {
      const outcome = await this.lane(command).submit(command);
      const kind =
        outcome.kind === 'refused' ? outcome.problem.code : outcome.replayed ? 'replayed' : 'answered';
      this.observer.outcome(command.type, kind, Number(process.hrtime.bigint() - started) / 1e9);
      return outcome;
    } finally {
      this.inFlight -= 1;
      this.callNext();
    }
  }

  /** Waits until a command would be taken: for streams that can slow their sender down instead of a 503. */
  async whenRoom(): Promise<void> {
    while (this.accepting && this.inFlight >= this.limit) {
      await new Promise<void>((resolve) => this.room.push(resolve));
    }
    // Whoever was called takes the place at once or not at all; then the next is called.
    setImmediate(() => this.callNext());
  }

  private callNext(): void {
    if (this.inFlight < this.limit) this.room.shift()?.();
  }

  /** Takes no more commands and answers those it took. */
  async close(): Promise<void> {
    this.accepting = false;
    await Promise.all(this.lanes.map((lane) => lane.close()));
  }

  private lane(command: Command): AnyLane {
    const { target } = command;
    const text = 'id' in target ? target.id : `${target.type} ${target.value}`;
    let hash = 0;
    for (let index = 0; index < text.length; index += 1)
      hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
    return this.lanes[Math.abs(hash) % this.lanes.length] as AnyLane;
  }
}
