import { limitContestants } from '../limit/limit.js';
import { naiveContestants } from '../naive/naive.js';
import type { Shape } from '../load/plan.js';
import { inTurn } from '../measure/rounds.js';
import { medianOf, medianRatio } from '../measure/statistics.js';
import { barChart } from '../report/svg.js';
import type { Contestant, Finding, Measured, Scene, SceneOptions, SceneResult } from '../scene.js';
import { withStage, type Theatre } from '../stage/with-stage.js';
import { Ours } from './ours.js';

const SINGLE_128 = 'Laurel, POST, 128 connections';
const STREAM = 'Laurel, NDJSON, 2 streams';
const HOT = 'Laurel, POST, 128 connections, one account';

/** The limit, ours, and what one would write otherwise, in turn on one server. */
export const throughput: Scene = {
  name: 'throughput',
  purpose: 'purchases a second, against the limit of the database and against what one would write otherwise',
  usual: '8 min',
  byDefault: true,
  run: (options) => withStage({}, (theatre) => run(theatre, options)),
};

async function run({ server, stage, generator }: Theatre, options: SceneOptions): Promise<SceneResult> {
  const limit = limitContestants(stage);
  const naive = naiveContestants(stage);
  // They copy the database, which may have no connection then; the engine starts afterwards.
  for (const contestant of [...limit, ...naive]) await contestant.prepare?.();
  const ours = await Ours.start(stage, generator);
  let note: string;
  let measured: readonly Measured[];
  try {
    measured = await inTurn([...limit, ...(await engineContestants(ours)), ...naive], options);
    note = await ours.answered.check();
  } finally {
    await ours.engine.stop();
  }
  const batches = measured.filter(({ name }) =>
    limit.some((each) => each.name === name && /batch/i.test(name)),
  );
  const best = [...batches].sort((a, b) => perSecond(b) - perSecond(a))[0] as Measured;
  return {
    measured,
    reference: best.name,
    findings: findings(measured, best),
    notes: [`the limit is the better of the batches, "${best.name}"`, note, ours.relayNote()],
    plots: [{ name: 'throughput', svg: plot(measured, best) }],
    server: server.settings,
  };
}

async function engineContestants(ours: Ours): Promise<Contestant[]> {
  const { members } = ours.stage;
  const purchase = { kind: 'purchase', members, pick: 'spread' } as const;
  const closed = (connections: number): Shape => ({ kind: 'closed', connections });
  return [
    ours.contestant('Laurel, POST, 1 connection', purchase, closed(1)),
    ours.contestant('Laurel, POST, 16 connections', purchase, closed(16)),
    // What it records is what comes back in the same round.
    ours.contestant(SINGLE_128, { ...purchase, remember: true }, closed(128)),
    ours.contestant('Laurel, POST, 512 connections', purchase, closed(512)),
    ours.contestant(HOT, { ...purchase, pick: 'hot' }, closed(128)),
    ours.contestant(STREAM, purchase, { kind: 'stream', connections: 2, inFlight: 512 }),
    ours.contestant('Laurel, redemption, hold and capture', { kind: 'redemption', members }, closed(128)),
    ours.contestant('Laurel, return of a whole receipt', { kind: 'return' }, closed(128)),
    ours.contestant('Laurel, balance', { kind: 'read', memberIds: await ours.memberIds() }, closed(128)),
  ];
}

function perSecond(row: Measured): number {
  return medianOf(row, (sample) => sample.perSecond);
}

function findings(measured: readonly Measured[], limit: Measured): Finding[] {
  const named = (name: string | RegExp): Measured | undefined =>
    measured.find((row) => (typeof name === 'string' ? row.name === name : name.test(row.name)));
  const single = named(SINGLE_128);
  const ratio = (
    name: string,
    of: Measured | undefined,
    to: Measured | undefined,
    target: Finding['target'],
  ): Finding[] => (of && to ? [{ name, value: medianRatio(of, to), target }] : []);
  return [
    ...ratio('single POST, 128 connections / the set-based limit', single, limit, { least: 0.5, aim: 0.6 }),
    ...ratio('NDJSON batch / the set-based limit', named(STREAM), limit, { least: 0.7, aim: 0.85 }),
    ...ratio('single POST / NestJS + TypeORM insert', single, named(/TypeORM.*insert/i), { least: 15 }),
    ...ratio('single POST / NestJS + TypeORM save', single, named(/TypeORM.*save/i), undefined),
    ...ratio('single POST / NestJS + pg per request', single, named(/NestJS \+ pg/), { least: 6 }),
    ...ratio('hot account / spread', named(HOT), single, { least: 0.8 }),
  ];
}

function plot(measured: readonly Measured[], limit: Measured): string {
  const bars = measured.map((row) => ({
    name: row.name,
    value: medianRatio(row, limit),
    text: `${medianRatio(row, limit).toFixed(2)}  (${perSecond(row).toFixed(0)}/s)`,
  }));
  return barChart('Throughput', 'ratio to the set-based limit, median of the rounds', bars, [
    { value: 0.5, text: 'target 0.5' },
    { value: 1, text: 'limit' },
  ]);
}
