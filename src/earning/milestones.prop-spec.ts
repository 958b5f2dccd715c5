import fc from 'fast-check';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { Shop, type Person } from '../../test/builders/shop.js';
import type { MilestoneTrigger } from './domain/rule-trigger.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Midnight in Warsaw, the zone of the builders' programme; no clock change in the 60 days after it. */
const START = Date.parse('2026-01-10T00:00:00+01:00');
const EACH = 7;

/** A receipt as the slow count of this file keeps it. */
interface Told {
  readonly id: string;
  readonly at: number;
  readonly amount: number;
  back: number;
  whole: boolean;
}

const windows: fc.Arbitrary<MilestoneTrigger['window']> = fc.constantFrom(
  { type: 'calendar', unit: 'month' } as const,
  { type: 'calendar', unit: 'week' } as const,
  { type: 'membershipYear' } as const,
  { type: 'lifetime' } as const,
);
const triggers = fc.record({
  type: fc.constant('milestone' as const),
  measure: fc.constantFrom('visits' as const, 'purchases' as const, 'spend' as const),
  window: windows,
  step: fc.integer({ min: 1, max: 4 }),
  first: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ hour: fc.nat(40 * 24 - 1), amount: fc.integer({ min: 2, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ back: fc.nat(20), part: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ spend: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ pass: fc.integer({ min: 1, max: 15 }) }) },
);

/** Members of the builders enrolled on 1 January 2020, so a membership year is a calendar year of UTC+1. */
function periodOf(type: MilestoneTrigger['window'], at: number): string {
  const date = new Date(at + HOUR_MS).toISOString();
  if (type.type === 'lifetime') return 'life';
  if (type.type === 'membershipYear') return date.slice(0, 4);
  if (type.unit === 'month') return date.slice(0, 7);
  // 10 January 2026 is a Saturday: weeks begin two days after it.
  return String(Math.floor((at - START - 2 * DAY_MS) / (7 * DAY_MS)));
}

/** How many steps the receipts come to, by plain arithmetic over all of them. */
function recounted({ measure, window, step: size, first }: MilestoneTrigger, told: readonly Told[]): number {
  const periods = new Map<string, Told[]>();
  for (const receipt of told) {
    const key = periodOf(window, receipt.at);
    periods.set(key, [...(periods.get(key) ?? []), receipt]);
  }
  let all = 0;
  for (const receipts of periods.values()) {
    const kept = receipts.filter(({ whole }) => !whole);
    const days = new Set(kept.map(({ at }) => Math.floor((at - START) / DAY_MS)));
    const spent = receipts.reduce((sum, { amount, back }) => sum + amount - back, 0);
    const measured = { visits: days.size, purchases: kept.length, spend: spent }[measure];
    all += Math.min(first ?? Infinity, Math.floor(measured / size));
  }
  return all;
}

function shopWith({ first, ...trigger }: MilestoneTrigger): Shop {
  const config = new ConfigurationBuilder()
    .accounting()
    .policy({ expiry: { type: 'days', days: 20 }, returnPolicy: 'debt' })
    .rule({
      trigger: first === undefined ? trigger : { ...trigger, first },
      amount: { type: 'fixed', points: EACH },
    });
  return new Shop(config).at('2026-02-20T12:00:00+01:00');
}

describe('what milestones give', () => {
  it('is what all receipts come to, in whatever order they arrive and come back', () => {
    fc.assert(
      fc.property(triggers, fc.array(step, { minLength: 3, maxLength: 20 }), (trigger, steps) => {
        const shop = shopWith(trigger);
        const member = shop.member();
        const told: Told[] = [];
        const sums = { given: 0, back: 0, gone: 0, spent: 0 };
        for (const one of steps) {
          if ('pass' in one) shop.pass(one.pass * DAY_MS);
          else if ('spend' in one) sums.spent += spend(shop, member, one.spend);
          else if ('back' in one) goBack(shop, told, one, sums);
          else buy(shop, member, told, one, sums);
          shop.batch(shop.applyDue(member));
          const points = EACH * recounted(trigger, told);
          expect(sums.given - sums.back).toBe(points);
          const { available, debt, lots } = shop.ledger(member);
          const expired = [...lots.values()].reduce((sum, lot) => sum + lot.expired, 0);
          expect(available + sums.spent + expired - debt).toBe(points + sums.gone);
        }
      }),
      { numRuns: 300 },
    );
  });
});

interface Sums {
  given: number;
  back: number;
  gone: number;
  spent: number;
}

function buy(
  shop: Shop,
  member: Person,
  told: Told[],
  { hour, amount }: { hour: number; amount: number },
  sums: Sums,
) {
  const at = START + hour * HOUR_MS;
  const lines = [purchaseLine({ amountMinor: amount, taxMinor: 0 })];
  const { id, pointsGranted } = shop.does(shop.purchase(member, { occurredAt: at, lines }));
  told.push({ id, at, amount, back: 0, whole: false });
  sums.given += pointsGranted;
}

function goBack(
  shop: Shop,
  told: readonly Told[],
  { back, part }: { back: number; part: boolean },
  sums: Sums,
) {
  const receipt = told.filter(({ whole }) => !whole)[back];
  if (!receipt) return;
  const isPart = part && receipt.amount - receipt.back > 1;
  const lines = [{ lineNo: 1, sku: null, quantity: null, amountMinor: 1 }];
  const answer = shop.does(shop.returns(receipt.id, isPart ? { lines } : {}));
  receipt.back = isPart ? receipt.back + 1 : receipt.amount;
  receipt.whole = !isPart;
  const points = answer.milestones.reduce(
    (sum: number, lowered: { points: number }) => sum + lowered.points,
    0,
  );
  expect(points).toBe(answer.pointsTaken + answer.pointsFromDebtPolicy.debt + answer.pointsGone);
  sums.back += points;
  sums.gone += answer.pointsGone;
}

function spend(shop: Shop, member: Person, points: number): number {
  const [outcome] = shop.batch(shop.redeem(member, { points }));
  return outcome?.kind === 'answered' ? points : 0;
}
