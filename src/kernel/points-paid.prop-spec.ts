import fc from 'fast-check';
import { purchaseLines } from '../../test/builders/purchase.js';
import { paidLines } from './points-paid.js';

describe('taking the points-paid part off a receipt, whatever the receipt', () => {
  it('leaves exactly the rest, no line below nothing, and no tax above its line', () => {
    const line = fc.record({
      amountMinor: fc.integer({ min: 0, max: 1_000_000 }),
      taxed: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 1000 }),
        (items, perMille) => {
          const lines = purchaseLines(
            ...items.map(({ amountMinor, taxed }) => ({
              amountMinor,
              taxMinor: Math.floor((amountMinor * taxed) / 100),
            })),
          );
          const total = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
          const pointsPaid = Math.floor((total * perMille) / 1000);
          const left = paidLines(lines, pointsPaid);
          expect(left.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(total - pointsPaid);
          for (const [index, { amountMinor, taxMinor }] of left.entries()) {
            expect(amountMinor).toBeGreaterThanOrEqual(0);
            expect(amountMinor).toBeLessThanOrEqual(lines[index]?.amountMinor ?? 0);
            expect(taxMinor).toBeLessThanOrEqual(amountMinor);
            expect(taxMinor).toBeLessThanOrEqual(lines[index]?.taxMinor ?? 0);
          }
        },
      ),
    );
  });
});
