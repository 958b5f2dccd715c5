import { randomBytes } from 'node:crypto';
import { idToUuid, uuidToId } from '../../src/kernel/ids.js';
import type { LoadGenerator } from '../load/generator.js';
import type { LoadPlan, LoadResult, Shape, Work } from '../load/plan.js';
import { Answered } from '../measure/check.js';
import { httpContestant, measureHttp } from '../measure/http-contestant.js';
import { median } from '../measure/statistics.js';
import type { Contestant, Sample } from '../scene.js';
import { startEngine, type EngineServer } from '../stage/engine-server.js';
import { query } from '../stage/server.js';
import type { Stage } from '../stage/stage.js';

/** After an interval the relay is given so long to hand over what is left. */
const RELAY_LIMIT_SECONDS = 30;
const DELIVERED = 'laurel_events_delivered_total';

type NewWork = Work extends infer Each ? (Each extends Work ? Omit<Each, 'source'> : never) : never;

/** Our engine on a stage: what is asked of it, what it answered, and whether the relay keeps up. */
export class Ours {
  readonly answered: Answered;
  /** In each source, so that receipts of a second engine on the same stage are others. */
  private readonly tag = randomBytes(4).toString('hex');
  private runs = 0;
  private delivered = 0;
  private readonly relayShares: number[] = [];

  private constructor(
    readonly stage: Stage,
    readonly engine: EngineServer,
    private readonly generator: LoadGenerator,
  ) {
    this.answered = new Answered(stage);
  }

  /** Starts the engine, and records one receipt of each member so that all have points. */
  static async start(
    stage: Stage,
    generator: LoadGenerator,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Ours> {
    const engine = await startEngine(stage.databaseUrl, environment);
    const ours = new Ours(stage, engine, generator);
    try {
      const shape = { kind: 'stream', connections: 2, inFlight: 512 } as const;
      // A connection of a stream takes members in turn with the other; the end of the work ends both.
      await ours.run({ kind: 'fund', members: stage.members }, shape, 600);
      await engine.relayIdle(RELAY_LIMIT_SECONDS);
      ours.delivered = await engine.metric(DELIVERED);
      return ours;
    } catch (error) {
      await engine.stop();
      throw error;
    }
  }

  /** The engine measured with one sort of work. */
  contestant(name: string, work: NewWork, shape: Shape): Contestant {
    return httpContestant({
      name,
      ...this.parts(),
      plan: (seconds) => this.plan(work, shape, seconds),
    });
  }

  /** One interval of it with everything the generator counted. */
  measure(
    work: NewWork,
    shape: Shape,
    seconds: number,
    options: { readonly mayRefuse?: boolean } = {},
  ): Promise<{ readonly sample: Sample; readonly result: LoadResult }> {
    return measureHttp(this.parts(), { ...this.plan(work, shape, seconds), ...options });
  }

  /** The same without an account of the CPU, and without waiting for the relay. */
  async run(
    work: NewWork,
    shape: Shape,
    seconds: number,
    {
      generator = this.generator,
      ...options
    }: { readonly mayRefuse?: boolean; readonly generator?: LoadGenerator } = {},
  ): Promise<LoadResult> {
    const result = await generator.run({ ...this.plan(work, shape, seconds), ...options });
    this.answered.add(result);
    return result;
  }

  /** `mbr_…` of `m-0` and so on. */
  async memberIds(): Promise<readonly string[]> {
    const rows = await query<{ value: string; member_id: string }>(
      this.stage.databaseUrl,
      `SELECT i.value, i.member_id FROM member_identities i WHERE i.programme_id = $1 AND i.type = 'externalId'`,
      [idToUuid(this.stage.programmeId)],
    );
    const ids: string[] = [];
    for (const { value, member_id } of rows) ids[Number(value.slice(2))] = uuidToId('mbr', member_id);
    return ids;
  }

  /** What a reader has to know about the relay. */
  relayNote(): string {
    const share = Math.round(median(this.relayShares) * 100);
    return `the relay handed over ${share} % of an interval's events within the interval (median), and the rest afterwards; the CPU of that counts`;
  }

  private parts() {
    const { engine, generator, stage, answered } = this;
    return {
      server: engine,
      postgresPid: stage.postgresPid,
      generator,
      settle: () => this.settle(),
      onResult: answered.add,
    };
  }

  private async settle(): Promise<void> {
    const during = (await this.engine.metric(DELIVERED)) - this.delivered;
    await this.engine.relayIdle(RELAY_LIMIT_SECONDS);
    const now = await this.engine.metric(DELIVERED);
    const all = now - this.delivered;
    this.delivered = now;
    if (all > 0) this.relayShares.push(during / all);
  }

  private plan(work: NewWork, shape: Shape, seconds: number): LoadPlan {
    this.runs += 1;
    const source = `${work.kind}-${this.tag}-${this.runs}`;
    const { url } = this.engine;
    return { url, key: this.stage.key, seconds, shape, work: Object.assign({ source }, work) };
  }
}
