import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ConfigurationBuilder } from '../../../../test/builders/configuration.js';
import { LedgerSeed, seedProgramme } from '../../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { MovingClock } from '../../../../test/harness/moving-clock.js';
import { definition, targetResolvers } from '../../../composition.js';
import { idToUuid, type ProgrammeId } from '../../../kernel/ids.js';
import { createDataSource } from '../../database/data-source.js';
import { contextOf } from '../../http/command-context.js';
import { commandOf } from '../../http/command-request.js';
import { UuidV7Source } from '../../ids/uuid-v7-source.js';
import { ConfigCache } from '../../versioned-config/config-cache.js';
import { Loader } from '../load/loader.js';
import { CachedLoader } from '../load/cached-loader.js';
import type { ShardConnection } from '../sql/connection.js';
import type { SqlClient } from '../sql/sql-client.js';
import { Writer } from '../write/writer.js';
import { ShardWorker } from './shard-worker.js';

const clock = new MovingClock(Date.parse('2026-02-01T00:00:00Z'));
const ids = new UuidV7Source(clock);
const transfers = { expiry: 'keep', minimumPoints: 1, maximumPoints: null } as const;
const published = new ConfigurationBuilder().policy({ transfers }).accounting().rule().build();
const config = Object.assign(Object.create(published) as typeof published, { revision: 0 });

/** Loses the connection around the COMMIT of the first transaction that writes. */
class CutConnection implements Pick<ShardConnection, 'client' | 'release'> {
  cuts = 0;
  private current: pg.Client | null = null;
  private writing = false;

  constructor(
    private readonly url: string,
    private readonly when: 'before the COMMIT arrives' | 'before its answer does',
  ) {}

  async client(): Promise<SqlClient> {
    this.current ??= await this.connect();
    return { query: (statement) => this.query(statement) };
  }

  async release(): Promise<void> {
    await this.current?.end().catch(() => undefined);
    this.current = null;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  private async query(statement: Parameters<SqlClient['query']>[0]): ReturnType<SqlClient['query']> {
    const client = this.current as pg.Client;
    if (statement.text === 'BEGIN') this.writing = true;
    if (!this.writing || statement.text !== 'COMMIT' || this.cuts > 0)
      return client.query(statement as pg.QueryConfig);
    this.cuts += 1;
    if (this.when === 'before its answer does') await client.query('COMMIT');
    await this.release();
    throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
  }
}

describe('a command on two accounts whose connection is cut', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let programmeId: ProgrammeId;
  let giver: LedgerSeed;
  let receiver: LedgerSeed;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 1 }).initialize();
    programmeId = await seedProgramme(dataSource, ids);
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    [giver, receiver] = [new LedgerSeed(ids, programmeId), new LedgerSeed(ids, programmeId)];
    giver.grant({ points: 10, at: '2026-01-01T00:00:00Z' });
    for (const seed of [giver, receiver]) {
      await seed.save(dataSource);
      await dataSource.query(
        `INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes, created_at, updated_at)
         VALUES ($1, $2, $3, $3, 'active', now(), '{}', now(), now())`,
        [seed.memberId, programmeId, seed.accountId].map(idToUuid),
      );
    }
  });

  function shardOn(connection: CutConnection): ShardWorker {
    const configs = new ConfigCache({ snapshot: () => Promise.resolve(config) });
    return new ShardWorker({
      connection: connection as unknown as ShardConnection,
      loader: new CachedLoader(new Loader(definition, targetResolvers, configs), definition, configs, 100),
      writer: new Writer(definition.slices),
      definition,
      clock,
      ids,
      observer: {
        batch: () => undefined,
        loaded: () => undefined,
        reloaded: () => undefined,
        clockBehind: () => undefined,
        counted: () => undefined,
        failed: () => undefined,
        committed: () => undefined,
      },
      random: Math.random,
      sleep: setTimeout,
    });
  }

  it.each(['before the COMMIT arrives', 'before its answer does'] as const)(
    '%s takes effect once',
    async (when) => {
      const connection = new CutConnection(database.applicationUrl, when);
      const shard = shardOn(connection);
      const keyId = ids.next('key');
      const context = contextOf({ programmeId, keyId, line: keyId, scopes: ['pos'] }, ids);
      const named = (seed: LedgerSeed) => ({ kind: 'member', id: seed.memberId }) as const;
      const body = { points: 4, note: null, externalId: null };
      const outcome = await shard.submit(
        commandOf(
          { type: 'transfer.send', target: named(giver), counterparty: named(receiver), body },
          context,
        ),
      );
      await shard.close();
      expect(connection.cuts).toBe(1);
      expect(outcome).toMatchObject({ kind: 'answered', status: 201, replayed: false });
      const rows = await dataSource.query<{ available: string }[]>(
        `SELECT a.available FROM unnest($1::uuid[]) WITH ORDINALITY AS u(id, no)
       JOIN accounts a ON a.account_id = u.id ORDER BY u.no`,
        [[giver, receiver].map(({ accountId }) => idToUuid(accountId))],
      );
      expect(rows.map(({ available }) => Number(available))).toEqual([6, 4]);
    },
  );
});
