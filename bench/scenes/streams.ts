import { LoadGenerator } from '../load/generator.js';
import type { LoadResult } from '../load/plan.js';
import { median, medianPercentiles } from '../measure/statistics.js';
import type { Finding, Measured, Percentiles, Sample, Scene, SceneOptions, SceneResult } from '../scene.js';
import { withStage, type Theatre } from '../stage/with-stage.js';
import { Ours } from './ours.js';

const STREAMS = [0, 1, 4, 24] as const;
/** A request each 50 ms, from tills enough that none waits for the answer to another one. */
const TILL = { kind: 'open', perSecond: 20, connections: 32, spacing: 'even' } as const;
/** Lines that a stream sends before they are answered, as the importer does. */
const IN_FLIGHT = 512;
/** The streams begin before the till and end after it. */
const LEAD_SECONDS = 1;

/** What the till waited, and what the streams did beside it, by the number of streams. */
type Round = ReadonlyMap<number, { readonly till: LoadResult; readonly perSecond: number }>;

export const streams: Scene = {
  name: 'streams',
  purpose: "a till's milliseconds beside 1, 4 and 24 NDJSON streams, against those without",
  usual: '2 min',
  byDefault: true,
  run: (options) => withStage({}, (theatre) => run(theatre, options)),
};

async function run({ server, stage, generator }: Theatre, options: SceneOptions): Promise<SceneResult> {
  const ours = await Ours.start(stage, generator);
  const sender = await LoadGenerator.start();
  try {
    const rounds: Round[] = [];
    for (let index = 0; index <= options.rounds; index += 1) {
      const round = await oneRound(ours, sender, options);
      if (index > 0) rounds.push(round);
    }
    return {
      measured: STREAMS.map((count) => rowOf(rounds, count)),
      findings: STREAMS.filter((count) => count > 0).flatMap((count) => findingsOf(rounds, count)),
      notes: [
        "a till's latency counts from when its request was to be sent; the rates are those of the till",
        ...STREAMS.filter((count) => count > 0).map((count) => rateNote(rounds, count)),
        await ours.answered.check(),
      ],
      plots: [],
      server: server.settings,
    };
  } finally {
    await sender.close();
    await ours.engine.stop();
  }
}

async function oneRound(ours: Ours, sender: LoadGenerator, { seconds, log }: SceneOptions): Promise<Round> {
  const round = new Map<number, { till: LoadResult; perSecond: number }>();
  for (const count of STREAMS) {
    const beside = count === 0 ? null : stream(ours, sender, count, seconds + 2 * LEAD_SECONDS);
    await new Promise((resolve) => setTimeout(resolve, LEAD_SECONDS * 1000));
    const till = await ours.run(
      { kind: 'purchase', members: ours.stage.members, pick: 'spread' },
      TILL,
      seconds,
    );
    const streamed = await beside;
    round.set(count, { till, perSecond: streamed ? streamed.done / streamed.seconds : 0 });
    log(`${count} streams: p50 ${till.latencies.p50.toFixed(2)} ms, p99 ${till.latencies.p99.toFixed(2)} ms`);
  }
  return round;
}

function stream(
  ours: Ours,
  generator: LoadGenerator,
  connections: number,
  seconds: number,
): Promise<LoadResult> {
  const work = { kind: 'purchase', members: ours.stage.members, pick: 'spread' } as const;
  return ours.run(work, { kind: 'stream', connections, inFlight: IN_FLIGHT }, seconds, { generator });
}

function rowOf(rounds: readonly Round[], count: number): Measured {
  const samples = rounds.flatMap((round): Sample[] => {
    const till = round.get(count)?.till;
    if (till === undefined) return [];
    const { done, seconds, latencies } = till;
    return [
      {
        perSecond: done / seconds,
        done,
        seconds,
        nodeMicros: 0,
        postgresMicros: 0,
        loadMicros: 0,
        latencies,
      },
    ];
  });
  return { name: count === 0 ? 'a till alone' : `a till beside ${count} of them`, samples };
}

function findingsOf(rounds: readonly Round[], count: number): readonly Finding[] {
  const beside = latenciesOf(rounds, count);
  const ratio = (key: 'p50' | 'p99'): number =>
    median(rounds.map((round) => of(round, count)[key] / of(round, 0)[key]));
  const name = count === 1 ? 'beside one stream' : `beside ${count} streams`;
  return [
    { name: `p50 ${name} / alone`, value: ratio('p50'), target: { most: 2 } },
    { name: `p99 ${name} / alone`, value: ratio('p99') },
    { name: `p99 ${name}`, value: beside.p99, unit: 'ms' },
  ];
}

const of = (round: Round, count: number): Percentiles =>
  (round.get(count) as { till: LoadResult }).till.latencies;

const latenciesOf = (rounds: readonly Round[], count: number): Percentiles =>
  medianPercentiles(rounds.map((round) => of(round, count)));

function rateNote(rounds: readonly Round[], count: number): string {
  const perSecond = median(rounds.map((round) => round.get(count)?.perSecond ?? NaN));
  return `${count} of them recorded ${perSecond.toFixed(0)} receipts a second together`;
}
