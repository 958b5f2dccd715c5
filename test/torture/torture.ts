import { Backups } from './backups.js';
import { Book, Violations } from './book.js';
import { checkRound } from './check-round.js';
import { Disasters } from './disasters.js';
import { EventReader } from './event-reader.js';
import { Load } from './load.js';
import { Publications } from './publications.js';
import { Rig } from './rig.js';
import { SeededRandom } from './seeded-random.js';
import { Tally, type OperationFigures } from './tally.js';

export interface TortureOptions {
  /** Decides what is sent and what breaks, though not when. */
  readonly seed: string;
  /** Engines on the one database. */
  readonly processes: number;
  /** Commands under way at a time. */
  readonly connections: number;
  /** How long storms last in all. */
  readonly stormMs: number;
  /** After so long of a storm everything is checked. */
  readonly roundMs: number;
  /** Mean time between two disasters. */
  readonly everyMs: number;
  /** Whether nothing is broken: then every command must get its answer; default false. */
  readonly calm?: boolean;
  /** A storm goes on past its time, up to `PATIENCE_MS`, until enough has happened so far. Default: it always has. */
  readonly enough?: (report: Report) => boolean;
  /** Ends the run early, after a check of what happened so far. */
  readonly interrupted?: AbortSignal;
  /** Called when it begins, with what tells its state so far at any time. */
  readonly onStart?: (report: () => Report) => void;
}

/** On a slow machine an engine may need most of a storm to come up again, and little else strikes meanwhile. */
const PATIENCE_MS = 120_000;
const POLL_MS = 100;

/** What a run did and found. */
export interface Report {
  readonly seed: string;
  readonly processes: number;
  readonly connections: number;
  /** Of storm so far. */
  readonly seconds: number;
  readonly operations: Readonly<Record<string, OperationFigures>>;
  /** Answers to single sendings. */
  readonly requests: Readonly<Record<string, number>>;
  readonly disasters: Readonly<Record<string, number>>;
  /** Connections broken by the proxy: all, one, or that of a write, and how. */
  readonly cuts: Readonly<Record<string, number>>;
  readonly publications: Publications['counts'];
  readonly checks: Tally['checks'];
  readonly violationCount: number;
  readonly violations: readonly string[];
}

/** Storms and checks in turn until the time is up or something was found. Leaves nothing behind. */
export async function torture(options: TortureOptions): Promise<Report> {
  const { seed, processes, connections, stormMs, roundMs, everyMs, interrupted, onStart } = options;
  const { enough = () => true, calm = false } = options;
  const violations = new Violations();
  const tally = new Tally();
  const rig = await Rig.start(processes, violations);
  const backups = await Backups.in(rig.postgres);
  try {
    const load = new Load(rig, seed);
    const reader = new EventReader(rig);
    const publications = new Publications(rig);
    const disasters = new Disasters(rig, new SeededRandom(`${seed} disasters`), everyMs);
    let stormed = 0;
    const report = (): Report => ({
      seed,
      processes,
      connections,
      seconds: Math.round(stormed / 1000),
      operations: Object.fromEntries(tally.operations),
      requests: Object.fromEntries(load.requests),
      disasters: Object.fromEntries(disasters.struck),
      cuts: Object.fromEntries(rig.proxy.cuts),
      publications: publications.counts,
      checks: tally.checks,
      violationCount: violations.count,
      violations: violations.listed,
    });
    onStart?.(report);
    for (;;) {
      const book = new Book(violations);
      const length = Math.min(roundMs, stormMs - stormed);
      stormed += await storm({ lengthMs: length, enough: () => enough(report()), interrupted }, (stopped) => [
        load.run(book, connections, stopped),
        ...(calm ? [] : [disasters.run(stopped)]),
        reader.run(stopped),
        publications.run(stopped),
        backups.run(stopped),
      ]);
      await Promise.all(rig.slots.map((slot) => slot.stop()));
      if (calm) requireAnswers(report(), violations);
      await checkRound(rig, { load, reader, backups }, book, violations, tally);
      if (stormed >= stormMs || violations.count > 0 || interrupted?.aborted) return report();
      await Promise.all(rig.slots.map((slot) => slot.start()));
    }
  } finally {
    await rig.remove().finally(() => backups.remove());
  }
}

/** Where nothing was broken, every command was answered and every publication went through. */
function requireAnswers({ requests, publications }: Report, violations: Violations): void {
  if (requests['unknown'])
    violations.add(`${requests['unknown']} commands got no answer although nothing was broken`);
  if (publications.failed)
    violations.add(`${publications.failed} publications failed although nothing was broken`);
}

interface StormLength {
  readonly lengthMs: number;
  /** Asked once that is over, again and again. */
  readonly enough: () => boolean;
  readonly interrupted: AbortSignal | undefined;
}

/**
 * Runs it all until the time is up and enough has happened, it is interrupted or a part fails, and waits for every part
 * to end.
 *
 * @returns how long it lasted, in milliseconds
 */
async function storm(
  { lengthMs, enough, interrupted }: StormLength,
  parts: (stopped: AbortSignal) => readonly Promise<void>[],
): Promise<number> {
  const controller = new AbortController();
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  let lasted: number | null = null;
  const stop = () => {
    lasted ??= elapsed();
    controller.abort();
  };
  const timer = setInterval(() => {
    if (elapsed() >= lengthMs && (enough() || elapsed() >= PATIENCE_MS)) stop();
  }, POLL_MS);
  interrupted?.addEventListener('abort', stop, { once: true });
  if (interrupted?.aborted) stop();
  const outcomes = await Promise.allSettled(
    parts(controller.signal).map((part) =>
      part.catch((error: unknown) => {
        stop();
        throw error;
      }),
    ),
  );
  clearInterval(timer);
  interrupted?.removeEventListener('abort', stop);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return lasted ?? elapsed();
}
