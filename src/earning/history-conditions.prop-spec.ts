import fc from 'fast-check';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus } from '../../test/builders/earning-rule.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';

const HOUR_MS = 3_600_000;
/** Midnight in Warsaw, the zone of the builders' programme; no clock change in the 40 days after it. */
const START = Date.parse('2026-01-10T00:00:00+01:00');
const KEYS = ['lifetime', '7 days', 'this month', '2 months'] as const;

/** A receipt as the slow count of this file keeps it. */
interface Told {
  readonly id: string;
  readonly at: number;
  readonly amount: number;
  back: number;
  whole: boolean;
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ hour: fc.nat(40 * 24 - 1), amount: fc.integer({ min: 2, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ back: fc.nat(20), part: fc.boolean() }) },
);

/** The history before an instant out of the receipts themselves, by plain arithmetic on days since the start. */
function recounted(receipts: readonly Told[], at: number) {
  const day = (instant: number) => Math.floor((instant - START) / (24 * HOUR_MS));
  const date = (instant: number) => new Date(instant + HOUR_MS).toISOString();
  const before = receipts.filter((receipt) => receipt.at <= at);
  const isIn = {
    lifetime: () => true,
    '7 days': (told: number) => day(told) > day(at) - 7,
    'this month': (told: number) => date(told).slice(0, 7) === date(at).slice(0, 7),
    // Two months that end with a day of January or February begin before the first receipt.
    '2 months': () => true,
  };
  const asked = KEYS.flatMap((key) => {
    const own = before.filter((receipt) => isIn[key](receipt.at));
    const kept = own.filter(({ whole }) => !whole);
    return [
      [`history.purchases("${key}")`, kept.length],
      [`history.visits("${key}")`, new Set(kept.map((receipt) => day(receipt.at))).size],
      [`history.spend("${key}")`, own.reduce((sum, { amount, back }) => sum + amount - back, 0)],
    ] as const;
  });
  const kept = before.filter(({ whole }) => !whole);
  const last = kept.length === 0 ? null : Math.max(...kept.map((receipt) => day(receipt.at)));
  return {
    ...Object.fromEntries(asked.map(([key, value]) => [key, String(value)])),
    'history.isFirstPurchase': kept.length === 0,
    'history.daysSinceLastVisit': last === null ? null : String(day(at) - last),
  };
}

/** Reads everything, and is never met. */
const CONDITION = [
  ...KEYS.flatMap((key) => ['purchases', 'visits', 'spend'].map((of) => `history.${of}("${key}") == -1`)),
  'history.isFirstPurchase && history.daysSinceLastVisit == -1',
].join(' || ');

describe('the history that a receipt is judged with', () => {
  it('is that of the receipts known then, whatever the order in which they came and came back', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 14 }), (steps) => {
        const shop = new Shop(
          new ConfigurationBuilder()
            .accounting()
            .policy()
            .rule({ condition: CONDITION, amount: basketBonus(5, 0) }),
        ).at('2026-02-20T12:00:00+01:00');
        const member = shop.member();
        const told: Told[] = [];
        for (const one of steps) {
          if ('back' in one) {
            const receipt = told.filter(({ whole }) => !whole)[one.back];
            if (!receipt) continue;
            const isPart = one.part && receipt.amount - receipt.back > 1;
            const lines = [{ lineNo: 1, sku: null, quantity: null, amountMinor: 1 }];
            shop.batch(shop.returns(receipt.id, isPart ? { lines } : {}));
            receipt.back = isPart ? receipt.back + 1 : receipt.amount;
            receipt.whole = !isPart;
            continue;
          }
          const at = START + one.hour * HOUR_MS;
          const lines = [purchaseLine({ amountMinor: one.amount, taxMinor: 0 })];
          const [outcome] = shop.batch(shop.purchase(member, { occurredAt: at, lines }));
          if (outcome?.kind !== 'answered') throw new Error(JSON.stringify(outcome));
          const [{ condition } = { condition: null }] = outcome.explanation as {
            condition: { values: object };
          }[];
          expect(condition?.values).toEqual(recounted(told, at));
          const { id } = JSON.parse(outcome.body) as { id: string };
          told.push({ id, at, amount: one.amount, back: 0, whole: false });
        }
      }),
      { numRuns: 150 },
    );
  });
});
