import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { slope } from '../measure/statistics.js';
import { lineChart } from '../report/svg.js';
import type { Finding, Scene, SceneOptions, SceneResult } from '../scene.js';
import { withStage, type Theatre } from '../stage/with-stage.js';
import { Ours } from './ours.js';

const SAMPLE_EVERY_MS = 10_000;
const SAMPLES_A_LINE = 12;
/** Memory counts as flat when what it would grow by in the whole run is below this part of it. */
const FLAT = 0.05;
const MIB = 2 ** 20;

interface MemorySample {
  readonly second: number;
  readonly rssMiB: number;
  readonly heapUsedMiB: number;
  readonly externalMiB: number;
}

type Figure = 'rssMiB' | 'heapUsedMiB' | 'externalMiB';

export const memory: Scene = {
  name: 'memory',
  purpose: "the engine's memory over a long run of the mix at half its capacity",
  usual: 'as long as --minutes says, and a little more',
  byDefault: false,
  run: (options) => withStage({}, (theatre) => run(theatre, options)),
};

async function run({ server, stage, generator }: Theatre, options: SceneOptions): Promise<SceneResult> {
  const { minutes, seconds, log } = options;
  const ours = await Ours.start(stage, generator);
  try {
    const memberIds = await ours.memberIds();
    const work = { kind: 'mix', pick: 'zipf', memberIds } as const;
    const { sample } = await ours.measure(work, { kind: 'closed', connections: 128 }, seconds);
    const perSecond = Math.round(sample.perSecond / 2);
    log(`capacity ${sample.perSecond.toFixed(0)} /s; ${minutes} min at ${perSecond} /s`);
    const samples: MemorySample[] = [];
    const done = new AbortController();
    const watching = watch(ours, samples, done.signal, log);
    const shape = { kind: 'open', perSecond, connections: 256 } as const;
    const running = ours.measure(work, shape, minutes * 60).finally(() => done.abort());
    const [{ sample: measured }] = await Promise.all([running, watching]);
    return {
      measured: [{ name: `mix at ${perSecond} a second`, samples: [measured] }],
      findings: findings(samples),
      notes: [
        `growth: the slope of the last two thirds of ${samples.length} samples by least squares, times the run, as a part of the mean`,
        await ours.answered.check(),
      ],
      plots: [{ name: 'memory', svg: plot(samples) }],
      server: server.settings,
      details: samples,
    };
  } finally {
    await ours.engine.stop();
  }
}

/** Looks at the process each ten seconds until told to stop. */
async function watch(
  ours: Ours,
  samples: MemorySample[],
  signal: AbortSignal,
  log: SceneOptions['log'],
): Promise<void> {
  const started = performance.now();
  while (!signal.aborted) {
    const heapUsed = await ours.engine.metric('nodejs_heap_size_used_bytes');
    const external = await ours.engine.metric('nodejs_external_memory_bytes');
    samples.push({
      second: (performance.now() - started) / 1000,
      rssMiB: (await residentKiB(ours.engine.pid)) / 1024,
      heapUsedMiB: heapUsed / MIB,
      externalMiB: external / MIB,
    });
    const { second, rssMiB, heapUsedMiB } = samples.at(-1) as MemorySample;
    // Told on the way: a run of half an hour that fails at its end has not been for nothing.
    if (samples.length % SAMPLES_A_LINE === 1)
      log(`${(second / 60).toFixed(1)} min: ${rssMiB.toFixed(0)} MiB, heap ${heapUsedMiB.toFixed(0)} MiB`);
    await sleep(SAMPLE_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function residentKiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? NaN);
}

function findings(samples: readonly MemorySample[]): Finding[] {
  const late = samples.slice(Math.floor(samples.length / 3));
  const length = samples.at(-1)?.second ?? 0;
  return (['rssMiB', 'heapUsedMiB', 'externalMiB'] as const).flatMap((figure: Figure) => {
    const mean = late.reduce((sum, sample) => sum + sample[figure], 0) / late.length;
    const growth = slope(late.map((sample) => [sample.second, sample[figure]] as const)) * length;
    const name = figure.replace('MiB', '');
    return [
      { name: `${name}, mean of the last two thirds`, value: mean, unit: 'MiB' },
      {
        name: `${name}, growth over the run / mean`,
        value: growth / mean,
        ...(figure === 'rssMiB' ? { target: { most: FLAT } } : {}),
      },
    ];
  });
}

function plot(samples: readonly MemorySample[]): string {
  const line = (name: string, figure: Figure) => ({
    name,
    style: 'line' as const,
    points: samples.map((sample) => [sample.second / 60, sample[figure]] as const),
  });
  const series = [
    line('resident', 'rssMiB'),
    line('heap used', 'heapUsedMiB'),
    line('external', 'externalMiB'),
  ];
  return lineChart('Memory of the engine', { label: 'minutes' }, { label: 'MiB' }, series);
}
