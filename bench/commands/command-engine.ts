import { setTimeout as sleep } from 'node:timers/promises';
import { idToUuid, uuidToId } from '../../src/kernel/ids.js';
import { ApiClient, type Answer } from '../../test/harness/api-client.js';
import { ProgrammeBuilder } from '../../test/builders/programme.js';
import { jobsQuiet } from '../growth/grown-engine.js';
import { openGrownStage, type GrownStage } from '../growth/grown-stage.js';
import { microsEach, readCpu } from '../measure/cpu.js';
import { InvalidRun, type Sample } from '../scene.js';
import { startEngine, type EngineServer } from '../stage/engine-server.js';
import { query, type BenchServer } from '../stage/server.js';

/** Adjustments above it need a second key. */
export const APPROVED_ABOVE = 500;
/** The relay and the listeners get what was written before; they look twice a second. */
const SETTLE_MS = 700;

/** A member as requests name them. */
export interface Person {
  readonly id: string;
  readonly externalId: string;
}

/** One request, and what is to be put in order afterwards. */
export interface Act {
  readonly status: number;
  readonly carryOut: () => Promise<Answer>;
  readonly tidyUp?: (answer: Answer) => Promise<unknown>;
}

export interface GrownMembers {
  readonly lots: number;
  readonly members: number;
  readonly seed: number;
  readonly log: (text: string) => void;
}

/** Our engine on a grown stage with everything switched on that a command needs; it keeps no account in memory. */
export class CommandEngine {
  private enrolled = 0;

  private constructor(
    readonly stage: GrownStage,
    private readonly engine: EngineServer,
    readonly api: ApiClient,
    /** With another key than `api`. */
    readonly checker: ApiClient,
    readonly people: readonly Person[],
  ) {}

  /** On a database of its own, whose members have so many open lots each. */
  static async grown(
    server: BenchServer,
    { lots, members, seed, log }: GrownMembers,
  ): Promise<CommandEngine> {
    const stage = await openGrownStage(server, {
      database: `commands_${lots}`,
      members: members + 1,
      lots: members * lots,
      lifecycle: 'open',
      recentReceipts: 0,
      seed,
      log,
    });
    return CommandEngine.start(stage);
  }

  private static async start(stage: GrownStage): Promise<CommandEngine> {
    const engine = await startEngine(stage.databaseUrl, { LAUREL_CACHED_ACCOUNTS: '0' });
    try {
      const first = new ApiClient(engine.url, stage.key);
      const made = first.post('/v1/api-keys', { name: 'checker', scopes: ['admin', 'limits'] });
      const { key } = await answered<{ readonly key: string }>(201, made);
      // As if it had been made on the command line.
      await query(stage.databaseUrl, `UPDATE api_keys SET line_key_id = key_id WHERE name = 'checker'`, []);
      await jobsQuiet(stage.databaseUrl);
      const checker = new ApiClient(engine.url, key);
      const api = new ApiClient(engine.url, stage.key, checker);
      await publishMore(api);
      return new CommandEngine(stage, engine, api, checker, await peopleOf(stage));
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  /** A new member who has bought once. */
  async another(): Promise<Person> {
    this.enrolled += 1;
    const externalId = `other-${this.enrolled}`;
    const enrolledAt = '2024-01-01T00:00:00Z';
    const { id } = await answered(201, this.api.post('/v1/members', { externalId, enrolledAt }));
    const person = { id, externalId };
    await done(201, this.api.post('/v1/purchases', receiptFor(person)));
    return person;
  }

  /**
   * Carries requests out one after another, and accounts for the CPU of the engine and of PostgreSQL.
   *
   * @param each how many things were done, where that is not the number of requests
   * @throws InvalidRun for an answer with another status
   */
  async measure(acts: readonly Act[], each = acts.length): Promise<Sample> {
    await sleep(SETTLE_MS);
    const answers: Answer[] = [];
    const before = await this.cpu();
    const began = performance.now();
    for (const act of acts) answers.push(await act.carryOut());
    const seconds = (performance.now() - began) / 1000;
    const { node, postgres } = microsEach(before, await this.cpu(), each);
    for (const [index, { status, tidyUp }] of acts.entries()) {
      const answer = answers[index] as Answer;
      if (answer.status !== status)
        throw new InvalidRun(`expected ${status}, got ${answer.status}: ${answer.text}`);
      await tidyUp?.(answer);
    }
    return {
      perSecond: each / seconds,
      done: each,
      seconds,
      nodeMicros: node,
      postgresMicros: postgres,
      loadMicros: 0,
    };
  }

  stop(): Promise<void> {
    return this.engine.stop();
  }

  private cpu() {
    return readCpu([this.engine.pid], this.stage.postgresPid);
  }
}

/** @throws InvalidRun for another status */
export async function done(status: number, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status === status) return answer;
  throw new InvalidRun(`expected ${status}, got ${answer.status}: ${answer.text}`);
}

/** The same for what was answered, of which the id is asked for unless told otherwise. */
export async function answered<T = { readonly id: string }>(
  status: number,
  asked: Promise<Answer>,
): Promise<T> {
  return (await done(status, asked)).body as T;
}

let receipts = 0;

/** A receipt with one line of NT$1,000, each with a number of its own. */
export function receiptFor({ id }: Pick<Person, 'id'>, changes: object = {}, category = 'grocery'): object {
  return { member: { id }, ...basketOf(category), ...changes };
}

/** The same without its member, as an exchange takes it. */
export function basketOf(category = 'grocery'): object {
  receipts += 1;
  return {
    source: 'commands',
    receiptNo: String(receipts),
    occurredAt: new Date().toISOString(),
    currency: 'TWD',
    lines: [{ lineNo: 1, sku: 'A-77', category, amountMinor: 100_000, taxMinor: 0 }],
  };
}

/** What the stage's programme has not: points that wait, adjustments, transfers. */
async function publishMore(api: ApiClient): Promise<void> {
  const programme = new ProgrammeBuilder(api);
  await programme.policy({
    pointsOffBasket: { minorPerPoint: 100, minimumPoints: 1 },
    transfers: { expiry: 'keep' },
  });
  await programme.rule('shipped', {
    amount: { type: 'perUnit', points: 5 },
    lines: { includeCategories: ['shipped'] },
    pending: { type: 'event', event: 'delivered', cancelAfterDays: 60 },
  });
  await programme.adjustmentReason('sorry', { approvalAbove: APPROVED_ABOVE });
}

/** The grown members of a stage, in the order of their numbers. */
async function peopleOf({ databaseUrl, programmeId }: GrownStage): Promise<readonly Person[]> {
  const rows = await query<{ value: string; member_id: string }>(
    databaseUrl,
    `SELECT i.value, i.member_id FROM member_identities i
     WHERE i.programme_id = $1 AND i.type = 'externalId' AND i.value LIKE 'm-%' AND i.value <> 'm-0'
     ORDER BY substr(i.value, 3)::int`,
    [idToUuid(programmeId)],
  );
  return rows.map(({ value, member_id }) => ({ id: uuidToId('mbr', member_id), externalId: value }));
}
