import fc from 'fast-check';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { KeepingStory, STORY_START } from '../../../../test/builders/keeping-story.js';
import { LedgerSeed, seedProgramme } from '../../../../test/builders/ledger-seed.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/harness/database.js';
import { idToUuid, type MemberId, type ProgrammeId } from '../../../kernel/ids.js';
import { ReturnLookup } from '../../../purchases/return-lookup.query.js';
import { createDataSource } from '../../database/data-source.js';
import { UuidV7Source } from '../../ids/uuid-v7-source.js';
import type { Command, Outcome } from '../contract/command.js';
import { covers, widest } from './load-parameters.js';

const DATE_OID = 1082;

function grantedBy({ body }: Extract<Outcome, { kind: 'answered' }>): unknown {
  return (JSON.parse(body) as { pointsGranted: number }).pointsGranted;
}

const daysAgo = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(30) });
const step = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constant('purchase' as const), fc.nat(1), daysAgo, fc.nat(300_000)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constant('redeem' as const), fc.nat(1), fc.integer({ min: 1, max: 40 })),
  },
  { weight: 1, arbitrary: fc.tuple(fc.constant('redemption.capture' as const)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant('redemption.void' as const)) },
  {
    weight: 3,
    arbitrary: fc.tuple(
      fc.constant('return' as const),
      fc.nat(9),
      fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(
      fc.constant('together' as const),
      fc.nat(1),
      daysAgo,
      fc.integer({ min: 1, max: 40 }),
    ),
  },
  { weight: 2, arbitrary: fc.tuple(fc.constant('wait' as const), fc.integer({ min: 1, max: 200 })) },
);

/** What is sent, at once, for one step of a story. */
async function commandsOf(
  told: KeepingStory,
  what: 'purchase' | 'redeem' | 'together' | 'return' | 'wait' | 'redemption.capture' | 'redemption.void',
  first: number,
  second: number,
  third: number,
): Promise<Command[]> {
  switch (what) {
    case 'wait':
      told.clock.advance({ hours: first });
      return [];
    case 'purchase':
      return [told.purchase(first, second, third)];
    case 'redeem':
      return [told.redeem(first, second)];
    case 'together':
      return [told.redeem(first, third), told.purchase(first, second, 40_000)];
    case 'return':
      return [await told.giveBack(first, second)].filter((command) => command !== null);
    default:
      return [told.closeHold(what)].filter((command) => command !== null);
  }
}

describe('accounts that a shard keeps', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let client: pg.Client;
  let programmeId: ProgrammeId;
  const ids = new UuidV7Source({ now: () => STORY_START });

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.applicationUrl, { poolSize: 1 }).initialize();
    // Days stay the text that they are, as in the engine's own connections.
    const getTypeParser = ((oid: number, format?: 'text') =>
      oid === DATE_OID
        ? (text: string) => text
        : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;
    client = new pg.Client({ connectionString: database.applicationUrl, types: { getTypeParser } });
    await client.connect();
    programmeId = await seedProgramme(dataSource, ids, 'PLN');
  });
  afterAll(async () => {
    await client.end();
    await dataSource.destroy();
    await database.drop();
  });

  async function story(slides = true): Promise<KeepingStory> {
    const seeds = [1, 2].map(() => new LedgerSeed(ids, programmeId));
    for (const seed of seeds) {
      await seed.save(dataSource);
      await client.query(
        `INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes, created_at, updated_at)
         VALUES ($1, $2, $3, $3, 'active', '2025-01-01', '{}', now(), now())`,
        [seed.memberId, programmeId, seed.accountId].map(idToUuid),
      );
    }
    return new KeepingStory(
      client,
      new ReturnLookup(dataSource),
      programmeId,
      seeds.map(({ memberId }) => memberId),
      slides,
    );
  }

  it('are what a load would find, whatever happened to them', async () => {
    const seen = { checked: 0, fromMemory: 0, returned: 0, reloaded: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 3, maxLength: 12 }),
        fc.boolean(),
        async (steps, slides) => {
          const told = await story(slides);
          for (const [what, ...figures] of steps) {
            const [first = 0, second = 0, third = 0] = figures as number[];
            await told.send(...(await commandsOf(told, what, first, second, third)));
            await told.check();
          }
          seen.checked += told.checked;
          seen.fromMemory += told.fromMemory;
          seen.returned += told.returned;
          seen.reloaded += told.reloaded;
        },
      ),
      { numRuns: 60, seed: 20_261_128 },
    );
    expect(seen.checked).toBeGreaterThan(100);
    expect(seen.fromMemory).toBeGreaterThan(25);
    expect(seen.returned).toBeGreaterThan(25);
    expect(seen.reloaded).toBeGreaterThan(0);
    // Each step asks the database twice over; a busy machine takes its time.
  }, 120_000);

  it('are found again by the receipts of a batch, each counted on what the one before left', async () => {
    const told = await story();
    await told.send(told.purchase(0, 0, 10_000));
    const outcomes = await told.send(...[1, 2, 3].map(() => told.purchase(0, 0, 10_000)));
    expect(told.fromMemory).toBe(3);
    const available = outcomes.map((outcome) => {
      if (outcome.kind !== 'answered') throw new Error('refused');
      return (JSON.parse(outcome.body) as { balance: { lifetimeEarned: number } }).balance.lifetimeEarned;
    });
    expect(new Set(available).size).toBe(3);
    await told.check();
  });

  it('are no ground for a late receipt where what was loaded beside it reaches less far back', async () => {
    const told = await story();
    // All that two rules give for that week and that month.
    for (let nth = 0; nth < 2; nth += 1) await told.send(told.purchase(0, 25, 300_000));
    // A redemption is loaded, for today; the receipt beside it is of the same week as the two before.
    const [, beside] = await told.send(told.redeem(0, 1), told.purchase(0, 25, 300_000));
    const [alone] = await told.send(told.purchase(0, 25, 300_000));
    const granted = [alone, beside].map((outcome) => outcome?.kind === 'answered' && grantedBy(outcome));
    expect(granted[1]).toEqual(granted[0]);
  });

  it('are cached by returns, and found by the next receipt', async () => {
    const told = await story();
    await told.send(told.purchase(0, 0, 10_000));
    const back = await told.giveBack(0, 5_000);
    await told.send(back as Command);
    expect(told.returned).toBe(1);
    await told.send(told.purchase(0, 0, 10_000));
    expect(told.fromMemory).toBe(1);
    await told.check();
  });

  it('do not hide a receipt that was stored before: it is answered as it was, not counted twice', async () => {
    const told = await story();
    const receipt = told.purchase(0, 0, 10_000);
    const [first] = await told.send(receipt);
    const again = { ...receipt, commandId: ids.next('evt') };
    const [replay, other] = await told.send(again, told.purchase(0, 0, 20_000));
    expect(replay).toMatchObject({ replayed: true, body: first?.kind === 'answered' ? first.body : null });
    expect(other).toMatchObject({ status: 201 });
    const changed = { ...again, commandId: ids.next('evt'), fingerprint: '00' };
    const [conflict] = await told.send(changed);
    expect(conflict).toMatchObject({ kind: 'refused', problem: { code: 'RECEIPT_CONFLICT' } });
  });

  it('are loaded again once another writer changed them', async () => {
    const told = await story();
    await told.send(told.purchase(0, 0, 10_000));
    await client.query(
      `UPDATE members m SET status = 'suspended' WHERE m.member_id = $1`,
      [told.members[0] as MemberId].map(idToUuid),
    );
    await client.query(
      `UPDATE accounts a SET version = a.version + 1 FROM members m
       WHERE m.account_id = a.account_id AND m.member_id = $1`,
      [told.members[0] as MemberId].map(idToUuid),
    );
    const [outcome] = await told.send(told.purchase(0, 0, 10_000));
    expect(outcome?.kind === 'answered' && JSON.parse(outcome.body)).toMatchObject({ pointsGranted: 0 });
  });

  it('are no ground for a refusal or a dry run', async () => {
    const told = await story();
    await told.send(told.purchase(0, 0, 10_000));
    const before = told.fromMemory;
    const wrong = told.purchase(0, 0, 10_000);
    const [refused] = await told.send({ ...wrong, body: { ...(wrong.body as object), currency: 'TWD' } });
    expect(refused).toMatchObject({ kind: 'refused', problem: { code: 'CURRENCY_MISMATCH' } });
    expect(told.fromMemory).toBe(before + 1);
    await told.send(told.purchase(0, 0, 10_000, { dryRun: true }));
    expect(told.fromMemory).toBe(before + 1);
  });
});

describe('what was read for one day', () => {
  it.each([
    ['2026-01-01', '2026-01-01', true],
    ['2026-01-01', '2026-02-01', true],
    ['2026-02-01', '2026-01-01', false],
    [null, '2026-01-01', false],
    ['2026-01-01', null, true],
    [null, null, true],
  ])('%p serves one who asks for %p: %p', (read, wanted, enough) => {
    expect(covers('date', read, wanted)).toBe(enough);
  });

  it('serves two commands together with the earlier day', () => {
    expect(widest('date', '2026-02-01', '2026-01-01')).toBe('2026-01-01');
    expect(widest('date', '2026-01-01', '2026-02-01')).toBe('2026-01-01');
    expect(widest('date', null, '2026-02-01')).toBe('2026-02-01');
    expect(widest('text', 'a', 'b')).toBe('b');
  });
});
