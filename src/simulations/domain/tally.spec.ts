import { numberedId } from '../../../test/builders/ids.js';
import type { Points } from '../../kernel/points.js';
import { MAX_EXAMPLES } from './limits.js';
import type { SimulatedSide } from './figures.js';
import { Tally } from './tally.js';

const purchaseId = (number: number) => numberedId('pur', number);
const memberId = (number: number) => numberedId('mbr', number);

/** A side with a receipt for each figure, all by one rule. */
function side(figures: readonly Points[], tier = 'basic', refusals: string[] = []): SimulatedSide<string> {
  const receipts = figures.map((points, index) => ({
    ...{ purchaseId: purchaseId(index), occurredAt: index, businessDate: '2026-03-10', points },
    byRule: new Map([
      ['base', { points, granted: points + 1, takenBack: 1, liability: BigInt(points) * 2n, cost: 3n }],
    ]),
    explanation: `why ${points}`,
  }));
  return { receipts, returns: 1, refusals, tier };
}

describe('a tally', () => {
  it('adds both sides up, by rule, day and rung', () => {
    const tally = new Tally<string>();
    const really = new Map([[purchaseId(0), 10]]);
    tally.add({ memberId: memberId(1), published: side([10]), drafts: side([20], 'gold'), really });
    tally.add({ memberId: memberId(2), published: side([5, 5]), drafts: side([5, 1]), really: new Map() });
    tally.add({ memberId: memberId(3), published: side([7]), drafts: side([7]), really: new Map() });
    const found = tally.result();
    expect(found).toMatchObject({
      ...{ members: 3, receipts: 4, receiptsDiffering: 2, returns: 3, refusals: [] },
      totals: {
        published: { points: 27, granted: 31, takenBack: 4, liability: 54n, cost: 12n },
        drafts: { points: 33, granted: 37, takenBack: 4, liability: 66n, cost: 12n },
      },
      byRule: [['base', { published: { points: 27, receipts: 4 }, drafts: { points: 33, receipts: 4 } }]],
      byDay: [['2026-03-10', { published: 27, drafts: 33 }]],
      tiers: [
        { published: 'basic', drafts: 'basic', members: 2 },
        { published: 'basic', drafts: 'gold', members: 1 },
      ],
      winners: { members: 1, points: 10 },
      losers: { members: 1, points: -4 },
      really: { points: 10, receiptsDiffering: 3 },
    });
    const [loser] = found.examples.losers;
    expect(loser).toMatchObject({
      ...{ memberId: memberId(2), points: { published: 10, drafts: 6 } },
      receipt: { published: { explanation: 'why 5' }, drafts: { explanation: 'why 1' } },
    });
  });

  it('keeps the members who differ most, in order, and counts refusals on either side', () => {
    const tally = new Tally<string>();
    const count = MAX_EXAMPLES + 5;
    for (let number = 1; number <= count; number += 1) {
      const drafts = side([number], 'basic', ['OLD']);
      tally.add({ memberId: memberId(number), published: side([0]), drafts, really: new Map() });
    }
    const { examples, refusals } = tally.result();
    expect(examples.winners.map(({ points }) => points.drafts)).toEqual(
      Array.from({ length: MAX_EXAMPLES }, (_, index) => count - index),
    );
    expect(refusals).toEqual([['OLD', { published: 0, drafts: count }]]);
  });

  it('names as an example the receipt that differs most, whichever way', () => {
    const tally = new Tally<string>();
    const published = side([10, 10, 10]);
    tally.add({ memberId: memberId(1), published, drafts: side([15, 1, 20]), really: new Map() });
    const [winner] = tally.result().examples.winners;
    expect(winner?.receipt.drafts.points).toBe(20);
  });
});
