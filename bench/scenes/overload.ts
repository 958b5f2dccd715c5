import { WINDOW_MS, type LoadResult } from '../load/plan.js';
import { median } from '../measure/statistics.js';
import { lineChart } from '../report/svg.js';
import {
  InvalidRun,
  type Finding,
  type Sample,
  type Scene,
  type SceneOptions,
  type SceneResult,
} from '../scene.js';
import { withStage, type Theatre } from '../stage/with-stage.js';
import { Ours } from './ours.js';

const TIMES_CAPACITY = 3;
/** The most requests that may be unanswered at a time; twice what the engine takes before it says 503. */
const CONNECTIONS = 8_192;
/** How many times as long as an interval the storm takes. */
const STORM_INTERVALS = 2;
const CALM_CONNECTIONS = 256;
const RECOVERY_SECONDS = 10;
/** A window is calm again when its p99 is not above the worst of the calm before by more than this. */
const TOLERANCE = 1.25;

interface Round {
  readonly peak: Sample;
  readonly calm: LoadResult;
  readonly storm: LoadResult;
  readonly after: LoadResult;
  readonly goodput: number;
  readonly recoverySeconds: number;
}

export const overload: Scene = {
  name: 'overload',
  purpose: `${TIMES_CAPACITY} times as many requests as can be done: what is still done, and how soon all is well again`,
  usual: '4 min',
  byDefault: true,
  run: (options) => withStage({}, (theatre) => run(theatre, options)),
};

async function run({ server, stage, generator }: Theatre, options: SceneOptions): Promise<SceneResult> {
  const ours = await Ours.start(stage, generator);
  try {
    const rounds: Round[] = [];
    for (let index = 0; index <= options.rounds; index += 1) {
      const round = await oneRound(ours, options);
      if (index > 0) rounds.push(round);
    }
    const last = rounds.at(-1) as Round;
    return {
      measured: [{ name: 'peak, closed loop', samples: rounds.map(({ peak }) => peak) }],
      findings: findings(rounds),
      notes: [
        `${TIMES_CAPACITY} times the peak was due; at most ${CONNECTIONS} requests are unanswered at a time, and what was due then waited in the generator: ${share(rounds)} % of it was never sent`,
        `a request that is refused has 503 and Retry-After; none was left without an answer`,
        await ours.answered.check(),
      ],
      plots: [{ name: 'overload', svg: plot(last) }],
      server: server.settings,
      details: rounds,
    };
  } finally {
    await ours.engine.stop();
  }
}

async function oneRound(ours: Ours, { seconds, log }: SceneOptions): Promise<Round> {
  const work = { kind: 'purchase', members: ours.stage.members, pick: 'spread' } as const;
  const closed = (connections: number) => ours.measure(work, { kind: 'closed', connections }, seconds);
  const [some, many] = [(await closed(128)).sample, (await closed(512)).sample];
  const peak = some.perSecond > many.perSecond ? some : many;
  const open = (perSecond: number, connections: number, length: number) =>
    ours.measure(work, { kind: 'open', perSecond: Math.round(perSecond), connections }, length, {
      mayRefuse: true,
    });
  const half = peak.perSecond / 2;
  const { result: calm } = await open(half, CALM_CONNECTIONS, RECOVERY_SECONDS);
  // Long enough for the engine's queue to be full most of the time.
  const stormSeconds = seconds * STORM_INTERVALS;
  const storm = await ours.run(
    work,
    { kind: 'open', perSecond: Math.round(peak.perSecond * TIMES_CAPACITY), connections: CONNECTIONS },
    stormSeconds,
    { mayRefuse: true },
  );
  const { result: after } = await open(half, CALM_CONNECTIONS, RECOVERY_SECONDS);
  const goodput = storm.inTime.purchases / stormSeconds / peak.perSecond;
  const recoverySeconds = recovery(calm, after);
  log(
    `peak ${peak.perSecond.toFixed(0)} /s; goodput ${goodput.toFixed(2)}, ${storm.refused} refused, recovered after ${recoverySeconds} s`,
  );
  if (storm.unanswered > 0) throw new InvalidRun(`${storm.unanswered} requests were never answered`);
  return { peak, calm, storm, after, goodput, recoverySeconds };
}

/** Seconds until every window is as calm as those before the storm were. */
function recovery(calm: LoadResult, after: LoadResult): number {
  const worst = Math.max(...calm.windows.map(({ p99 }) => p99)) * TOLERANCE;
  const lastBad = after.windows.findLastIndex(({ p99 }) => p99 > worst);
  return ((lastBad + 1) * WINDOW_MS) / 1000;
}

function findings(rounds: readonly Round[]): Finding[] {
  return [
    {
      name: `goodput at ${TIMES_CAPACITY} x capacity / peak`,
      value: median(rounds.map(({ goodput }) => goodput)),
      target: { least: 0.9 },
    },
    {
      name: 'requests left without an answer',
      value: rounds.reduce((sum, { storm }) => sum + storm.unanswered, 0),
      target: { most: 0 },
    },
    {
      name: 'until p99 at 50 % load is what it was',
      value: median(rounds.map(({ recoverySeconds }) => recoverySeconds)),
      unit: 's',
      target: { most: 5 },
    },
    { name: 'refused with 503', value: median(rounds.map(({ storm: { refused, done } }) => refused / done)) },
    {
      name: 'p99 of all answers in the storm',
      value: median(rounds.map(({ storm }) => storm.latencies.p99)),
      unit: 'ms',
    },
  ];
}

function share(rounds: readonly Round[]): string {
  const each = rounds.map(({ storm: { unsent, done } }) => (unsent * 100) / Math.max(1, unsent + done));
  return median(each).toFixed(0);
}

function plot({ calm, storm, after }: Round): string {
  const seconds = WINDOW_MS / 1000;
  const parts = [calm, storm, after];
  let from = 0;
  const series = parts.map(({ windows }, index) => {
    const start = from;
    from += windows.length * seconds;
    return {
      name: ['50 % before', `${TIMES_CAPACITY} x capacity`, '50 % after'][index] as string,
      points: windows.map(({ p99 }, window) => [start + window * seconds, p99] as const),
    };
  });
  return lineChart(
    'Overload',
    { label: 'seconds' },
    { label: 'p99 of each half second, ms', scale: 'log' },
    series,
  );
}
