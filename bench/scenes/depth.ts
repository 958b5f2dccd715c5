import { GrownEngine } from '../growth/grown-engine.js';
import { openGrownStage } from '../growth/grown-stage.js';
import type { LifecycleName } from '../growth/lifecycle.js';
import { LoadGenerator } from '../load/generator.js';
import { inTurn } from '../measure/rounds.js';
import { medianOf, medianRatio } from '../measure/statistics.js';
import { barChart } from '../report/svg.js';
import type { Contestant, Finding, Measured, Sample, Scene, SceneOptions, SceneResult } from '../scene.js';
import { query, startServer } from '../stage/server.js';

const CONNECTIONS = { kind: 'closed', connections: 128 } as const;
const SEED = 10_000;
const DEEPEST = 10_000;
/** Enough for a batch of 128 to be of different members, mostly. */
const DEEPEST_MEMBERS = 500;
/** Enough for them not to become deep while they are measured: each gets a few receipts. */
const SHALLOW_MEMBERS = 50_000;
/** An account of a deep member is a page of `verify` by itself. */
const VERIFIED = 3;
const ACCOUNTS_PER_PAGE = 2;
const MOST_RATIO = 1.2;

interface Group {
  readonly lots: number;
  readonly lifecycle: LifecycleName;
  readonly members: number;
}

/** The same purchase for members with little and with much history, whose lots are still open or are not. */
export const depth: Scene = {
  name: 'depth',
  purpose:
    'the cost of a purchase for members with 1, 100 and 10,000 lots; BENCH_DEPTH_MEMBERS: how many have 10,000',
  usual: '15 min and 12 GB of disk',
  byDefault: false,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const groups = groupsAsked();
  const server = await startServer();
  const generator = await LoadGenerator.start();
  const engines: GrownEngine[] = [];
  try {
    const contestants: Contestant[] = [];
    for (const group of groups) {
      const stage = await openGrownStage(server, {
        database: `depth_${group.lifecycle}_${group.lots}`,
        members: group.members,
        lots: (group.members - 1) * group.lots,
        lifecycle: group.lifecycle,
        recentReceipts: 0,
        seed: SEED,
        log: options.log,
      });
      // The fewer members a group has, the more of them would be kept in memory; so that depth is all that differs, none is.
      const engine = await GrownEngine.start(stage, generator, { LAUREL_CACHED_ACCOUNTS: '0' });
      engines.push(engine);
      contestants.push(
        engine.contestant(nameOf(group), { members: group.members, pick: 'spread' }, CONNECTIONS),
      );
    }
    const measured = await inTurn(contestants, options);
    const notes: string[] = [];
    for (const [index, engine] of engines.entries()) {
      const { members } = groups[index] as Group;
      const some = Array.from({ length: VERIFIED }, () => Math.floor(Math.random() * members));
      notes.push(await engine.check([...new Set(some)], ACCOUNTS_PER_PAGE));
      notes.push(`${nameOf(groups[index] as Group)}: ${await lotsNow(engine)} by the end`);
    }
    return {
      measured,
      reference: nameOf(groups[0] as Group),
      findings: findings(measured, groups),
      notes: [
        'no engine keeps accounts in memory, so every purchase loads its member',
        'each purchase adds two lots, which is what members with few get more of while they are measured; the first member has no history',
        ...notes,
      ],
      plots: [{ name: 'depth', svg: plot(measured, groups) }],
      server: server.settings,
    };
  } finally {
    for (const engine of engines) await engine.stop();
    await generator.close();
    await server.stop();
  }
}

function groupsAsked(): readonly Group[] {
  const asked = process.env['BENCH_DEPTH_MEMBERS'] ?? String(DEEPEST_MEMBERS);
  const deepest = /^\d{1,4}$/.test(asked) ? Number(asked) : NaN;
  if (!(deepest >= 2 && deepest <= 5000))
    throw new Error(`BENCH_DEPTH_MEMBERS must be a whole number from 2 to 5000, not "${asked}"`);
  const group = (lots: number, lifecycle: LifecycleName, members: number): Group => ({
    lots,
    lifecycle,
    members,
  });
  return [
    group(1, 'open', SHALLOW_MEMBERS),
    group(100, 'open', Math.min(SHALLOW_MEMBERS, deepest * 10)),
    group(DEEPEST, 'open', deepest),
    group(1, 'closed', SHALLOW_MEMBERS),
    group(100, 'closed', Math.min(SHALLOW_MEMBERS, deepest * 10)),
    group(DEEPEST, 'closed', deepest),
  ];
}

function nameOf({ lots, lifecycle }: Group): string {
  return `${lots} ${lifecycle} ${lots === 1 ? 'lot' : 'lots'} a member`;
}

async function lotsNow({ stage }: GrownEngine): Promise<string> {
  const [row] = await query<{ each: string }>(
    stage.databaseUrl,
    `SELECT round((SELECT count(*) FROM lots)::numeric / (SELECT count(*) FROM accounts), 1) AS each`,
  );
  return `${row?.each} lots a member`;
}

const cpuMicros = ({ nodeMicros, postgresMicros }: Sample): number => nodeMicros + postgresMicros;

function findings(measured: readonly Measured[], groups: readonly Group[]): Finding[] {
  const row = (group: Group | undefined): Measured =>
    measured.find(({ name }) => group !== undefined && name === nameOf(group)) as Measured;
  return (['open', 'closed'] as const).flatMap((lifecycle): Finding[] => {
    const [one, some, many] = groups.filter((group) => group.lifecycle === lifecycle);
    const cost = (of: Group | undefined): number => medianRatio(row(of), row(one), cpuMicros);
    return [
      {
        name: `CPU of a purchase, 10,000 ${lifecycle} lots / 1`,
        value: cost(many),
        target: { most: MOST_RATIO },
      },
      { name: `CPU of a purchase, 100 ${lifecycle} lots / 1`, value: cost(some) },
      { name: `throughput, 10,000 ${lifecycle} lots / 1`, value: medianRatio(row(many), row(one)) },
      { name: `CPU of a purchase, 1 ${lifecycle} lot`, value: medianOf(row(one), cpuMicros), unit: 'us' },
      {
        name: `CPU of a purchase, 10,000 ${lifecycle} lots`,
        value: medianOf(row(many), cpuMicros),
        unit: 'us',
      },
    ];
  });
}

function plot(measured: readonly Measured[], groups: readonly Group[]): string {
  const [first] = measured as [Measured];
  const bars = groups.map((group, index) => {
    const value = medianRatio(measured[index] as Measured, first, cpuMicros);
    return { name: nameOf(group), value, text: value.toFixed(2) };
  });
  return barChart('History of a member', `CPU of a purchase as a ratio to ${first.name}`, bars, [
    { value: MOST_RATIO, text: `target for 10,000: ${MOST_RATIO}` },
  ]);
}
