import type { Contestant, Measured, Sample, SceneOptions } from '../scene.js';

export interface Rounds extends Pick<SceneOptions, 'rounds' | 'seconds' | 'log'> {
  /** Called between two rounds. */
  afterRound?(): Promise<void>;
}

/**
 * Measures contestants that are prepared in turn, round by round; a first round warms up and does not count. Each is
 * closed in the end, whatever happened.
 */
export async function inTurn(contestants: readonly Contestant[], options: Rounds): Promise<Measured[]> {
  const { rounds, seconds, log } = options;
  const samples = new Map<Contestant, Sample[]>(contestants.map((contestant) => [contestant, []]));
  try {
    for (let round = 0; round <= rounds; round += 1) {
      for (const contestant of contestants) {
        const sample = await contestant.measure(seconds);
        if (round > 0) samples.get(contestant)?.push(sample);
        const place = round === 0 ? 'warm-up' : `round ${round} of ${rounds}`;
        log(`${place}: ${contestant.name.padEnd(44)} ${sample.perSecond.toFixed(0).padStart(8)} /s`);
      }
      await options.afterRound?.();
    }
  } finally {
    for (const contestant of contestants) await contestant.close?.();
  }
  return contestants.map((contestant) => ({ name: contestant.name, samples: samples.get(contestant) ?? [] }));
}
