import { fileURLToPath } from 'node:url';
import { Tree, WORKS } from '../against/tree.js';
import { inTurn } from '../measure/rounds.js';
import { median } from '../measure/statistics.js';
import type { Finding, Measured, Sample, Scene, SceneOptions, SceneResult } from '../scene.js';

const HERE = fileURLToPath(new URL('../..', import.meta.url));

/** What a change costs: both versions in turn, as ratios of different hours tell nothing. */
export const against: Scene = {
  name: 'against',
  purpose: 'the CPU that each sort of work takes, against another tree of this repository (--tree)',
  usual: '5 min',
  byDefault: false,
  run,
};

async function run(options: SceneOptions): Promise<SceneResult> {
  if (options.tree === undefined) throw new Error('say which tree: --tree PATH');
  const trees: Tree[] = [];
  try {
    const before = await Tree.start(options.tree);
    trees.push(before);
    const now = await Tree.start(HERE);
    trees.push(now);
    const contestants = WORKS.flatMap((work) => [
      before.contestant(`${work}, the other tree`, work),
      now.contestant(`${work}, this tree`, work),
    ]);
    const measured = await inTurn(contestants, options);
    const notes = [await before.end(), await now.end()];
    return {
      measured,
      findings: WORKS.flatMap((work, index) => findingOf(work, measured.slice(2 * index, 2 * index + 2))),
      notes: ['each tree has a PostgreSQL and a load generator of its own', ...notes],
      plots: [],
    };
  } finally {
    for (const tree of trees) tree.abandon();
  }
}

function findingOf(work: string, [before, now]: readonly Measured[]): readonly Finding[] {
  if (!before || !now) return [];
  const ratios = now.samples.map((sample, round) => cpuOf(sample) / cpuOf(before.samples[round] as Sample));
  const target = work === 'receipt' ? { target: { most: 1.05 } } : {};
  return [{ name: `CPU of a ${work}, this tree / the other`, value: median(ratios), ...target }];
}

const cpuOf = ({ nodeMicros, postgresMicros }: Sample): number => nodeMicros + postgresMicros;
