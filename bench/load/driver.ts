import type { HttpConnection } from './http-connection.js';
import type { Tally } from './tally.js';
import type { Request, RequestSource } from './works.js';

/** How long answers are waited for when nothing more is sent. */
const DRAIN_LIMIT_MS = 30_000;
const DRAIN_POLL_MS = 5;

const NOTHING: Request = { task: 'read', text: '' };

/** One task of a connection: when its latency begins, and where it lies in the schedule if there is one. */
interface Current {
  request: Request;
  beganAt: number;
  scheduledAt: number | undefined;
}

/** Sends the tasks of a source over connections and counts the answers. */
export class Driver {
  underWay = 0;
  lastAnswerAt = 0;
  private readonly current = new Map<HttpConnection, Current>();
  /** Told when a connection has nothing to do any more. */
  onFree: (connection: HttpConnection) => void = () => undefined;

  constructor(
    connections: readonly HttpConnection[],
    private readonly source: RequestSource,
    private readonly tally: Tally,
  ) {
    for (const connection of connections) {
      const state: Current = { request: NOTHING, beganAt: 0, scheduledAt: undefined };
      this.current.set(connection, state);
      connection.onAnswer = (answer) => {
        const { request } = state;
        const { task } = request;
        if (tally.answer(task, answer)) {
          const follow = source.follow(request, source.reads(task) ? bodyOf(answer.text) : '');
          if (follow !== null) {
            state.request = follow;
            connection.send(follow.text);
            return;
          }
        }
        this.lastAnswerAt = performance.now();
        tally.finished(this.lastAnswerAt - state.beganAt, state.scheduledAt);
        this.underWay -= 1;
        this.onFree(connection);
      };
      connection.onLost = (reason) => {
        this.underWay -= 1;
        tally.unanswered += 1;
        tally.problem(`a connection was lost with ${state.request.task} under way: ${reason}`);
      };
    }
  }

  /** Begins the next task. @returns false when the source has none. */
  begin(connection: HttpConnection, beganAt = performance.now(), scheduledAt?: number): boolean {
    const request: Request | null = this.source.next();
    if (request === null) return false;
    const state = this.current.get(connection) as Current;
    state.request = request;
    state.beganAt = beganAt;
    state.scheduledAt = scheduledAt;
    this.underWay += 1;
    connection.send(request.text);
    return true;
  }

  /** Waits for what is under way; what is not answered half a minute after the `end` never is. */
  async drained(end = performance.now()): Promise<void> {
    const deadline = end + DRAIN_LIMIT_MS;
    while (this.underWay > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS));
    }
    if (this.underWay === 0) return;
    this.tally.unanswered += this.underWay;
    this.tally.problem(`${this.underWay} requests were not answered within ${DRAIN_LIMIT_MS / 1000} s`);
  }
}

function bodyOf(text: string): string {
  return text.slice(text.indexOf('\r\n\r\n') + 4);
}
