import { microsEach, readCpu } from '../measure/cpu.js';
import type { Contestant, Percentiles, Sample } from '../scene.js';
import { query } from '../stage/server.js';
import type { Stage } from '../stage/stage.js';
import { drawBatches, type Draws } from './draws.js';
import { LimitStatement } from './limit-statement.js';
import { FIRST_NUMBER, patternOf } from './pattern.js';
import { hasPgbench, runPgbench, type PgbenchResult } from './pgbench.js';
import { copyOfStage, dropCopy } from './stage-copy.js';
import { Tally } from './tally.js';

/** How many purchases a statement records, and with how many clients it is tried. */
const VARIANTS = [
  { name: 'limit, batches of 100', size: 100, clients: [2, 4, 8] },
  { name: 'limit, batches of 500', size: 500, clients: [2, 4, 8] },
  // Alone they wait for the disk each: the more there are, the more share a flush.
  { name: 'limit, one a transaction', size: 1, clients: [4, 8, 16, 32] },
] as const;

type Variant = (typeof VARIANTS)[number];

const TRIAL_SECONDS = 2;
/** Connections of the open loop; as many transactions may be under way. */
const CLIENTS_AT_RATE = 32;
/** Receipts a client numbers in one run, and clients of a run, at the most. */
const NUMBERS_OF_CLIENT = 10_000_000;
const NUMBERS_OF_RUN = 100 * NUMBERS_OF_CLIENT;

interface Setting {
  readonly clients: number;
  readonly draws: Draws;
}

/**
 * What PostgreSQL itself can do: pgbench, at the speed of C, sends statements that insert and update exactly the rows
 * that the engine writes for the same purchases, and PostgreSQL makes the values up as cheaply as it can. Nothing is
 * read that is not written, nothing decided, nothing parsed twice.
 *
 * It is all one statement with data-modifying CTEs. As separate statements in one transaction, which hand the accounts
 * on in a temporary table, it costs PostgreSQL a tenth more in batches of 100 and as much in batches of 500.
 */
class Limit {
  private static readonly ofStage = new WeakMap<Stage, Limit>();

  private ready: Promise<void> | null = null;
  private copy: Stage | null = null;
  private statement!: LimitStatement;
  private tally: Tally | null = null;
  private readonly settings = new Map<Variant, Setting>();
  private purchases = 0;
  private runs = 0;
  private users = 0;

  private constructor(private readonly stage: Stage) {}

  /** One for each stage, so that contestants and the open loop share its database. */
  static on(stage: Stage): Limit {
    const limit = Limit.ofStage.get(stage) ?? new Limit(stage);
    Limit.ofStage.set(stage, limit);
    return limit;
  }

  contestant(variant: Variant): Contestant {
    this.users += 1;
    return {
      name: variant.name,
      prepare: () => this.prepare(),
      measure: (seconds) => this.measure(variant, seconds),
      close: () => this.leave(),
    };
  }

  prepare(): Promise<void> {
    this.ready ??= this.makeReady();
    return this.ready;
  }

  async atRate(perSecond: number, seconds: number, clients: number): Promise<Percentiles> {
    await this.prepare();
    const variant = VARIANTS[2];
    const draws = await this.drawn(variant.size, clients);
    if (draws === null) throw new Error(`the stage needs at least ${clients} members`);
    const { latencies } = await this.run(variant, { clients, draws }, seconds, perSecond);
    await this.check();
    return percentilesOf(latencies);
  }

  private async makeReady(): Promise<void> {
    if (!(await hasPgbench())) {
      throw new Error('there is no pgbench: install the package postgresql-contrib or postgresql-client');
    }
    this.copy = await copyOfStage(this.stage, 'limit');
    const pattern = await patternOf(this.copy);
    this.statement = new LimitStatement(pattern);
    this.tally = await Tally.begin(this.copy.databaseUrl, pattern.tables);
    await query(this.copy.databaseUrl, 'VACUUM (ANALYZE)');
    for (const variant of VARIANTS) this.settings.set(variant, await this.best(variant));
    await this.check();
  }

  /** Tries a variant with few clients and with many. */
  private async best(variant: Variant): Promise<Setting> {
    let best: { readonly setting: Setting; readonly perSecond: number } | null = null;
    for (const clients of variant.clients) {
      const draws = await this.drawn(variant.size, clients);
      if (draws === null) continue;
      const setting = { clients, draws };
      const { transactions, seconds } = await this.run(variant, setting, TRIAL_SECONDS);
      const perSecond = transactions / seconds;
      if (best === null || perSecond > best.perSecond) best = { setting, perSecond };
    }
    if (best === null) throw new Error(`the stage has too few members for batches of ${variant.size}`);
    return best.setting;
  }

  private async measure(variant: Variant, seconds: number): Promise<Sample> {
    await this.prepare();
    const setting = this.settings.get(variant) as Setting;
    const before = await readCpu([], this.stage.postgresPid);
    const result = await this.run(variant, setting, seconds);
    const after = await readCpu([], this.stage.postgresPid);
    const done = result.transactions * variant.size;
    return {
      perSecond: done / result.seconds,
      done,
      seconds: result.seconds,
      nodeMicros: 0,
      postgresMicros: microsEach(before, after, done).postgres,
      loadMicros: (result.cpuSeconds * 1e6) / done,
    };
  }

  private async run(
    { size }: Variant,
    { clients, draws }: Setting,
    seconds: number,
    rate?: number,
  ): Promise<PgbenchResult> {
    this.runs += 1;
    const start = FIRST_NUMBER + this.runs * NUMBERS_OF_RUN;
    const script = [
      `\\set batch random(0, ${draws.batches - 1}) * ${clients} + :client_id`,
      `\\set no :start + :client_id * ${NUMBERS_OF_CLIENT} + :turn * ${size}`,
      '\\set turn :turn + 1',
      `${this.statement.text(draws.table)};`,
    ].join('\n');
    const { databaseUrl } = this.copy as Stage;
    const variables = { start, turn: 0 };
    const result = await runPgbench({ databaseUrl, script, clients, seconds, variables, rate });
    this.purchases += result.transactions * size;
    return result;
  }

  private readonly drawnBefore = new Map<string, Draws | null>();

  private async drawn(size: number, clients: number): Promise<Draws | null> {
    const name = `${size} ${clients}`;
    const { databaseUrl } = this.copy as Stage;
    if (!this.drawnBefore.has(name))
      this.drawnBefore.set(name, await drawBatches(databaseUrl, size, clients));
    return this.drawnBefore.get(name) ?? null;
  }

  private async check(): Promise<void> {
    await this.tally?.check(this.purchases);
  }

  /** The last to leave counts the rows and takes the database away. */
  private async leave(): Promise<void> {
    this.users -= 1;
    if (this.users > 0 || this.copy === null) return;
    const copy = this.copy;
    this.copy = null;
    this.ready = null;
    Limit.ofStage.delete(this.stage);
    await this.check().finally(() => dropCopy(copy));
  }
}

/**
 * PostgreSQL's own limit for the purchases that the engine records: set-based in batches, and one a transaction.
 * Prepare them while the stage's database, which is copied, has no connection.
 */
export function limitContestants(stage: Stage): Contestant[] {
  return VARIANTS.map((variant) => Limit.on(stage).contestant(variant));
}

/**
 * One transaction a purchase at a rate, begun at random distances whatever the answers do.
 *
 * @param clients connections, and as many transactions under way at most
 * @returns from when each should have begun to its end, so that waiting for a free connection counts
 */
export function limitAtRate(
  stage: Stage,
  perSecond: number,
  seconds: number,
  clients = CLIENTS_AT_RATE,
): Promise<Percentiles> {
  return Limit.on(stage).atRate(perSecond, seconds, clients);
}

function percentilesOf(latencies: readonly number[]): Percentiles {
  const sorted = Float64Array.from(latencies).sort();
  const at = (quantile: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1), count: sorted.length };
}
