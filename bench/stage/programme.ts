import { ProgrammeBuilder } from '../../test/builders/programme.js';
import type { ApiClient } from '../../test/harness/api-client.js';

/** The fewest rules a programme of the bench can have: those that tell the kinds apart. */
export const LEAST_RULES = 5;
/** A cap that counts from the first point on and that no run reaches: every purchase then writes the same rows. */
const FAR_CAP = 1_000_000_000_000;

/**
 * Publishes a programme with `rules` active earning rules, a ladder of three tiers over a rolling year, an accounting
 * policy, points off the basket and a reward.
 *
 * Whatever their number, the same two rules give points for the bench's receipt: one point for each NT$10 of all of
 * it, times the tier's factor, and a bakery bonus that is counted by day and by month. The others are looked at and
 * do not apply: categories the receipt does not have, baskets it does not reach, quantities of other goods, with
 * caps and without.
 *
 * @param conditional how many rules with a condition in CEL there are beside them; none of them gives points.
 * @param historic how many of these read what the member did before.
 */
export async function publishProgramme(
  api: ApiClient,
  rules: number,
  conditional = 0,
  historic = 0,
): Promise<void> {
  if (rules < LEAST_RULES) throw new Error(`a programme of the bench has ${LEAST_RULES} rules at least`);
  const programme = new ProgrammeBuilder(api);
  await programme.policy({ pointsOffBasket: { minorPerPoint: 100, minimumPoints: 1 } });
  await programme.accounting();
  await programme.tiers({
    tiers: [
      { key: 'basic', name: 'Basic', threshold: 0 },
      { key: 'silver', name: 'Silver', threshold: 1_000_000 },
      { key: 'gold', name: 'Gold', threshold: 5_000_000 },
    ],
  });
  await programme.reward('coffee', { points: 45 });
  for (let index = 0; index < rules; index += 1) {
    const { id, ...definition } = ruleAt(index);
    await programme.rule(id, definition);
  }
  for (let index = 0; index < conditional; index += 1) {
    const condition =
      index < historic ? HISTORIC[index % HISTORIC.length] : CONDITIONS[index % CONDITIONS.length];
    await programme.rule(`condition-${index}`, { amount: perSpend(1, 1000), ...condition });
  }
}

/** Conditions as shops have them, which the bench's receipt does not meet. */
const CONDITIONS: readonly { readonly condition?: string; readonly lines?: object }[] = [
  { condition: 'receipt.amountMinor >= 50000 && receipt.channel == "web"' },
  { condition: 'receipt.hasCategory("grocery") && member.age >= 65' },
  { condition: 'receipt.paidWith("px_pay") >= 10000 || receipt.lines.exists(l, l.category == "wine")' },
  { condition: 'time.hour >= 0 && time.weekday in [1, 2, 3, 4, 5, 6, 7] && time.year < 2020' },
  { lines: { condition: 'line.amountMinor >= 1000 && line.quantity >= decimal("12")' } },
];

/** Conditions on what the member did before, which no member of the bench meets. */
const HISTORIC: typeof CONDITIONS = [
  { condition: 'history.isFirstPurchase && receipt.channel == "web"' },
  { condition: 'history.spend("12 months") >= 100000000000' },
  { condition: 'history.visits("this month") > 31' },
  { condition: 'history.daysSinceLastVisit > 3650' },
  { condition: 'history.purchases("lifetime") >= 10000000 && receipt.amountMinor > 0' },
];

type Rule = { readonly id: string } & Readonly<Record<string, unknown>>;

function ruleAt(index: number): Rule {
  switch (index) {
    case 0:
      return {
        id: 'base',
        amount: { ...perSpend(1, 1000), tierMultipliers: { silver: '1.2', gold: '1.5' } },
        lines: { excludeCategories: ['tobacco', 'gift-card'] },
      };
    case 1:
      return {
        id: 'bakery',
        amount: perSpend(1, 1000),
        lines: { includeCategories: ['bakery', 'pastry'] },
        limits: [
          { period: 'day', points: FAR_CAP },
          { period: 'month', points: FAR_CAP },
        ],
      };
    case 2:
      return { id: 'big-basket', amount: { type: 'basketBonus', points: 100, minimumMinor: 500_000 } };
    default:
      return unmatched(index);
  }
}

/** A rule that the receipt gives no reason for, of the five sorts in turn. */
function unmatched(index: number): Rule {
  const category = `category-${index}`;
  const lines = { includeCategories: [category] };
  switch (index % 5) {
    case 0:
      return { id: `week-${index}`, amount: perSpend(2, 1000), lines, multiplier: '1.5' };
    case 1:
      return {
        id: `basket-${index}`,
        amount: { type: 'basketBonus', points: 50, minimumMinor: 200_000 + index * 10_000 },
      };
    case 2:
      return {
        id: `capped-${index}`,
        amount: perSpend(3, 1000),
        lines,
        limits: [{ period: index % 2 === 0 ? 'day' : 'month', points: 200 }],
      };
    case 3:
      return { id: `piece-${index}`, amount: { type: 'perUnit', points: 5 }, lines };
    default:
      return {
        id: `goodwill-${index}`,
        basis: 'net',
        amount: perSpend(1, 5000),
        lines: { excludeCategories: ['grocery', 'bakery'] },
      };
  }
}

function perSpend(points: number, stepMinor: number) {
  return { type: 'perSpend', points, stepMinor } as const;
}
