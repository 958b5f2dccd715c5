import { SingleBar } from 'cli-progress';
import { progressText, type Snapshot } from './progress-text.js';

/** A line every so often where nothing can be rewritten: a log file, a pipe. */
const LINE_EVERY_MS = 3_000;

/** Where messages go; a terminal can rewrite its last line. */
export type ErrorStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

export interface PhasePlan {
  readonly name: string;
  readonly total: number;
  readonly unit: string;
}

/** Shows how far the import is. */
export interface Progress {
  begin(plan: PhasePlan): void;
  /** @param done in the measure of the plan's total; `counted` in its unit, the same when left out */
  at(done: number, counted?: number): void;
  end(): void;
}

/** The right kind of progress for a stream: a bar on a terminal, lines elsewhere, nothing when quiet. */
export function progressOn(stream: ErrorStream, quiet: boolean, now: () => number): Progress {
  if (quiet) return { begin: () => undefined, at: () => undefined, end: () => undefined };
  return new Phases(stream.isTTY ? new BarDisplay(stream) : new LineDisplay(stream, now), now);
}

interface Display {
  begin(): void;
  show(snapshot: Snapshot): void;
  /** The phase is over: what it came to stays to be read. */
  end(snapshot: Snapshot): void;
}

class Phases implements Progress {
  private plan: PhasePlan | null = null;
  private startedAt = 0;
  private done = 0;
  private counted = 0;

  constructor(
    private readonly display: Display,
    private readonly now: () => number,
  ) {}

  begin(plan: PhasePlan): void {
    this.plan = plan;
    this.startedAt = this.now();
    this.done = 0;
    this.counted = 0;
    this.display.begin();
  }

  at(done: number, counted = done): void {
    this.done = done;
    this.counted = counted;
    if (this.plan) this.display.show(this.snapshot(this.plan));
  }

  end(): void {
    if (this.plan) this.display.end(this.snapshot(this.plan));
    this.plan = null;
  }

  private snapshot({ name, total, unit }: PhasePlan): Snapshot {
    const { done, counted, startedAt } = this;
    return { phase: name, done, total, counted, unit, elapsedMs: this.now() - startedAt };
  }
}

class LineDisplay implements Display {
  private shownAt: number;

  constructor(
    private readonly stream: ErrorStream,
    private readonly now: () => number,
  ) {
    this.shownAt = now();
  }

  begin(): void {
    this.shownAt = this.now();
  }

  show(snapshot: Snapshot): void {
    if (this.now() - this.shownAt < LINE_EVERY_MS) return;
    this.shownAt = this.now();
    this.stream.write(`${progressText(snapshot)}\n`);
  }

  end(snapshot: Snapshot): void {
    this.stream.write(`${progressText(snapshot)}\n`);
  }
}

class BarDisplay implements Display {
  private readonly bar: SingleBar;

  constructor(private readonly stream: ErrorStream) {
    this.bar = new SingleBar({
      format: '[{bar}] {text}',
      stream,
      barsize: 24,
      fps: 10,
      clearOnComplete: true,
      hideCursor: true,
      linewrap: false,
      // Ctrl-C is the importer's to handle: the chunk under way is finished first.
      gracefulExit: false,
    });
  }

  begin(): void {
    this.bar.start(1, 0, { text: '' });
  }

  show(snapshot: Snapshot): void {
    this.bar.setTotal(Math.max(1, snapshot.total));
    this.bar.update(Math.min(snapshot.done, snapshot.total), { text: progressText(snapshot) });
  }

  end(snapshot: Snapshot): void {
    this.bar.stop();
    this.stream.write(`${progressText(snapshot)}\n`);
  }
}
