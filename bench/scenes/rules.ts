import { LoadGenerator } from '../load/generator.js';
import { inTurn } from '../measure/rounds.js';
import { medianRatio } from '../measure/statistics.js';
import { barChart } from '../report/svg.js';
import type { Measured, Scene, SceneOptions, SceneResult } from '../scene.js';
import { openStage } from '../stage/open-stage.js';
import { startServer } from '../stage/server.js';
import { Ours } from './ours.js';

const COUNTS = [5, 20, 200] as const;
const CONNECTIONS = { kind: 'closed', connections: 128 } as const;

/** The same receipts, giving the same points, looked at by more and more rules. */
export const rules: Scene = {
  name: 'rules',
  purpose: 'purchases a second with 5, 20 and 200 active earning rules',
  usual: '3 min',
  byDefault: true,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  const server = await startServer();
  const generator = await LoadGenerator.start();
  const engines: Ours[] = [];
  try {
    for (const count of COUNTS) {
      const stage = await openStage(server, { database: `rules_${count}`, rules: count });
      engines.push(await Ours.start(stage, generator));
    }
    const contestants = engines.map((ours, index) =>
      ours.contestant(
        `${COUNTS[index]} rules`,
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
  const [few, some, many] = measured as [Measured, Measured, Measured];
  const bars = measured.map((row) => ({
    name: row.name,
    value: medianRatio(row, few),
    text: medianRatio(row, few).toFixed(2),
  }));
  const marks = [{ value: 0.7, text: 'target for 200: 0.7' }];
  return {
    findings: [
      { name: '200 rules / 5 rules', value: medianRatio(many, few), target: { least: 0.7 } },
      { name: '20 rules / 5 rules', value: medianRatio(some, few) },
    ],
    plots: [
      {
        name: 'rules',
        svg: barChart('Active earning rules', 'throughput as a ratio to 5 rules', bars, marks),
      },
    ],
  };
}
