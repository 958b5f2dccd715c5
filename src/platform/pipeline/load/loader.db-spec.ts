import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ConfigurationBuilder } from '../../../../test/builders/configuration.js';
import { LedgerSeed, seedProgramme } from '../../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { loadRequests } from '../../../../test/builders/load-requests.js';
import { definitionWithPreload } from '../../../../test/harness/short-preload.js';
import { definition, targetResolvers } from '../../../composition.js';
import { idToUuid, type AccountId, type LotId, type ProgrammeId } from '../../../kernel/ids.js';
import type { LedgerState } from '../../../ledger/domain/ledger-state.js';
import { ledgerSlice } from '../../../ledger/index.js';
import { createDataSource } from '../../database/data-source.js';
import { contextOf } from '../../http/command-context.js';
import { commandOf } from '../../http/command-request.js';
import { UuidV7Source } from '../../ids/uuid-v7-source.js';
import { ConfigCache } from '../../versioned-config/config-cache.js';
import type { Batch } from '../batch/batch-state.js';
import type { LoadRequest } from '../batch/load-request.js';
import { withMore } from '../shards/retry-policy.js';
import type { Command, Target } from '../contract/command.js';
import type { SqlClient } from '../sql/sql-client.js';
import { Loader } from './loader.js';

const now = Date.parse('2026-02-01T00:00:00Z');
const ids = new UuidV7Source({ now: () => now });
const config = ConfigurationBuilder.shop().build();

describe('loading a batch', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let client: pg.Client;
  let other: pg.Client;
  let programmeId: ProgrammeId;
  let seeds: LedgerSeed[];
  const configs = new ConfigCache({ snapshot: () => Promise.resolve(config) });
  const loader = new Loader(definition, targetResolvers, configs);

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 1 }).initialize();
    [client, other] = [1, 2].map(() => new pg.Client({ connectionString: database.applicationUrl })) as [
      pg.Client,
      pg.Client,
    ];
    await Promise.all([client.connect(), other.connect()]);
    programmeId = await seedProgramme(dataSource, ids);
  });
  afterAll(async () => {
    await Promise.all([client.end(), other.end()]);
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    seeds = [0, 1].map(() => new LedgerSeed(ids, programmeId));
    for (const seed of seeds) {
      seed.grant({ points: 10, at: '2026-01-01T00:00:00Z' });
      await saveMember(seed);
    }
  });

  async function saveMember(seed: LedgerSeed): Promise<void> {
    await seed.save(dataSource);
    await client.query(
      `INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes, created_at, updated_at)
         VALUES ($1, $2, $3, $3, 'active', now(), '{}', now(), now())`,
      [seed.memberId, programmeId, seed.accountId].map(idToUuid),
    );
  }

  const memberOf = (index: number): Target => ({ kind: 'member', id: (seeds[index] as LedgerSeed).memberId });
  const accountOf = (index: number): AccountId => (seeds[index] as LedgerSeed).accountId;

  const ledgerOf = (batch: Batch, index: number) =>
    batch.accounts.get(accountOf(index))?.account.get(ledgerSlice.name) as LedgerState;

  function command(
    type: string,
    body: object,
    target: Target,
    counterparty?: Command['counterparty'],
  ): Command {
    const keyId = ids.next('key');
    const context = contextOf({ programmeId, keyId, line: keyId, scopes: ['pos'] }, ids);
    return commandOf({ type, target, body, ...(counterparty && { counterparty }) }, context);
  }

  /** A client beside whom another connection writes the first account after every statement. */
  function harried(): SqlClient {
    return {
      query: async (statement) => {
        const result = await client.query(statement as pg.QueryConfig);
        await other.query('UPDATE accounts SET version = version + 1 WHERE account_id = $1', [
          idToUuid(accountOf(0)),
        ]);
        return result;
      },
    };
  }

  it('finds both accounts of a command on two, each with its member and its lots', async () => {
    const body = { points: 1, note: null, externalId: null };
    const batch = await loader.load(
      client,
      loadRequests(command('transfer.send', body, memberOf(0), memberOf(1))),
      now,
    );
    expect(batch.commands[0]).toMatchObject({
      accountId: accountOf(0),
      counterparty: { accountId: accountOf(1), memberId: seeds[1]?.memberId },
    });
    for (const index of [0, 1]) {
      const { lots, ...state } = ledgerOf(batch, index);
      expect(state).toMatchObject({ available: 10, horizon: null });
      expect(lots.size).toBe(1);
    }
  });

  const redeems = () => command('redemption.redeem', { rewardId: null, points: 1 }, memberOf(0));

  it('preloads the first lots in spending order for a command that spends, and lots with holds', async () => {
    const seed = new LedgerSeed(ids, programmeId);
    const at = '2026-01-01T00:00:00Z';
    const last = seed.grant({ points: 5, at });
    for (const date of ['2026-05-01', '2026-03-01', '2026-04-01', '2026-06-01'])
      seed.grant({ points: 10, at, expiresAt: `${date}T00:00:00Z` });
    seed.hold(last, 5, at);
    await saveMember(seed);
    seeds = [seed];
    const short = new Loader(
      definitionWithPreload({ referenced: 1, small: 2, medium: 3, large: 4 }),
      targetResolvers,
      configs,
    );
    const ledger = ledgerOf(await short.load(client, loadRequests(redeems()), now), 0);
    const ends = [...ledger.lots.values()].map(({ expiresAt }) => expiresAt).sort();
    expect(ends).toEqual([Date.parse('2026-03-01'), Date.parse('2026-04-01'), null]);
    expect(ledger).toMatchObject({ complete: false, horizon: { expiresAt: Date.parse('2026-04-01') } });
  });

  it('has more each time for a command that met the end of that, in the end everything, and says so', async () => {
    const seed = new LedgerSeed(ids, programmeId);
    for (let count = 0; count < 6; count += 1) seed.grant({ points: 10, at: '2026-01-01T00:00:00Z' });
    await saveMember(seed);
    seeds = [seed];
    const short = new Loader(
      definitionWithPreload({ referenced: 1, small: 2, medium: 4, large: 5 }),
      targetResolvers,
      configs,
    );
    const [met] = loadRequests(redeems()) as [LoadRequest];
    let { demands } = met;
    const seen: unknown[] = [];
    for (let time = 0; time < 5; time += 1) {
      const batch = await short.load(client, [{ ...met, demands }, ...loadRequests(redeems())], now);
      const { lots, complete } = ledgerOf(batch, 0);
      seen.push([lots.size, complete, ...batch.commands.map(({ everything }) => everything?.size ?? 0)]);
      demands = withMore(demands, { accountId: accountOf(0), wants: 'more' });
    }
    expect(seen).toEqual([
      [2, false, 0, 0],
      [4, false, 0, 0],
      [5, false, 0, 0],
      [6, true, 1, 0],
      [6, true, 1, 0],
    ]);
  });

  it('has one lot loaded beside those that a command names, where that is what it goes by', async () => {
    const seed = new LedgerSeed(ids, programmeId);
    const at = '2026-01-01T00:00:00Z';
    const [first, , third] = [1, 2, 3].map(() => seed.grant({ points: 10, at })) as [LotId, LotId, LotId];
    const { lastHold: redemptionId } = seed.hold(third, 5, at);
    await saveMember(seed);
    seeds = [seed];
    const captures = command('redemption.capture', { redemptionId, points: null }, memberOf(0));
    const { lots, complete } = ledgerOf(await loader.load(client, loadRequests(captures), now), 0);
    expect([[...lots.keys()], complete]).toEqual([[first, third], false]);
  });

  it('has all that is due, whatever its place, and no more of the rest than it would without', async () => {
    const seed = new LedgerSeed(ids, programmeId);
    const at = '2026-01-01T00:00:00Z';
    for (let count = 0; count < 3; count += 1)
      seed.grant({ points: 5, at, expiresAt: '2026-01-20T00:00:00Z' });
    for (let count = 0; count < 4; count += 1)
      seed.grant({ points: 10, at, expiresAt: '2026-05-01T00:00:00Z' });
    await saveMember(seed);
    seeds = [seed];
    const appliesDue = command('account.applyDue', {}, memberOf(0));
    const { lots, complete, reachesTo } = ledgerOf(
      await loader.load(client, loadRequests(appliesDue), now),
      0,
    );
    expect([lots.size, complete, reachesTo]).toEqual([4, false, now]);
  });

  it('finds no counterparty that does not exist', async () => {
    const nobody = { kind: 'identity', type: 'card', value: 'nobody' } as const;
    const body = { points: 1, note: null, externalId: null };
    const batch = await loader.load(
      client,
      loadRequests(command('transfer.send', body, memberOf(0), nobody)),
      now,
    );
    expect(batch.commands[0]).toMatchObject({ accountId: accountOf(0), counterparty: null });
  });

  it('opens an account that has no row yet, for the member of the other', async () => {
    const counterparty = { kind: 'new', id: ids.next('acc') } as const;
    const batch = await loader.load(
      client,
      loadRequests(command('household.create', {}, memberOf(0), counterparty)),
      now,
    );
    const opened = batch.accounts.get(counterparty.id);
    expect(opened).toMatchObject({ isNew: true, version: 0, eventSequence: 0 });
    expect(opened?.account.get(ledgerSlice.name)).toMatchObject({ available: 0, horizon: null });
    expect([...(opened?.members.keys() ?? [])]).toEqual([seeds[0]?.memberId]);
  });

  it('opens no account for a member that does not exist', async () => {
    const nobody = { kind: 'identity', type: 'card', value: 'nobody' } as const;
    const counterparty = { kind: 'new', id: ids.next('acc') } as const;
    const batch = await loader.load(
      client,
      loadRequests(command('household.create', {}, nobody, counterparty)),
      now,
    );
    expect(batch.commands[0]).toMatchObject({ accountId: null, counterparty: null });
    expect(batch.accounts.size).toBe(0);
  });

  it('reads an account of one moment, though another connection writes it all the time', async () => {
    const batch = await loader.load(
      harried(),
      loadRequests(command('account.applyDue', {}, memberOf(0))),
      now,
    );
    const entry = batch.accounts.get(accountOf(0));
    const { rows } = await client.query<{ version: string }>(
      'SELECT a.version FROM accounts a WHERE a.account_id = $1',
      [idToUuid(accountOf(0))],
    );
    // One statement, the beginning of the snapshot, had gone before.
    expect(entry?.version).toBe(1);
    expect(Number(rows[0]?.version)).toBeGreaterThan(3);
  });

  it('leaves the connection as it was after a load that failed', async () => {
    const broken: SqlClient = {
      query: async (statement) => {
        if (statement.name?.startsWith('pipeline-lazy-')) throw new Error('broken');
        return client.query(statement as pg.QueryConfig);
      },
    };
    await expect(
      loader.load(broken, loadRequests(command('account.applyDue', {}, memberOf(0))), now),
    ).rejects.toThrow('broken');
    await expect(client.query('CREATE TEMP TABLE writable (one int)')).resolves.toBeDefined();
  });
});
