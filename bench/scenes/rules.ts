import { LoadGenerator } from '../load/generator.js';
import { inTurn } from '../measure/rounds.js';
import { medianRatio } from '../measure/statistics.js';
import { barChart } from '../report/svg.js';
import type { Measured, Sample, Scene, SceneOptions, SceneResult } from '../scene.js';
import { openStage } from '../stage/open-stage.js';
import { startServer } from '../stage/server.js';
import { Ours } from './ours.js';

const PROGRAMMES = [
  { name: '5 rules', rules: 5, conditional: 0, historic: 0 },
  { name: '20 rules', rules: 20, conditional: 0, historic: 0 },
  { name: '200 rules', rules: 200, conditional: 0, historic: 0 },
  { name: '20 rules and 20 with conditions', rules: 20, conditional: 20, historic: 0 },
  { name: 'the same, 5 of them on the history', rules: 20, conditional: 20, historic: 5 },
] as const;
const CONNECTIONS = { kind: 'closed', connections: 128 } as const;

/** The same receipts, giving the same points, looked at by more and more rules. */
export const rules: Scene = {
  name: 'rules',
  purpose:
    'purchases a second with 5, 20 and 200 active earning rules, and CPU with conditions and histories',
  usual: '3 min',
  byDefault: true,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const server = await startServer();
  const generator = await LoadGenerator.start();
  const engines: Ours[] = [];
  try {
    for (const { rules: count, conditional, historic } of PROGRAMMES) {
      const database = `rules_${count}_${conditional}_${historic}`;
      const stage = await openStage(server, { database, rules: count, conditional, historic });
      engines.push(await Ours.start(stage, generator));
    }
    const contestants = engines.map((ours, index) =>
      ours.contestant(
        PROGRAMMES[index]?.name ?? '',
        { kind: 'purchase', members: ours.stage.members, pick: 'spread' },
        CONNECTIONS,
      ),
    );
    const measured = await inTurn(contestants, options);
    const notes: string[] = [];
    for (const ours of engines) notes.push(await ours.answered.check());
    return { measured, reference: '5 rules', ...conclusions(measured), notes, server: server.settings };
  } finally {
    for (const { engine } of engines) await engine.stop();
    await generator.close();
    await server.stop();
  }
}

function conclusions(measured: readonly Measured[]): Pick<SceneResult, 'findings' | 'plots'> {
  const [few, some, many, conditional, historic] = measured as [
    Measured,
    Measured,
    Measured,
    Measured,
    Measured,
  ];
  const bars = [few, some, many].map((row) => ({
    name: row.name,
    value: medianRatio(row, few),
    text: medianRatio(row, few).toFixed(2),
  }));
  const marks = [{ value: 0.7, text: 'target for 200: 0.7' }];
  return {
    findings: [
      { name: '200 rules / 5 rules', value: medianRatio(many, few), target: { least: 0.7 } },
      { name: '20 rules / 5 rules', value: medianRatio(some, few) },
      {
        name: 'CPU of 20 rules and 20 with conditions / 20 rules',
        value: medianRatio(conditional, some, cpuOf),
        target: { most: 1.15 },
      },
      {
        name: 'CPU of 5 of 20 conditions on the history / 20 conditions without',
        value: medianRatio(historic, conditional, cpuOf),
        target: { most: 1.3 },
      },
    ],
    plots: [
      {
        name: 'rules',
        svg: barChart('Active earning rules', 'throughput as a ratio to 5 rules', bars, marks),
      },
    ],
  };
}

const cpuOf = ({ nodeMicros, postgresMicros }: Sample): number => nodeMicros + postgresMicros;
