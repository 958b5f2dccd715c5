import { torture } from './torture.js';

/** A cluster, four engine starts and more, all on a busy machine. */
const PATIENCE_MS = 300_000;

/** The short run; `npm run torture` is the long one. */
describe('engines and a server that are killed at random under load', () => {
  it(
    'keep every acknowledged command once, every other one once or not at all, and clean books',
    async () => {
      const seed = String(Date.now());
      const report = await torture({
        seed,
        processes: 2,
        connections: 16,
        stormMs: 12_000,
        roundMs: 12_000,
        everyMs: 900,
      });
      const { violations, violationCount, disasters, cuts, operations } = report;
      const acknowledged = Object.values(operations).reduce((sum, figures) => sum + figures.acknowledged, 0);
      expect(acknowledged).toBeGreaterThan(0);
      expect(Object.keys(disasters).length).toBeGreaterThan(2);
      expect(Object.keys(cuts).length).toBeGreaterThan(0);
      // The seed is shown with whatever is not as it should be.
      expect({ seed, violationCount, violations }).toEqual({ seed, violationCount: 0, violations: [] });
    },
    PATIENCE_MS,
  );
});
