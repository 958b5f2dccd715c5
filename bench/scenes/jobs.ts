import { reportOf, VerifyService } from '../../src/integrity/index.js';
import type { ProgrammeId } from '../../src/kernel/ids.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { openGrownStage, type GrownStage } from '../growth/grown-stage.js';
import { JobEngine } from '../growth/job-engine.js';
import type { LifecycleName } from '../growth/lifecycle.js';
import { timed } from '../growth/timed.js';
import { inTurn } from '../measure/rounds.js';
import { medianOf, medianRatio } from '../measure/statistics.js';
import { barChart } from '../report/svg.js';
import {
  InvalidRun,
  type Contestant,
  type Finding,
  type Measured,
  type Sample,
  type Scene,
  type SceneOptions,
  type SceneResult,
} from '../scene.js';
import { query, startServer, type BenchServer } from '../stage/server.js';

const USUAL_ROWS = 100_000;
const MOST_ROWS = 5_000_000;
const LOTS_A_MEMBER = 4;
const SEED = 365;

const EXPIRY = 'expiry of lots';
const UPDATE = 'plain UPDATE of as many lots';
const VERIFY = 'verify of movements';
const SCAN = 'plain scan of as many movements';
const NIGHT = 'night with nothing due, accounts';
const ACCOUNT_SCAN = 'plain scan of as many accounts';

/** What runs by night, as time for each row, beside the least that PostgreSQL can do with as many rows. */
export const jobs: Scene = {
  name: 'jobs',
  purpose: 'expiry, verify and a night with nothing to do, for each row; BENCH_JOB_ROWS: how many',
  usual: '10 min with 100,000 rows, 30 min and 10 GB of disk with a million',
  byDefault: false,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const rows = rowsAsked();
  const server = await startServer();
  try {
    const open = (database: string, lifecycle: LifecycleName, members: number, lots: number) =>
      openGrownStage(server, {
        database,
        members,
        lots,
        lifecycle,
        recentReceipts: 0,
        seed: SEED,
        log: options.log,
      });
    const due = await open('jobs_due', 'due', Math.ceil(rows / LOTS_A_MEMBER) + 1, rows);
    const mixed = await open(
      'jobs_mixed',
      'mixed',
      Math.ceil(rows / 2 / LOTS_A_MEMBER) + 1,
      Math.ceil(rows / 2),
    );
    const quiet = await open('jobs_quiet', 'open', rows, rows);
    const measured = await inTurn(
      [
        expiry(server, due, rows),
        update(server, due, rows),
        verify(mixed),
        scan(mixed),
        await night(quiet),
        accountScan(quiet),
      ],
      options,
    );
    return {
      measured,
      findings: findings(measured),
      notes: [
        'a row is a lot for the expiry, a movement for verify, an account for the night; CPU and rate are of those',
        'the expiry and its UPDATE begin each time with a new copy of a database in which nothing has expired yet',
        `every account has ${LOTS_A_MEMBER} lots that are due; each is settled by one command, in batches of the pipeline, with a movement and events`,
        'there is no roll of tiers by time yet: instead, the night looks through accounts with open lots of which none is due or ends soon',
        'verify found nothing after the expiry, nor in the ledger it is measured on',
      ],
      plots: [{ name: 'jobs', svg: plot(measured) }],
      server: server.settings,
    };
  } finally {
    await server.stop();
  }
}

function rowsAsked(): number {
  const asked = process.env['BENCH_JOB_ROWS'] ?? String(USUAL_ROWS);
  const rows = /^\d{1,7}$/.test(asked) ? Number(asked) : NaN;
  if (rows >= 1000 && rows <= MOST_ROWS) return rows;
  throw new Error(`BENCH_JOB_ROWS must be a whole number from 1,000 to ${MOST_ROWS}, not "${asked}"`);
}

/** Acts on a copy of a stage, which is taken away again. */
async function onCopy<T>(
  server: BenchServer,
  stage: GrownStage,
  act: (copy: GrownStage) => Promise<T>,
): Promise<T> {
  const original = new URL(stage.databaseUrl).pathname.slice(1);
  const name = `${original}_copy`;
  const url = server.url('postgres');
  // By files: as WAL the copy would bring a checkpoint near that the measurement pays for.
  await query(url, `CREATE DATABASE "${name}" TEMPLATE "${original}" STRATEGY file_copy`);
  try {
    return await act({ ...stage, databaseUrl: server.url(name) });
  } finally {
    await query(url, `DROP DATABASE "${name}" WITH (FORCE)`);
  }
}

const LEFT = `SELECT (SELECT count(*) FROM lots l WHERE l.available > 0 AND l.expires_at <= now()) AS due,
  (SELECT count(*) FROM movements m WHERE m.to_bucket = 'expired') AS expired`;

function expiry(server: BenchServer, due: GrownStage, rows: number): Contestant {
  let looked = false;
  return {
    name: EXPIRY,
    measure: () =>
      onCopy(server, due, async (copy) => {
        const engine = await JobEngine.on(copy.databaseUrl);
        const sample = await timed(copy.postgresPid, async () => {
          await engine.applyDue();
          return rows;
        }).finally(() => engine.close());
        const [left] = await query<Record<'due' | 'expired', string>>(copy.databaseUrl, LEFT);
        if (left?.due !== '0' || Number(left.expired) !== rows)
          throw new InvalidRun(`of ${rows} lots ${left?.expired} expired, and ${left?.due} are due yet`);
        // Once: it takes longer than what is measured.
        if (!looked) await verified(copy);
        looked = true;
        return sample;
      }),
  };
}

function update(server: BenchServer, due: GrownStage, rows: number): Contestant {
  return {
    name: UPDATE,
    measure: () =>
      onCopy(server, due, (copy) =>
        timed(copy.postgresPid, async () => {
          const [updated] = await query<{ lots: string }>(
            copy.databaseUrl,
            `WITH u AS (UPDATE lots SET available = 0, expired = expired + available
               WHERE available > 0 AND expires_at <= now() RETURNING 1) SELECT count(*) AS lots FROM u`,
          );
          if (Number(updated?.lots) !== rows)
            throw new InvalidRun(`${updated?.lots} of ${rows} lots were updated`);
          return rows;
        }),
      ),
  };
}

function verify(stage: GrownStage): Contestant {
  return { name: VERIFY, measure: () => timed(stage.postgresPid, () => verified(stage)) };
}

/** @returns how many movements were gone through. @throws InvalidRun for any difference */
async function verified({ databaseUrl, programmeId }: GrownStage): Promise<number> {
  const dataSource = await createDataSource(databaseUrl, { poolSize: 2 }).initialize();
  try {
    const service = new VerifyService(dataSource);
    const state = await service.walk({ programmeId: programmeId as ProgrammeId });
    const { clean, movements, differences, differenceCount } = reportOf(state);
    if (!clean)
      throw new InvalidRun(`verify found ${differenceCount} differences: ${JSON.stringify(differences[0])}`);
    return movements;
  } finally {
    await dataSource.destroy();
  }
}

function scan(stage: GrownStage): Contestant {
  return {
    name: SCAN,
    measure: (seconds) => scanned(stage, seconds, 'movements', 'sum(t.points), max(t.hash)'),
  };
}

function accountScan(stage: GrownStage): Contestant {
  return {
    name: ACCOUNT_SCAN,
    measure: (seconds) => scanned(stage, seconds, 'accounts', 'sum(t.available)'),
  };
}

/** Reads a whole table on the server, again and again. */
function scanned(stage: GrownStage, seconds: number, table: string, figures: string): Promise<Sample> {
  const end = performance.now() + seconds * 1000;
  return timed(stage.postgresPid, async () => {
    let rows = 0;
    while (rows === 0 || performance.now() < end) {
      const [row] = await query<{ rows: string }>(
        stage.databaseUrl,
        `SELECT count(*) AS rows, ${figures} FROM ${table} t`,
      );
      rows += Number(row?.rows);
    }
    return rows;
  });
}

/** A new engine each time: one that has looked through a day does not do so again. */
async function night(stage: GrownStage): Promise<Contestant> {
  const [row] = await query<{ accounts: string }>(
    stage.databaseUrl,
    'SELECT count(*) AS accounts FROM accounts',
  );
  return {
    name: NIGHT,
    measure: async () => {
      const engine = await JobEngine.on(stage.databaseUrl);
      try {
        return await timed(stage.postgresPid, async () => {
          const settled = await engine.night();
          if (settled !== 0) throw new InvalidRun(`${settled} accounts were due`);
          return Number(row?.accounts);
        });
      } finally {
        await engine.close();
      }
    },
  };
}

const wall = ({ perSecond }: Sample): number => 1e6 / perSecond;
const cpu = ({ nodeMicros, postgresMicros }: Sample): number => nodeMicros + postgresMicros;

const PAIRS = [
  [EXPIRY, UPDATE, 'lot'],
  [VERIFY, SCAN, 'movement'],
  [NIGHT, ACCOUNT_SCAN, 'account'],
] as const;

function findings(measured: readonly Measured[]): Finding[] {
  const row = (name: string): Measured => measured.find((each) => each.name === name) as Measured;
  return PAIRS.flatMap(([job, plain, what]): Finding[] => [
    { name: `${job}: time`, value: medianOf(row(job), wall), unit: `us a ${what}` },
    { name: `${job}: CPU of node and postgres`, value: medianOf(row(job), cpu), unit: `us a ${what}` },
    { name: `${plain}: time`, value: medianOf(row(plain), wall), unit: `us a ${what}` },
    { name: `${job} / ${plain}: time`, value: medianRatio(row(job), row(plain), wall) },
  ]);
}

function plot(measured: readonly Measured[]): string {
  const bars = measured.map((row) => ({
    name: row.name,
    value: medianOf(row, wall),
    text: `${medianOf(row, wall).toFixed(2)} us`,
  }));
  return barChart('Jobs', 'microseconds a row', bars);
}
