import { EMPTY_SUM } from '../../../kernel/record-sum.js';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ConfigurationBuilder } from '../../../../test/builders/configuration.js';
import { LedgerSeed, seedProgramme } from '../../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { idToUuid, type AccountId, type MemberId, type ProgrammeId } from '../../../kernel/ids.js';
import { createDataSource } from '../../database/data-source.js';
import { UuidV7Source } from '../../ids/uuid-v7-source.js';
import type { AccountEntry, Batch, NewClaim } from '../batch/batch-state.js';
import { registered, type AccountSlice } from '../contract/slice.js';
import type { Table } from '../contract/table.js';
import { Writer } from './writer.js';

const ids = new UuidV7Source({ now: () => Date.parse('2026-02-01T00:00:00Z') });
const config = ConfigurationBuilder.shop().build();

/** Who heads an account, and whose identities go to somebody else. */
interface HeadState {
  readonly accountId: AccountId;
  readonly head: MemberId;
  readonly relinked: readonly { readonly from: MemberId; readonly to: MemberId }[];
}

const LINKS: Table = {
  name: 'member_identities',
  mode: 'update',
  key: ['member_id'],
  keyFrom: { member_id: 'former_member_id' },
  accountScoped: false,
  columns: [
    { name: 'former_member_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'account_id', type: 'id' },
  ],
};

const slice: AccountSlice<HeadState> = {
  scope: 'account',
  name: 'head',
  columns: [{ name: 'head_member_id', type: 'id', value: ({ head }) => head }],
  read: () => {
    throw new Error('nothing is read here');
  },
  apply: (state) => state,
  rows: ({ accountId, relinked }, sink) => {
    for (const { from, to } of relinked)
      sink.add(LINKS, accountId, { former_member_id: from, member_id: to, account_id: accountId });
  },
};

describe('writing accounts that one command changed together', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let client: pg.Client;
  let programmeId: ProgrammeId;
  let seeds: LedgerSeed[];
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
    seeds = [0, 1, 2].map(() => new LedgerSeed(ids, programmeId));
    for (const seed of seeds) await seed.save(dataSource);
  });

  const account = (index: number): AccountId => (seeds[index] as LedgerSeed).accountId;
  const member = (index: number): MemberId => (seeds[index] as LedgerSeed).memberId;

  function entry(accountId: AccountId, overrides: Partial<AccountEntry & HeadState> = {}): AccountEntry {
    const { head = member(0), relinked = [], ...rest } = overrides;
    return {
      accountId,
      programmeId,
      version: 0,
      eventSequence: 0,
      recordedUntil: 0,
      eventHead: EMPTY_SUM,
      recordSum: EMPTY_SUM,
      account: new Map([[slice.name, { accountId, head, relinked }]]),
      members: new Map(),
      parameters: new Map(),
      changed: true,
      publicEvents: [],
      ...rest,
    };
  }

  function batchOf(...entries: readonly AccountEntry[]): Batch {
    return {
      commands: [],
      accounts: new Map(entries.map((item) => [item.accountId, item])),
      shared: new Map(),
      configs: new Map([
        [programmeId, Object.assign(Object.create(config) as typeof config, { revision: 0 })],
      ]),
    };
  }

  function claimOf(accountId: AccountId, key: string): NewClaim {
    return {
      programmeId,
      claim: { scope: 'transfer', key },
      fingerprint: '00',
      targetFingerprint: '00',
      commandId: ids.next('evt'),
      accountId,
      status: 201,
      answer: '{}',
    };
  }

  async function versions(): Promise<unknown[]> {
    const { rows } = await client.query(
      'SELECT a.version FROM accounts a WHERE a.account_id = ANY($1) ORDER BY 1',
      [seeds.map(({ accountId }) => idToUuid(accountId))],
    );
    return rows.map(({ version }: { version: string }) => Number(version));
  }

  const isOpen = async () =>
    (await client.query<{ now: string; began: string }>('SELECT clock_timestamp() > now() AS open')).rows;

  it('writes both', async () => {
    const batch = batchOf(entry(account(0)), entry(account(1)));
    const atomicPairs = [[account(0), account(1)]] as const;
    const newClaims = [claimOf(account(0), 'both')];
    const written = await writer.write(client, batch, { newClaims, atomicPairs }, 0);
    expect([...written].sort()).toEqual([account(0), account(1)].sort());
    expect(await versions()).toEqual([0, 1, 1]);
    expect(await isOpen()).toHaveLength(1);
  });

  it('writes neither where one of them changed meanwhile, nor anything else of the batch', async () => {
    const batch = batchOf(entry(account(0)), entry(account(1), { version: 7 }), entry(account(2)));
    const atomicPairs = [[account(0), account(1)]] as const;
    const newClaims = [claimOf(account(0), 'torn')];
    expect((await writer.write(client, batch, { newClaims, atomicPairs }, 0)).size).toBe(0);
    expect(await versions()).toEqual([0, 0, 0]);
    const { rows } = await client.query(`SELECT c.key FROM claims c WHERE c.key = 'torn'`);
    expect(rows).toEqual([]);
  });

  it('writes the others where both of them changed meanwhile', async () => {
    const batch = batchOf(
      entry(account(0), { version: 7 }),
      entry(account(1), { version: 7 }),
      entry(account(2)),
    );
    const written = await writer.write(
      client,
      batch,
      { newClaims: [], atomicPairs: [[account(0), account(1)]] },
      0,
    );
    expect([...written]).toEqual([account(2)]);
    expect(await versions()).toEqual([0, 0, 1]);
  });

  it('writes what it can of accounts that are not linked', async () => {
    const batch = batchOf(entry(account(0)), entry(account(1), { version: 7 }));
    const written = await writer.write(client, batch, { newClaims: [], atomicPairs: [] }, 0);
    expect([...written]).toEqual([account(0)]);
  });

  it('takes everything back after an error, and the connection goes on', async () => {
    const batch = batchOf(entry(account(0)), entry(account(1)));
    const atomicPairs = [[account(0), account(1)]] as const;
    const newClaims = [claimOf(account(0), 'twice'), claimOf(account(0), 'twice')];
    await expect(writer.write(client, batch, { newClaims, atomicPairs }, 0)).rejects.toMatchObject({
      code: '23505',
    });
    expect(await versions()).toEqual([0, 0, 0]);
    await writer.write(client, batch, { newClaims: [], atomicPairs }, 0);
    expect(await versions()).toEqual([0, 1, 1]);
  });

  describe('with an account of its own that it opens', () => {
    const opened = (accountId: AccountId) => entry(accountId, { isNew: true, head: member(0) });
    const rowsOf = async (accountId: AccountId) =>
      (
        await client.query<{ version: string; head: string }>(
          'SELECT a.version, a.head_member_id AS head FROM accounts a WHERE a.account_id = $1',
          [idToUuid(accountId)],
        )
      ).rows;

    it('has it from then on', async () => {
      const accountId = ids.next('acc');
      const atomicPairs = [[account(0), accountId]] as const;
      const batch = batchOf(entry(account(0)), opened(accountId));
      const written = await writer.write(
        client,
        batch,
        { newClaims: [claimOf(account(0), 'open')], atomicPairs },
        0,
      );
      expect(written).toEqual(new Set([account(0), accountId]));
      expect(await rowsOf(accountId)).toEqual([{ version: '1', head: idToUuid(member(0)) }]);
    });

    it('has none where the other account changed meanwhile', async () => {
      const accountId = ids.next('acc');
      const atomicPairs = [[account(0), accountId]] as const;
      const batch = batchOf(entry(account(0), { version: 7 }), opened(accountId));
      expect((await writer.write(client, batch, { newClaims: [], atomicPairs }, 0)).size).toBe(0);
      expect(await rowsOf(accountId)).toEqual([]);
    });

    it('reports that it exists after a commit whose answer was lost', async () => {
      const accountId = ids.next('acc');
      const atomicPairs = [[account(0), accountId]] as const;
      await writer.write(
        client,
        batchOf(entry(account(0)), opened(accountId)),
        { newClaims: [], atomicPairs },
        0,
      );
      const again = batchOf(entry(account(0)), opened(accountId));
      await expect(writer.write(client, again, { newClaims: [], atomicPairs }, 0)).rejects.toMatchObject({
        code: '23505',
      });
    });
  });

  it('finds rows by a key that it changes', async () => {
    const owners = [member(0), member(1)].map(idToUuid);
    await client.query(
      `INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes, created_at, updated_at)
       SELECT m, $1, $3, $3, 'active', now(), '{}', now(), now() FROM unnest($2::uuid[]) m`,
      [idToUuid(programmeId), owners, idToUuid(account(1))],
    );
    await client.query(`INSERT INTO member_identities VALUES ($1, 'card', 'relinked', $2, $3)`, [
      ...[programmeId, member(1), account(1)].map(idToUuid),
    ]);
    const relinked = [{ from: member(1), to: member(0) }];
    await writer.write(
      client,
      batchOf(entry(account(0), { relinked })),
      { newClaims: [], atomicPairs: [] },
      0,
    );
    const { rows } = await client.query(
      `SELECT i.member_id, i.account_id FROM member_identities i WHERE i.value = 'relinked'`,
    );
    expect(rows).toEqual([{ member_id: idToUuid(member(0)), account_id: idToUuid(account(0)) }]);
  });
});
