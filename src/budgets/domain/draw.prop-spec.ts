import fc from 'fast-check';
import type { Left } from './amounts.js';
import { changed, covered, planDraw, totalLeft } from './draw.js';

const slices = fc.array(
  fc.record({
    points: fc.integer({ min: 0, max: 1000 }),
    uses: fc.integer({ min: 0, max: 5 }),
    cost: fc.bigInt({ min: 0n, max: 10_000n }),
  }),
  { minLength: 1, maxLength: 16 },
);
const awards = fc.array(
  fc.record({
    own: fc.nat(15),
    points: fc.integer({ min: 1, max: 400 }),
    onExceed: fc.constantFrom('truncate' as const, 'refuse' as const),
  }),
  { maxLength: 40 },
);

describe('awards of any shard on any slices', () => {
  it('never take more than there is, nor less than they are covered, and leave no slice below nothing', () => {
    fc.assert(
      fc.property(slices, awards, fc.bigInt({ min: 0n, max: 30n }), (begin, all, cost) => {
        let now: readonly Left[] = begin;
        for (const { own, points, onExceed } of all) {
          const before = totalLeft(now);
          const given = covered(points, cost, before, onExceed);
          if (given > 0) now = changed(now, planDraw(now, own % now.length, given, cost));
          const after = totalLeft(now);
          expect((before.points ?? 0) - (after.points ?? 0)).toBe(given);
          expect((before.uses ?? 0) - (after.uses ?? 0)).toBe(given > 0 ? 1 : 0);
          expect((before.cost ?? 0n) - (after.cost ?? 0n)).toBe(BigInt(given) * cost);
          for (const slice of now) {
            expect(slice.points).toBeGreaterThanOrEqual(0);
            expect(slice.uses).toBeGreaterThanOrEqual(0);
            expect((slice.cost ?? 0n) >= 0n).toBe(true);
          }
        }
      }),
    );
  });
});
