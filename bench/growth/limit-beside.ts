import { FIRST_NUMBER, type Pattern } from '../limit/pattern.js';
import { LimitStatement } from '../limit/limit-statement.js';
import { runPgbench } from '../limit/pgbench.js';
import { microsEach, readCpu } from '../measure/cpu.js';
import { InvalidRun, type Contestant, type Sample } from '../scene.js';
import { query } from '../stage/server.js';
import type { Stage } from '../stage/stage.js';

const BATCH = 100;
const CLIENTS = 4;
/** Accounts drawn in advance, each for one batch only, so that a run hardly comes back to any. */
const MOST_DRAWN = 1_000_000;
/** Numbers of receipts: each client has so many in each run. */
const NUMBERS_OF_CLIENT = 10_000_000;
const NUMBERS_OF_RUN = CLIENTS * NUMBERS_OF_CLIENT;
const TABLE = 'bench_limit.draws_beside';

/** Members by number: from the first to below the last. */
export interface MemberRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The limit in batches of 100 within the database that the engine works on, for one that is too large to be copied.
 * It has members to itself, see `GrownOptions.withLimit`.
 */
export function limitBeside(name: string, stage: Stage, pattern: Pattern, members: MemberRange): Contestant {
  const statement = new LimitStatement(pattern).text(TABLE);
  let batches = 0;
  let runs = 0;
  let recorded = 0;
  return {
    name,
    prepare: async () => void (batches = await draw(stage.databaseUrl, members)),
    measure: async (seconds): Promise<Sample> => {
      runs += 1;
      const script = [
        `\\set batch random(0, ${Math.floor(batches / CLIENTS) - 1}) * ${CLIENTS} + :client_id`,
        `\\set no :start + :client_id * ${NUMBERS_OF_CLIENT} + :turn * ${BATCH}`,
        '\\set turn :turn + 1',
        `${statement};`,
      ].join('\n');
      const before = await readCpu([], stage.postgresPid);
      const result = await runPgbench({
        databaseUrl: stage.databaseUrl,
        script,
        clients: CLIENTS,
        seconds,
        variables: { start: FIRST_NUMBER + runs * NUMBERS_OF_RUN, turn: 0 },
      });
      const after = await readCpu([], stage.postgresPid);
      const done = result.transactions * BATCH;
      recorded += done;
      return {
        perSecond: done / result.seconds,
        done,
        seconds: result.seconds,
        nodeMicros: 0,
        postgresMicros: microsEach(before, after, done).postgres,
        loadMicros: (result.cpuSeconds * 1e6) / done,
      };
    },
    close: async () => {
      if (runs === 0) return;
      // Numbers begin with the same digit and have as many digits in all of its runs, so they lie in their order.
      const source = sourceOf(pattern);
      const [row] = await query<{ claims: string }>(
        stage.databaseUrl,
        `SELECT count(*) AS claims FROM claims c WHERE c.programme_id = $1 AND c.scope = 'receipt'
           AND c.key >= $2 AND c.key < $3`,
        [pattern.programmeId, `${source}\n${FIRST_NUMBER + NUMBERS_OF_RUN}`, `${source}\n2`],
      );
      if (Number(row?.claims) !== recorded)
        throw new InvalidRun(
          `${recorded} receipts were recorded by the limit, ${row?.claims} claims are there`,
        );
    },
  };
}

function sourceOf({ tables }: Pattern): string {
  const source = tables.find(({ name }) => name === 'purchases')?.inserted[0]?.['source'];
  if (source === undefined || source === null) throw new Error('a purchase has a source');
  return source;
}

/** Draws distinct accounts at random into batches in the order of their keys. @returns how many batches there are. */
async function draw(databaseUrl: string, { from, to }: MemberRange): Promise<number> {
  const drawn = Math.min(MOST_DRAWN, to - from);
  await query(databaseUrl, 'CREATE SCHEMA IF NOT EXISTS bench_limit');
  await query(databaseUrl, `DROP TABLE IF EXISTS ${TABLE}`);
  await query(
    databaseUrl,
    `CREATE TABLE ${TABLE} (batch int, ord int, account_id uuid, member_id uuid, PRIMARY KEY (batch, ord))`,
  );
  // A member's number is the end of the external id.
  await query(
    databaseUrl,
    `WITH mine AS MATERIALIZED (SELECT m.account_id, m.member_id FROM members m
       WHERE m.external_id ~ '^m-[0-9]+$' AND substr(m.external_id, 3)::bigint >= $1 AND substr(m.external_id, 3)::bigint < $2
       ORDER BY random() LIMIT $3)
     INSERT INTO ${TABLE}
     SELECT d.batch, row_number() OVER (PARTITION BY d.batch ORDER BY d.account_id) - 1, d.account_id, d.member_id
     FROM (SELECT (row_number() OVER () - 1) / $4 AS batch, x.* FROM mine x) d
     WHERE d.batch < $3 / $4`,
    [from, to, drawn, BATCH],
  );
  await query(databaseUrl, `VACUUM (ANALYZE) ${TABLE}`);
  const batches = Math.floor(drawn / BATCH);
  if (batches < CLIENTS) throw new Error(`${to - from} members are too few for batches of ${BATCH}`);
  return batches;
}
