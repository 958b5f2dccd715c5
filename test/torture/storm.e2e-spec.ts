import { torture, type Report } from './torture.js';

/** What a storm must have had to be worth its name: several kinds of disaster, and a write that was cut. */
const LEAST_KINDS = 3;
const enough = ({ disasters, cuts }: Report): boolean =>
  Object.keys(disasters).length >= LEAST_KINDS && Object.keys(cuts).length > 0;

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
        enough,
      });
      const { violations, violationCount, disasters, cuts, operations } = report;
      const acknowledged = Object.values(operations).reduce((sum, figures) => sum + figures.acknowledged, 0);
      expect(acknowledged).toBeGreaterThan(0);
      expect(Object.keys(disasters).length).toBeGreaterThanOrEqual(LEAST_KINDS);
      expect(Object.keys(cuts).length).toBeGreaterThan(0);
      // The seed is shown with whatever is not as it should be.
      expect({ seed, violationCount, violations }).toEqual({ seed, violationCount: 0, violations: [] });
    },
    PATIENCE_MS,
  );
});
