import fc from 'fast-check';
import type { PendingPolicy } from '../../src/kernel/pending-policy.js';
import { standingSlice } from '../../src/tiers/index.js';
import { merges } from '../builders/accounts.js';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { basketBonus, perSpend } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { requested, Shop, type Person } from '../builders/shop.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['STATUS_RUNS'] ?? 60);
const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-26T12:00:00+01:00');
/** Minor units of a status point of each rule, and what the bonus asks for. */
const [ALONE, WITH_POINTS, BONUS_FROM, BONUS] = [700, 1_000, 15_000, 50];
const CANCELLED_AFTER_DAYS = 4;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('buy' as const),
      who: fc.nat(1),
      daysAgo: fc.nat(3),
      ordered: fc.boolean(),
      amounts: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('return' as const), receipt: fc.nat(20), line: fc.nat(3) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 3 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A receipt as the slow count knows it. */
interface Sold {
  readonly id: string;
  readonly day: string;
  readonly ordered: boolean;
  readonly amounts: readonly number[];
  readonly back: Set<number>;
  readonly lapsesAt: number;
}

/** Parts of a whole by amounts: full ones first, what is left by the largest remainders, the first of equal ones. */
function parts(total: number, amounts: readonly number[]): number[] {
  const sum = amounts.reduce((a, b) => a + b, 0);
  const shares = amounts.map((amount) => Math.floor((total * amount) / sum));
  const rest = total - shares.reduce((a, b) => a + b, 0);
  const byRemainder = amounts
    .map((amount, index) => ({ index, remainder: (total * amount) % sum }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, rest)) shares[index] = (shares[index] ?? 0) + 1;
  return shares;
}

/** What of a figure that goes by lines is left while some lines are. */
function leftOfLines(total: number, { amounts, back }: Sold): number {
  return parts(total, amounts).reduce((sum, part, index) => (back.has(index) ? sum : sum + part), 0);
}

/** The status points of a receipt by what is left of it, without anything that the engine counted. */
function statusOf(sold: Sold, now: number): number {
  const { amounts, back, ordered, lapsesAt } = sold;
  if (back.size === amounts.length) return 0;
  const total = amounts.reduce((a, b) => a + b, 0);
  const left = amounts.reduce((sum, amount, index) => (back.has(index) ? sum : sum + amount), 0);
  const alone = leftOfLines(Math.floor(total / ALONE), sold);
  const bonus = left >= BONUS_FROM ? BONUS : 0;
  const lapsed = ordered && now >= lapsesAt;
  return alone + bonus + (ordered && !lapsed ? leftOfLines(Math.floor(total / WITH_POINTS), sold) : 0);
}

function shopOfStatus(): Shop {
  const all = { includeCategories: [], excludeCategories: [] };
  const pending: PendingPolicy = {
    type: 'event',
    event: 'delivered',
    thenDays: 0,
    cancelAfterDays: CANCELLED_AFTER_DAYS,
  };
  const config = ConfigurationBuilder.shop()
    .tiers({ measure: 'status' })
    .rule({ gives: 'status', amount: perSpend({ stepMinor: ALONE }) }, { key: 'alone' })
    .rule({ gives: 'status', amount: basketBonus(BONUS, BONUS_FROM) }, { key: 'bonus' })
    .rule(
      {
        gives: 'both',
        amount: perSpend({ stepMinor: WITH_POINTS }),
        lines: { ...all, includeCategories: ['ordered'] },
        pending,
      },
      { key: 'ordered' },
    );
  return new Shop(config).at(new Date(START).toISOString());
}

function buy(shop: Shop, member: Person, bought: Extract<Step, { do: 'buy' }>): Sold {
  const occurredAt = shop.clock - bought.daysAgo * DAY_MS;
  const category = bought.ordered ? 'ordered' : 'grocery';
  const lines = purchaseLines(...bought.amounts.map((amountMinor) => ({ amountMinor, category })));
  const { id } = shop.does(shop.purchase(member, { occurredAt, lines }));
  return {
    id: id as string,
    day: new Date(occurredAt).toISOString().slice(0, 10),
    ...{ ordered: bought.ordered, amounts: bought.amounts, back: new Set<number>() },
    // Through the last of the days; everything happens at noon.
    lapsesAt: occurredAt + (CANCELLED_AFTER_DAYS + 1) * DAY_MS,
  };
}

/** By day, days of nothing left out. */
function slowly(sold: readonly Sold[], now: number): Record<string, number> {
  const days: Record<string, number> = {};
  for (const one of sold) days[one.day] = (days[one.day] ?? 0) + statusOf(one, now);
  return Object.fromEntries(Object.entries(days).filter(([, status]) => status !== 0));
}

describe('status points that were given, less those that were taken back', () => {
  it('are what the receipts give when they are counted anew, whatever came back, lapsed or came late', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 24 }), (steps) => {
        const shop = shopOfStatus();
        const members = [shop.member(), shop.member()] as const;
        const sold: [Sold[], Sold[]] = [[], []];
        for (const todo of steps) {
          if (todo.do === 'wait') {
            shop.pass(todo.days * DAY_MS);
            for (const member of members) shop.does(shop.applyDue(member));
          } else if (todo.do === 'buy') {
            const of = todo.who === 0 ? 0 : 1;
            sold[of].push(buy(shop, members[of], todo));
          } else {
            const all = sold.flat();
            const one = all[todo.receipt % Math.max(1, all.length)];
            const line = one ? todo.line % one.amounts.length : 0;
            if (!one || one.back.has(line)) continue;
            shop.does(shop.returns(one.id, { lines: [requested({ lineNo: line + 1, quantity: '1' })] }));
            one.back.add(line);
          }
        }
        for (const member of members) shop.does(shop.applyDue(member));
        for (const [index, member] of members.entries())
          expect(counted(shop, member)).toEqual(slowly(sold[index] ?? [], shop.clock));
        // All of it is the survivor's once they are one.
        shop.does(merges(shop, members[0], members[1]));
        expect(counted(shop, members[0])).toEqual(slowly(sold.flat(), shop.clock));
      }),
      { numRuns: RUNS },
    );
  });
});

function counted(shop: Shop, member: Person): Record<string, number> {
  const { days } = shop.ofMember(member, standingSlice);
  const status = [...days].map(([day, each]) => [day, each.status] as const);
  return Object.fromEntries(status.filter(([, points]) => points !== 0));
}
