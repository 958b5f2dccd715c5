import fc from 'fast-check';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { ConfigurationBuilder } from '../../../test/builders/configuration.js';
import { LedgerSeed, seedProgramme } from '../../../test/builders/ledger-seed.js';
import { purchaseFacts } from '../../../test/builders/purchase.js';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { MovingClock } from '../../../test/harness/moving-clock.js';
import { rulesWithFrontOf } from '../../../test/harness/short-front.js';
import { targetResolvers } from '../../composition.js';
import {
  idToUuid,
  type MemberId,
  type ProgrammeId,
  type PurchaseId,
  type RedemptionId,
} from '../../kernel/ids.js';
import { formatInstant } from '../../kernel/time.js';
import { returnCommand } from '../../purchases/return-request.js';
import { ReturnLookup } from '../../purchases/return-lookup.query.js';
import { createDataSource } from '../database/data-source.js';
import { commandOf } from '../http/command-request.js';
import { UuidV7Source } from '../ids/uuid-v7-source.js';
import { ConfigCache } from '../versioned-config/config-cache.js';
import type { Command, Outcome, Target } from './command.js';
import type { LaneConnection } from './connection.js';
import { Lane } from './lane.js';
import { Loader } from './loader.js';
import { ResumingLoader } from './resuming-loader.js';
import { covers, widest } from './working-set.js';
import { Writer } from './writer.js';

/** So that whoever spends meets the end of what was loaded now and then. */
const rules = rulesWithFrontOf(2);
const START = Date.parse('2026-02-01T12:00:00Z');
const DAY_MS = 86_400_000;
const DATE_OID = 1082;
const published = new ConfigurationBuilder()
  .policy({ expiry: { type: 'days', days: 20 } })
  .accounting()
  .rule({ limits: [{ period: 'week', points: 25, times: null }] })
  .rule({ origin: 'non_purchase', expiry: { type: 'sliding', months: 1 } }, { key: 'slides' })
  .rule({ pending: { type: 'days', days: 3 } }, { key: 'waits' })
  .rule(
    { expiry: { type: 'never' }, limits: [{ period: 'month', points: null, times: 2 }] },
    { key: 'stays' },
  )
  .tiers({ window: { type: 'rolling', months: 1 } })
  .build();
const config = Object.assign(Object.create(published) as typeof published, { revision: 0 });

/** A lane that keeps what it wrote, and a loader that never does. */
class Story {
  readonly clock = new MovingClock(START);
  readonly ids = new UuidV7Source(this.clock);
  private readonly configs = new ConfigCache({ snapshot: () => Promise.resolve(config) });
  private readonly fresh = new Loader(rules, targetResolvers, this.configs);
  readonly keeping = new ResumingLoader(this.fresh, rules, this.configs, 100);
  fromMemory = 0;
  /** How often what was kept was held against a load. */
  checked = 0;
  /** How many returns were carried out. */
  returned = 0;
  private readonly lane: Lane;
  private receipts = 0;
  private holds: RedemptionId[] = [];
  private readonly purchases: PurchaseId[] = [];

  constructor(
    private readonly client: pg.Client,
    private readonly lookup: ReturnLookup,
    private readonly programmeId: ProgrammeId,
    readonly members: readonly MemberId[],
  ) {
    this.lane = new Lane({
      connection: {
        client: () => Promise.resolve(client),
        release: () => Promise.resolve(),
      } as unknown as LaneConnection,
      loader: this.keeping,
      writer: new Writer(rules.slices),
      rules,
      clock: this.clock,
      ids: this.ids,
      observer: {
        batch: () => undefined,
        loaded: (kept) => void (this.fromMemory += kept),
        failed: (_, error) => {
          throw error;
        },
        committed: () => undefined,
      },
      random: () => 0,
    });
  }

  purchase(member: number, daysAgo: number, amountMinor: number, overrides: Partial<Command> = {}): Command {
    this.receipts += 1;
    const occurredAt = this.clock.now() - daysAgo * DAY_MS;
    const facts = purchaseFacts({
      receiptNo: `R-${this.receipts}`,
      source: this.members[0] as string,
      occurredAt,
    });
    const { purchaseId: _, businessDate: __, ...body } = facts;
    const lines = [{ ...body.lines[0], amountMinor }];
    const natural = { scope: 'receipt', key: `${body.source}\n${body.receiptNo}` } as const;
    return {
      ...this.command('purchase.post', this.named(member), { ...body, lines }, natural),
      ...overrides,
    };
  }

  redeem(member: number, points: number): Command {
    const body = { rewardId: null, points, mode: 'authorise', holdSeconds: 7200, externalId: null };
    return this.command('redemption.redeem', this.named(member), body, null);
  }

  /** Uses or gives up the oldest hold; null when there is none. */
  settle(type: 'redemption.capture' | 'redemption.void'): Command | null {
    const redemptionId = this.holds.shift();
    if (!redemptionId) return null;
    const body = { redemptionId, points: null };
    return this.command(type, { kind: 'redemption', id: redemptionId }, body, null);
  }

  /** Takes back all that is left of one of the receipts, or a part of it; null where there is none. */
  async giveBack(nth: number, amountMinor: number): Promise<Command | null> {
    const purchaseId = this.purchases[nth % Math.max(1, this.purchases.length)];
    if (!purchaseId) return null;
    this.receipts += 1;
    const part = amountMinor === 0 ? { whole: true } : { lines: [{ lineNo: 1, amountMinor }] };
    const dto = {
      source: this.members[0] as string,
      receiptNo: `B-${this.receipts}`,
      occurredAt: formatInstant(this.clock.now()),
      ...part,
    };
    const around = { ids: this.ids, idempotencyKey: undefined, dryRun: undefined };
    const lookedUp = await this.lookup.lookUp(this.programmeId, [purchaseId]);
    return returnCommand(dto, purchaseId, lookedUp, { ...around, caller: this.caller() });
  }

  async send(...commands: readonly Command[]): Promise<Outcome[]> {
    const outcomes = await Promise.all(commands.map((command) => this.lane.submit(command)));
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.kind !== 'answered' || outcome.replayed) continue;
      const { id } = JSON.parse(outcome.body) as { id: never };
      if (commands[index]?.type === 'redemption.redeem') this.holds.push(id);
      if (commands[index]?.type === 'purchase.post') this.purchases.push(id);
      if (commands[index]?.type === 'purchase.return') this.returned += 1;
    }
    return outcomes;
  }

  /** What the lane would go on from, where it would go on from something, is what a load finds. */
  async check(): Promise<void> {
    for (const index of this.members.keys()) {
      const probe = this.purchase(index, 0, 100);
      const now = this.clock.now();
      const kept = await this.keeping.load(this.client, [probe], now);
      const [asked] = kept.commands;
      if (!asked?.kept) continue;
      this.checked += 1;
      const loaded = await this.fresh.load(this.client, [probe], now);
      const [mine, theirs] = [kept, loaded].map((batch) => batch.accounts.get(asked.accountId as never));
      expect(mine?.version).toBe(theirs?.version);
      expect(mine?.eventSequence).toBe(theirs?.eventSequence);
      expect(mine?.account).toEqual(theirs?.account);
      // What was kept may reach further back than this load asked for; each of the two has a day of its own.
      const from = theirs?.parameters.get(asked.memberId as MemberId) as readonly string[];
      const standing = (entry: typeof mine) => {
        const states = new Map(entry?.members.get(asked.memberId as MemberId));
        for (const [name, key, day] of [
          ['standing', 'days', from[0]],
          ['earningCounters', 'known', from[1]],
        ] as const)
          states.set(name, sinceDay(states.get(name) as object, key, day as string));
        return states;
      };
      expect(standing(mine)).toEqual(standing(theirs));
    }
  }

  private named(member: number): Target {
    return { kind: 'member', id: this.members[member] as MemberId };
  }

  private command(type: string, target: Target, body: object, natural: Command['natural']): Command {
    return commandOf({ type, caller: this.caller(), target, body, natural }, this.ids);
  }

  private caller() {
    return { programmeId: this.programmeId, keyId: this.ids.next('key'), scopes: ['pos' as const] };
  }
}

function grantedBy({ body }: Extract<Outcome, { kind: 'answered' }>): unknown {
  return (JSON.parse(body) as { pointsGranted: number }).pointsGranted;
}

/** A state without the days before the window, of which what was kept may have more. */
function sinceDay(state: object, key: string, from: string): object {
  const kept = (days: ReadonlyMap<string, unknown>) => new Map([...days].filter(([day]) => day >= from));
  const value = (state as Record<string, ReadonlyMap<string, unknown>>)[key] as ReadonlyMap<string, never>;
  const cut =
    key === 'days'
      ? kept(value)
      : new Map(
          [...value].map(([rule, days]) => [rule, kept(days)] as const).filter(([, days]) => days.size > 0),
        );
  return { ...state, [key]: cut };
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
  told: Story,
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
      return [told.settle(what)].filter((command) => command !== null);
  }
}

describe('accounts that a lane keeps', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let client: pg.Client;
  let programmeId: ProgrammeId;
  const ids = new UuidV7Source({ now: () => START });

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await createDataSource(database.url, { poolSize: 1 }).initialize();
    // Days stay the text that they are, as in the engine's own connections.
    const getTypeParser = ((oid: number, format?: 'text') =>
      oid === DATE_OID
        ? (text: string) => text
        : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser;
    client = new pg.Client({ connectionString: database.url, types: { getTypeParser } });
    await client.connect();
    programmeId = await seedProgramme(dataSource, ids, 'PLN');
  });
  afterAll(async () => {
    await client.end();
    await dataSource.destroy();
    await database.drop();
  });

  async function story(): Promise<Story> {
    const seeds = [1, 2].map(() => new LedgerSeed(ids, programmeId));
    for (const seed of seeds) {
      await seed.save(dataSource);
      await client.query(
        `INSERT INTO members (member_id, programme_id, account_id, home_account_id, status, enrolled_at, attributes, created_at, updated_at)
         VALUES ($1, $2, $3, $3, 'active', '2025-01-01', '{}', now(), now())`,
        [seed.memberId, programmeId, seed.accountId].map(idToUuid),
      );
    }
    return new Story(
      client,
      new ReturnLookup(dataSource),
      programmeId,
      seeds.map(({ memberId }) => memberId),
    );
  }

  it('are what a load would find, whatever happened to them', async () => {
    const seen = { checked: 0, fromMemory: 0, returned: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const told = await story();
        for (const [what, ...figures] of steps) {
          const [first = 0, second = 0, third = 0] = figures as number[];
          await told.send(...(await commandsOf(told, what, first, second, third)));
          await told.check();
        }
        seen.checked += told.checked;
        seen.fromMemory += told.fromMemory;
        seen.returned += told.returned;
      }),
      { numRuns: 60, seed: 20_261_128 },
    );
    expect(seen.checked).toBeGreaterThan(100);
    expect(seen.fromMemory).toBeGreaterThan(25);
    expect(seen.returned).toBeGreaterThan(25);
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

  it('are kept by returns, and found by the next receipt', async () => {
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

  it('are loaded anew once somebody else changed them', async () => {
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

  it('serves two who ask together with the earlier', () => {
    expect(widest('date', '2026-02-01', '2026-01-01')).toBe('2026-01-01');
    expect(widest('date', '2026-01-01', '2026-02-01')).toBe('2026-01-01');
    expect(widest('date', null, '2026-02-01')).toBe('2026-02-01');
    expect(widest('text', 'a', 'b')).toBe('b');
  });
});
