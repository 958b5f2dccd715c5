import { Histogram } from './histogram.js';
import type { Answer } from './http-connection.js';
import { WINDOW_MS, type LoadPlan, type LoadResult, type Made } from './plan.js';
import { expectedStatus, type Task } from './works.js';

const KEPT_PROBLEMS = 5;
const REFUSED = 503;

const MADE: Readonly<Partial<Record<Task, keyof Made>>> = {
  purchase: 'purchases',
  replay: 'replays',
  capture: 'redemptions',
  redemption: 'redemptions',
  return: 'returns',
  read: 'reads',
};

/** Counts what was answered. */
export class Tally {
  private readonly statuses: Record<number, number> = {};
  private readonly made = { purchases: 0, redemptions: 0, returns: 0, reads: 0, replays: 0 };
  private readonly latencies = new Histogram();
  private readonly windows: Histogram[] = [];
  private readonly problems: string[] = [];
  private refused = 0;
  private done = 0;
  private inTime: Made | null = null;
  unanswered = 0;
  unsent = 0;

  constructor(private readonly plan: Pick<LoadPlan, 'mayRefuse'>) {}

  /** Checks an answer. @returns whether it is the expected one, so that requests that depend on it may follow. */
  answer(task: Task, { status, text }: Answer): boolean {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status === expectedStatus(task)) {
      if (task === 'replay' && !/\r\nidempotency-replayed: true\r\n/i.test(text))
        this.problem(`no replay: ${text}`);
      const made = MADE[task];
      if (made !== undefined) this.made[made] += 1;
      return true;
    }
    if (status === REFUSED && this.plan.mayRefuse === true && /\r\nretry-after: \d/i.test(text))
      this.refused += 1;
    else this.problem(`${task} was answered ${status}: ${text.slice(0, 600)}`);
    return false;
  }

  /** Receipts of a stream that were recorded. */
  lines(count: number): void {
    this.statuses[201] = (this.statuses[201] ?? 0) + count;
    this.made.purchases += count;
    this.done += count;
  }

  /** A task and all that followed on it is over. @param atMillis from the beginning, when it was to be sent */
  finished(millis: number, atMillis?: number): void {
    this.done += 1;
    this.latencies.record(millis);
    if (atMillis === undefined) return;
    const window = Math.max(0, Math.floor(atMillis / WINDOW_MS));
    (this.windows[window] ??= new Histogram()).record(millis);
  }

  /** Nothing more is sent: what is answered from now on was not done in time. */
  over(): void {
    this.inTime ??= { ...this.made };
  }

  problem(text: string): void {
    if (this.problems.length < KEPT_PROBLEMS) this.problems.push(text);
  }

  get failed(): boolean {
    return this.problems.length >= KEPT_PROBLEMS;
  }

  result(seconds: number, cpuMicros: number): LoadResult {
    const inTime = this.inTime ?? this.made;
    const { statuses, made, refused, unanswered, unsent, problems, done } = this;
    const windows = Array.from(this.windows, (window) => (window ?? new Histogram()).percentiles());
    const latencies = this.latencies.percentiles();
    return {
      done,
      seconds,
      made,
      inTime,
      statuses,
      latencies,
      windows,
      refused,
      unanswered,
      unsent,
      cpuMicros,
      problems,
    };
  }
}
