import { GrownEngine } from '../growth/grown-engine.js';
import { openGrownStage, type GrownStage } from '../growth/grown-stage.js';
import { limitBeside } from '../growth/limit-beside.js';
import { LoadGenerator } from '../load/generator.js';
import type { Pattern } from '../limit/pattern.js';
import type { Choice } from '../load/plan.js';
import { inTurn } from '../measure/rounds.js';
import { medianRatio } from '../measure/statistics.js';
import { barChart } from '../report/svg.js';
import type { Contestant, Finding, Measured, Scene, SceneOptions, SceneResult } from '../scene.js';
import { startServer, type BenchServer } from '../stage/server.js';

/** Half of the members are the engine's, the other half the limit's. */
const SIZES = {
  small: { label: '10 k members', members: 20_000, movements: 0 },
  medium: { label: '1 M members, 10 M movements', members: 1_000_000, movements: 10_000_000 },
  large: { label: '10 M members, 50 M movements', members: 10_000_000, movements: 50_000_000 },
  /** For a look at the scene itself. */
  tiny: { label: '100 k members, 200 k movements', members: 100_000, movements: 200_000 },
} as const;

type SizeName = keyof typeof SIZES;

const USUAL: readonly SizeName[] = ['small', 'medium', 'large'];
const CONNECTIONS = { kind: 'closed', connections: 128 } as const;
const SEED = 20_261_128;
/** Members whose accounts are verified, with some after each. */
const VERIFIED = 20;
const ACCOUNTS_PER_PAGE = 50;
const LEAST_RATIO = 0.85;

/** What the receipts are of, with the name it has in the table. */
const CHOICES: readonly (readonly [name: string, pick: Choice])[] = [
  ['spread', 'spread'],
  ['Zipf', 'zipf'],
];

/** The same on installations that are small, large and very large, each in a database of its own on one server. */
export const growth: Scene = {
  name: 'growth',
  purpose: 'purchases a second as members and movements grow; BENCH_SIZES=small,medium chooses sizes',
  usual: '40 min and 75 GB of disk for all sizes, 10 min and 15 GB without "large"',
  byDefault: false,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const names = sizesAsked();
  const server = await startServer();
  const generator = await LoadGenerator.start();
  const engines: GrownEngine[] = [];
  try {
    const contestants: Contestant[] = [];
    for (const name of names) {
      const stage = await openSize(server, name, options);
      const half = stage.members / 2;
      const range = { from: half, to: stage.members };
      const limit = limitBeside(`${SIZES[name].label}: limit`, stage, stage.pattern as Pattern, range);
      await limit.prepare?.();
      const engine = await GrownEngine.start(stage, generator);
      engines.push(engine);
      for (const [choice, pick] of CHOICES)
        contestants.push(engine.contestant(nameOf(name, choice), { members: half, pick }, CONNECTIONS));
      contestants.push({ ...limit, measure: (seconds) => engine.aside(() => limit.measure(seconds)) });
    }
    const measured = await inTurn(contestants, options);
    const notes: string[] = [];
    for (const engine of engines)
      notes.push(await engine.check(drawn(engine.stage.members / 2), ACCOUNTS_PER_PAGE));
    return {
      measured,
      reference: nameOf(names[0] as SizeName, 'spread'),
      findings: findings(measured, names),
      notes: [
        'members have one to five receipts in three years, at a little over two movements each; claims for all of them, bodies and events for the newest million',
        'half of the members are used by the engine, half, which are of another programme, by the limit, whose clients draw batches of 100 out of a million of them',
        ...notes,
      ],
      plots: [{ name: 'growth', svg: plot(measured, names) }],
      server: server.settings,
    };
  } finally {
    for (const engine of engines) await engine.stop();
    await generator.close();
    await server.stop();
  }
}

/** `--sizes` of this scene: the bench's own command line has what all scenes share. */
function sizesAsked(): readonly SizeName[] {
  const asked = process.env['BENCH_SIZES'];
  if (asked === undefined || asked === '') return USUAL;
  const names = asked.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(name in SIZES));
  if (unknown.length > 0)
    throw new Error(`BENCH_SIZES takes ${Object.keys(SIZES).join(', ')}; not ${unknown.join(', ')}`);
  return (Object.keys(SIZES) as SizeName[])
    .filter((name) => names.includes(name))
    .sort((a, b) => SIZES[a].members - SIZES[b].members);
}

function openSize(server: BenchServer, name: SizeName, { log }: SceneOptions): Promise<GrownStage> {
  const { members, movements } = SIZES[name];
  return openGrownStage(server, {
    database: `growth_${name}`,
    members,
    lots: movements / 2,
    seed: SEED,
    withLimit: true,
    log,
  });
}

function nameOf(size: SizeName, choice: string): string {
  return `${SIZES[size].label}: ${choice}`;
}

/** Some of the first `count` members, the first of all among them. */
function drawn(count: number): readonly number[] {
  const others = Array.from({ length: VERIFIED - 1 }, () => 1 + Math.floor(Math.random() * (count - 1)));
  return [...new Set([0, ...others])];
}

function findings(measured: readonly Measured[], names: readonly SizeName[]): Finding[] {
  const [smallest, ...larger] = names as [SizeName, ...SizeName[]];
  const row = (size: SizeName, choice: string): Measured =>
    measured.find(({ name }) => name === nameOf(size, choice)) as Measured;
  const to = (size: SizeName, choice: string): number =>
    medianRatio(row(size, choice), row(smallest, choice));
  return [
    ...larger.flatMap((size): Finding[] => [
      {
        name: `${SIZES[size].label}, spread / ${SIZES[smallest].label}`,
        value: to(size, 'spread'),
        target: { least: LEAST_RATIO },
      },
      {
        name: `${SIZES[size].label}, Zipf / ${SIZES[smallest].label}`,
        value: to(size, 'Zipf'),
        target: { least: LEAST_RATIO },
      },
      { name: `the same of the limit`, value: to(size, 'limit') },
    ]),
    ...names.map((size) => ({
      name: `${SIZES[size].label}: single POST / the limit`,
      value: medianRatio(row(size, 'spread'), row(size, 'limit')),
    })),
  ];
}

function plot(measured: readonly Measured[], names: readonly SizeName[]): string {
  const [smallest] = names as [SizeName];
  const bars = names.flatMap((size) =>
    [...CHOICES.map(([choice]) => choice), 'limit'].map((choice) => {
      const named = (name: string): Measured => measured.find((row) => row.name === name) as Measured;
      const value = medianRatio(named(nameOf(size, choice)), named(nameOf(smallest, choice)));
      return { name: nameOf(size, choice), value, text: value.toFixed(2) };
    }),
  );
  const marks = [{ value: LEAST_RATIO, text: `target ${LEAST_RATIO}` }];
  return barChart('Growth', `purchases a second as a ratio to ${SIZES[smallest].label}`, bars, marks);
}
