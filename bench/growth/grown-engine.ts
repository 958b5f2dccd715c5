import { setTimeout as sleep } from 'node:timers/promises';
import { idToUuid } from '../../src/kernel/ids.js';
import type { LoadGenerator } from '../load/generator.js';
import type { LoadResult, Shape, Work } from '../load/plan.js';
import { httpContestant } from '../measure/http-contestant.js';
import { InvalidRun, type Contestant } from '../scene.js';
import { startEngine, type EngineServer } from '../stage/engine-server.js';
import { PUBLISH_EVENTS } from '../stage/publish-events.js';
import { query } from '../stage/server.js';
import type { GrownStage } from './grown-stage.js';
import { sampleVerify } from './sample-verify.js';

/** The jobs look for work five seconds after the start, and walk all that ends soon once. */
const FIRST_LOOK_MS = 7_000;
const QUIET_LOOKS = 3;
const LOOK_EVERY_MS = 500;
const JOBS_LIMIT_MS = 600_000;
const RELAY_LIMIT_SECONDS = 30;

type Purchases = Omit<Extract<Work, { kind: 'purchase' }>, 'source' | 'kind'>;

let started = 0;

/** Our engine on a grown stage, whose members are not given a first receipt: they have a history. */
export class GrownEngine {
  private runs = 0;
  private recorded = 0;
  private readonly source: string;

  private constructor(
    readonly stage: GrownStage,
    private readonly engine: EngineServer,
    private readonly generator: LoadGenerator,
  ) {
    started += 1;
    this.source = `grown-${started}`;
  }

  /** Starts the engine and waits until its jobs have looked through what there is. */
  static async start(
    stage: GrownStage,
    generator: LoadGenerator,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<GrownEngine> {
    const engine = await startEngine(stage.databaseUrl, environment);
    try {
      await jobsQuiet(stage.databaseUrl);
      return new GrownEngine(stage, engine, generator);
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  contestant(name: string, work: Purchases, shape: Shape): Contestant {
    const { engine, generator, stage } = this;
    return httpContestant({
      name,
      server: engine,
      postgresPid: stage.postgresPid,
      generator,
      settle: () => engine.relayIdle(RELAY_LIMIT_SECONDS),
      onResult: (result) => this.count(result),
      plan: (seconds) => {
        this.runs += 1;
        const source = `${this.source}-${this.runs}`;
        return {
          url: engine.url,
          key: stage.key,
          seconds,
          shape,
          work: { kind: 'purchase', source, ...work },
        };
      },
    });
  }

  /**
   * Holds the rows against the answers and has the engine's own verify look at a part.
   *
   * @param members whose accounts, receipts and measures are looked at, with some after each
   * @returns what was checked, for the reader
   * @throws InvalidRun for anything that is not as it was answered
   */
  async check(members: readonly number[], accountsPerPage: number): Promise<string> {
    const [row] = await query<Record<'purchases' | 'receipts' | 'claims', string>>(
      this.stage.databaseUrl,
      COUNTS,
      [idToUuid(this.stage.programmeId), `${this.source}-`, `${this.source}.`],
    );
    for (const name of ['purchases', 'receipts', 'claims'] as const) {
      if (Number(row?.[name]) !== this.recorded)
        throw new InvalidRun(`${this.recorded} receipts were answered, ${row?.[name]} ${name} are there`);
    }
    const part = await requireClean(this.stage, members, accountsPerPage);
    return `${this.recorded} receipts are there as they were answered, none twice; ${part}`;
  }

  /**
   * Lets another process work on the database while the engine stands still, and moves its relay past the events that
   * were written meanwhile: it would spend the next minute on them.
   */
  async aside<T>(act: () => Promise<T>): Promise<T> {
    const { pid } = this.engine;
    process.kill(pid, 'SIGSTOP');
    try {
      const done = await act();
      for (const statement of PUBLISH_EVENTS) await query(this.stage.databaseUrl, statement, []);
      return done;
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }

  private count({ made }: LoadResult): void {
    this.recorded += made.purchases;
  }
}

/**
 * Has the engine's own verify look at a part.
 *
 * @param members whose accounts, receipts and measures are looked at, with some after each
 * @returns what was checked, for the reader
 * @throws InvalidRun for any difference
 */
export async function requireClean(
  { databaseUrl, programmeId }: GrownStage,
  members: readonly number[],
  accountsPerPage: number,
): Promise<string> {
  const externalIds = members.map((member) => `m-${member}`);
  const report = await sampleVerify(databaseUrl, { programmeId, externalIds, accountsPerPage });
  const { clean, accounts, movements, receipts, differenceCount, differences } = report;
  if (!clean) {
    const first = differences.slice(0, 5).map((difference) => JSON.stringify(difference));
    throw new InvalidRun(`verify found ${differenceCount} differences: ${first.join(', ')}`);
  }
  return `verify is clean on ${accounts} accounts taken at random, ${movements} movements, ${receipts} receipts`;
}

/** What was recorded under sources from `$2` to below `$3`; claims by their key, which the index has in that order. */
const COUNTS = `SELECT
    (SELECT count(*) FROM purchases p WHERE p.source >= $2 AND p.source < $3) AS purchases,
    (SELECT count(*) FROM (SELECT DISTINCT p.source, p.receipt_no FROM purchases p
      WHERE p.source >= $2 AND p.source < $3) d) AS receipts,
    (SELECT count(*) FROM claims c WHERE c.programme_id = $1 AND c.scope = 'receipt' AND c.key >= $2 AND c.key < $3) AS claims`;

const ACTIVE = `SELECT count(*) AS active FROM pg_stat_activity s
  WHERE s.datname = current_database() AND s.pid <> pg_backend_pid() AND s.state <> 'idle'`;

/** @throws Error when the jobs are not done within ten minutes */
export async function jobsQuiet(databaseUrl: string): Promise<void> {
  await sleep(FIRST_LOOK_MS);
  const deadline = performance.now() + JOBS_LIMIT_MS;
  for (let quiet = 0; quiet < QUIET_LOOKS;) {
    if (performance.now() > deadline) throw new Error('the jobs of the engine do not come to an end');
    const [row] = await query<{ active: string }>(databaseUrl, ACTIVE);
    quiet = row?.active === '0' ? quiet + 1 : 0;
    await sleep(LOOK_EVERY_MS);
  }
}
