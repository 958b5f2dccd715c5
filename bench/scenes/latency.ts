import { limitAtRate, limitContestants } from '../limit/limit.js';
import type { LoadResult } from '../load/plan.js';
import { median, medianPercentiles } from '../measure/statistics.js';
import { lineChart, type Series } from '../report/svg.js';
import type { Finding, Measured, Percentiles, Sample, Scene, SceneOptions, SceneResult } from '../scene.js';
import { withStage, type Theatre } from '../stage/with-stage.js';
import { Ours } from './ours.js';

const LOADS = [25, 50, 75] as const;
/** A till on an idle engine: a request each 50 ms, on its connection. */
const IDLE_PER_SECOND = 20;
const IDLE_CONNECTIONS = 1;
const CONNECTIONS = 256;

/** Of so few requests, and of pgbench here, the CPU says nothing. */
const UNACCOUNTED = { nodeMicros: 0, postgresMicros: 0, loadMicros: 0 };

/** One round: how fast it can go, and how long a request takes below that. */
interface Round {
  readonly capacity: Sample;
  readonly idle: Sample;
  /** What the same rows take pgbench, at the same rate: no request can be answered sooner than that. */
  readonly idlePgbench: Percentiles;
  readonly ours: ReadonlyMap<number, Sample>;
  readonly pgbench: ReadonlyMap<number, Percentiles>;
}

export const latency: Scene = {
  name: 'latency',
  purpose: 'milliseconds from when a request was to be sent, at 25, 50 and 75 % of capacity (open loop)',
  usual: '6 min',
  byDefault: true,
  run: (options) => withStage({}, (theatre) => run(theatre, options)),
};

async function run({ server, stage, generator }: Theatre, options: SceneOptions): Promise<SceneResult> {
  // The limit copies the database, which may have no connection then.
  const limit = limitContestants(stage);
  for (const contestant of limit) await contestant.prepare?.();
  const ours = await Ours.start(stage, generator);
  try {
    const rounds: Round[] = [];
    for (let index = 0; index <= options.rounds; index += 1) {
      const round = await oneRound(ours, options);
      if (index > 0) rounds.push(round);
    }
    return {
      measured: rowsOf(rounds),
      findings: findings(rounds),
      notes: [
        'latency counts from when a request was to be sent, so a server that stalls is not spared; gaps are random (Poisson), as pgbench has them',
        await ours.answered.check(),
        ours.relayNote(),
      ],
      plots: [{ name: 'latency', svg: plot(rounds) }],
      server: server.settings,
      details: rounds.map(({ capacity, idle, idlePgbench, ours: each, pgbench }) => ({
        capacity,
        idle,
        idlePgbench,
        ours: Object.fromEntries(each),
        pgbench: Object.fromEntries(pgbench),
      })),
    };
  } finally {
    await ours.engine.stop();
    for (const contestant of limit) await contestant.close?.();
  }
}

async function oneRound(ours: Ours, { seconds, log }: SceneOptions): Promise<Round> {
  const { stage } = ours;
  const work = { kind: 'purchase', members: stage.members, pick: 'spread' } as const;
  const open = (perSecond: number, spacing: 'poisson' | 'even', connections = CONNECTIONS) =>
    ours.measure(work, { kind: 'open', perSecond, connections, spacing }, seconds);
  const { sample: capacity } = await ours.measure(work, { kind: 'closed', connections: 128 }, seconds);
  log(`capacity ${capacity.perSecond.toFixed(0)} /s`);
  const { sample: idle } = await open(IDLE_PER_SECOND, 'even', IDLE_CONNECTIONS);
  const idlePgbench = await limitAtRate(stage, IDLE_PER_SECOND, seconds, IDLE_CONNECTIONS);
  const each = new Map<number, Sample>();
  const pgbench = new Map<number, Percentiles>();
  for (const load of LOADS) {
    const rate = Math.max(1, Math.round((capacity.perSecond * load) / 100));
    const { sample, result } = await open(rate, 'poisson');
    each.set(load, { ...sample, perSecond: doneInTime(result, seconds) });
    pgbench.set(load, await limitAtRate(stage, rate, seconds));
    log(
      `${load} %, ${rate} /s: p99 ${sample.latencies?.p99.toFixed(2)} ms, pgbench ${pgbench.get(load)?.p99.toFixed(2)} ms`,
    );
  }
  return { capacity, idle, idlePgbench, ours: each, pgbench };
}

function doneInTime({ done }: LoadResult, seconds: number): number {
  return done / seconds;
}

function rowsOf(rounds: readonly Round[]): Measured[] {
  const row = (name: string, of: (round: Round) => Sample | undefined): Measured => ({
    name,
    samples: rounds.map(of).filter((sample) => sample !== undefined),
  });
  return [
    row('capacity, 128 connections, closed loop', ({ capacity }) => capacity),
    row('idle, a request each 50 ms', ({ idle }) => ({ ...idle, ...UNACCOUNTED })),
    row('pgbench at that rate', ({ idle, idlePgbench }) => plain(idlePgbench, idle)),
    ...LOADS.flatMap((load) => [
      row(`Laurel at ${load} % of capacity`, ({ ours }) => ours.get(load)),
      row(`pgbench, a transaction a purchase, same rate`, ({ pgbench, ours }) =>
        plain(pgbench.get(load), ours.get(load)),
      ),
    ]),
  ];
}

/** pgbench's latencies as a row of the table. */
function plain(latencies: Percentiles | undefined, at: Sample | undefined): Sample | undefined {
  if (latencies === undefined || at === undefined) return undefined;
  const { seconds } = at;
  return { perSecond: latencies.count / seconds, done: latencies.count, seconds, ...UNACCOUNTED, latencies };
}

function findings(rounds: readonly Round[]): Finding[] {
  const p99Ratio = median(
    rounds.map(({ ours, pgbench }) => (ours.get(50)?.latencies?.p99 ?? NaN) / (pgbench.get(50)?.p99 ?? NaN)),
  );
  const idle = medianPercentiles(rounds.flatMap(({ idle: { latencies } }) => (latencies ? [latencies] : [])));
  const idlePgbench = medianPercentiles(rounds.map((round) => round.idlePgbench));
  return [
    { name: 'p99 at 50 % load / p99 of pgbench at the same rate', value: p99Ratio, target: { most: 3 } },
    { name: 'one idle request, p50', value: idle.p50, unit: 'ms', target: { most: 3 } },
    { name: 'one idle request, p99', value: idle.p99, unit: 'ms' },
    { name: 'the same rows by pgbench, p50', value: idlePgbench.p50, unit: 'ms' },
  ];
}

function plot(rounds: readonly Round[]): string {
  const line = (name: string, of: (round: Round, load: number) => number | undefined): Series => ({
    name,
    points: LOADS.map((load) => [load, median(rounds.map((round) => of(round, load) ?? NaN))] as const),
  });
  const series = [
    line('p50', ({ ours }, load) => ours.get(load)?.latencies?.p50),
    line('p99', ({ ours }, load) => ours.get(load)?.latencies?.p99),
    line('p99.9', ({ ours }, load) => ours.get(load)?.latencies?.p999),
    line('pgbench p50', ({ pgbench }, load) => pgbench.get(load)?.p50),
    line('pgbench p99', ({ pgbench }, load) => pgbench.get(load)?.p99),
  ];
  const x = { label: 'load, % of the capacity at 128 connections', from: 0 };
  return lineChart('Latency by load', x, { label: 'latency, ms', scale: 'log' }, series);
}
