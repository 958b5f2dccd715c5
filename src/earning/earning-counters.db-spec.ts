import { EMPTY_SUM } from '../kernel/record-sum.js';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { LedgerSeed, seedProgramme } from '../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../test/harness/database.js';
import { idToUuid, type AccountId, type ProgrammeId } from '../kernel/ids.js';
import { createDataSource } from '../platform/database/data-source.js';
import { UuidV7Source } from '../platform/ids/uuid-v7-source.js';
import type { Row } from '../platform/database/row.js';
import type { AccountEntry } from '../platform/pipeline/batch/batch-state.js';
import { registered } from '../platform/pipeline/index.js';
import { Writer } from '../platform/pipeline/write/writer.js';
import { COUNTERS_SELECT, countersJoin } from './counters-join.query.js';
import { countGiven, countTakenBack, type EarningCounters } from './domain/counters.js';
import { earningCountersSlice as slice } from './earning-counters.slice.js';

const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });

const LOAD = `SELECT ${COUNTERS_SELECT} FROM (SELECT $1::uuid AS home_account_id, $2::uuid AS member_id) m
  CROSS JOIN (SELECT $3::date AS counters_from) c ${countersJoin('c.counters_from')}`;

describe('the counters of limited rules in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let client: pg.Client;
  let programmeId: ProgrammeId;
  let seed: LedgerSeed;
  let version = 0;
  const writer = new Writer([registered(slice)]);

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 1 }).initialize();
    client = new pg.Client({ connectionString: database.applicationUrl });
    await client.connect();
    programmeId = await seedProgramme(dataSource, ids);
  });
  afterAll(async () => {
    await client.end();
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    seed = new LedgerSeed(ids, programmeId);
    await seed.save(dataSource);
    version = 0;
  });

  type State = ReturnType<typeof slice.read>;

  async function load(from: string | null): Promise<State> {
    const values = [idToUuid(seed.accountId), idToUuid(seed.memberId), from];
    return slice.read((await client.query<Row>(LOAD, values)).rows[0] as Row);
  }

  /** Writes what a batch left, as the pipeline does; `accountId` is the household where the member is in one. */
  async function write(counters: EarningCounters, accountId: AccountId = seed.accountId): Promise<void> {
    const state: State = { ...counters, homeAccountId: seed.accountId };
    const entry: AccountEntry = {
      accountId,
      programmeId,
      version,
      eventSequence: 0,
      recordedUntil: 0,
      eventHead: EMPTY_SUM,
      recordSum: EMPTY_SUM,
      account: new Map(),
      members: new Map([[seed.memberId, new Map<string, unknown>([[slice.name, state]])]]),
      parameters: new Map(),
      changed: true,
      publicEvents: [],
    };
    const config = new ConfigurationBuilder().build();
    Object.assign(config, { revision: 0 });
    const batch = {
      commands: [],
      accounts: new Map([[accountId, entry]]),
      configs: new Map([[programmeId, config]]),
      shared: new Map<ProgrammeId, never>(),
    };
    const written = await writer.write(client, batch, { newClaims: [], atomicPairs: [] }, 0);
    expect([...written]).toEqual([accountId]);
    version += 1;
  }

  const counts = (state: State) =>
    Object.fromEntries([...state.known].map(([ruleId, days]) => [ruleId, Object.fromEntries(days)]));

  it('are those of all limited rules from a day on, later days too', async () => {
    let state: EarningCounters = await load(null);
    for (const day of ['2026-02-28', '2026-03-01', '2026-03-31', '2026-04-01'])
      state = countGiven(countGiven(state, 'a', day, 10), 'b', day, 1);
    await write(countGiven(state, 'c', '2026-03-10', 7));
    expect(counts(await load('2026-03-01'))).toEqual({
      a: {
        '2026-03-01': { points: 10, times: 1 },
        '2026-03-31': { points: 10, times: 1 },
        '2026-04-01': { points: 10, times: 1 },
      },
      b: {
        '2026-03-01': { points: 1, times: 1 },
        '2026-03-31': { points: 1, times: 1 },
        '2026-04-01': { points: 1, times: 1 },
      },
      c: { '2026-03-10': { points: 7, times: 1 } },
    });
    expect(counts(await load(null))).toEqual({});
  });

  it('add up, and give back what was returned, but never for a rule that was not counted', async () => {
    await write(countGiven(await load(null), 'a', '2026-03-10', 60));
    await write(countGiven(await load(null), 'a', '2026-03-10', 40));
    const part = countTakenBack(await load(null), 'a', '2026-03-10', { points: 15, whole: false });
    const uncounted = countTakenBack(part, 'free', '2026-03-10', { points: 5, whole: true });
    await write(countTakenBack(uncounted, 'a', '2026-03-10', { points: 25, whole: true }));
    expect(counts(await load('2026-03-01'))).toEqual({
      a: { '2026-03-10': { points: 60, times: 1 } },
    });
  });

  it('of a day that was given and returned at once are right', async () => {
    await write(countGiven(await load(null), 'a', '2026-03-10', 60));
    const both = countTakenBack(countGiven(await load(null), 'a', '2026-03-10', 30), 'a', '2026-03-10', {
      points: 60,
      whole: true,
    });
    await write(both);
    expect(counts(await load('2026-03-10'))).toEqual({
      a: { '2026-03-10': { points: 30, times: 1 } },
    });
  });

  it('stay with the account the member was enrolled with while a household guards them', async () => {
    const household = new LedgerSeed(ids, programmeId);
    await household.save(dataSource);
    await write(countGiven(await load(null), 'a', '2026-03-10', 60), household.accountId);
    await write(
      countTakenBack(await load(null), 'a', '2026-03-10', { points: 20, whole: false }),
      household.accountId,
    );
    expect(counts(await load('2026-03-10'))).toEqual({
      a: { '2026-03-10': { points: 40, times: 1 } },
    });
  });
});
