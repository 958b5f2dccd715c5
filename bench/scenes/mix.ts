import { inTurn } from '../measure/rounds.js';
import { medianRatio } from '../measure/statistics.js';
import type { Scene, SceneOptions, SceneResult } from '../scene.js';
import { withStage, type Theatre } from '../stage/with-stage.js';
import { Ours } from './ours.js';

const CONNECTIONS = { kind: 'closed', connections: 128 } as const;

/** What a day in the shops is made of, on members that come more and less often. */
export const mix: Scene = {
  name: 'mix',
  purpose:
    '70 % purchases (1 % of them sent twice), 10 % redemptions, 5 % returns, 15 % reads; Zipf over members',
  usual: '2 min',
  byDefault: true,
  run: (options) => withStage({}, (theatre) => run(theatre, options)),
};

async function run({ server, stage, generator }: Theatre, options: SceneOptions): Promise<SceneResult> {
  const ours = await Ours.start(stage, generator);
  try {
    const purchase = { kind: 'purchase', members: stage.members } as const;
    const contestants = [
      ours.contestant('purchases, spread', { ...purchase, pick: 'spread' }, CONNECTIONS),
      ours.contestant('purchases, Zipf', { ...purchase, pick: 'zipf' }, CONNECTIONS),
      ours.contestant(
        'mix, Zipf',
        { kind: 'mix', pick: 'zipf', memberIds: await ours.memberIds() },
        CONNECTIONS,
      ),
    ];
    const measured = await inTurn(contestants, options);
    const [spread, zipf, mixed] = measured;
    return {
      measured,
      reference: 'purchases, spread',
      findings:
        spread && zipf && mixed
          ? [
              { name: 'requests of the mix / purchases spread', value: medianRatio(mixed, spread) },
              { name: 'purchases by Zipf / spread', value: medianRatio(zipf, spread) },
            ]
          : [],
      notes: [await ours.answered.check(), ours.relayNote()],
      plots: [],
      server: server.settings,
    };
  } finally {
    await ours.engine.stop();
  }
}
