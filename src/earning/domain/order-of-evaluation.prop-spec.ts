import fc from 'fast-check';
import { earningRule } from '../../../test/builders/earning-rule.js';
import { purchaseLine } from '../../../test/builders/purchase.js';
import type { Tender } from '../../kernel/domain-events.js';
import { basketOf } from './basket.js';
import { NO_COUNTERS } from './counters.js';
import type { EarningRule } from './earning-rule.js';
import { evaluateReceipt } from './evaluate-receipt.js';
import type { RuleAmount } from './rule-amount.js';
import { NO_CONDITIONS } from './rule-conditions.js';

/** The model of this file: fractions of whole numbers, slow and plain. It shares no code with the engine. */
type Fraction = readonly [n: bigint, d: bigint];

const big = (n: number): bigint => BigInt(Math.round(n));
const sum = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);
const down = ([n, d]: Fraction): bigint => n / d;
const round: Record<EarningRule['rounding'], (f: Fraction) => bigint> = {
  floor: down,
  halfUp: ([n, d]) => (2n * n + d) / (2n * d),
  ceil: ([n, d]) => (n + d - 1n) / d,
};
const by = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d];
function decimal(text: string): Fraction {
  const [whole = '', rest = ''] = text.split('.');
  return [BigInt(whole + rest), 10n ** BigInt(rest.length)];
}

/** Largest remainder, one unit after the other. */
function spread(total: bigint, weights: readonly bigint[]): readonly bigint[] {
  const all = sum(weights);
  if (all === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (total * weight) / all);
  const order = weights
    .map((weight, index) => ({ index, rest: (total * weight) % all }))
    .sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1));
  const left = total - sum(parts);
  return weights.map((_, index) => {
    const place = order.findIndex((entry) => entry.index === index);
    return (parts[index] ?? 0n) + (BigInt(place) < left ? 1n : 0n);
  });
}

interface Line {
  readonly amount: number;
  readonly tax: number;
  readonly list: number | null;
  readonly units: number;
  readonly margin: number;
  readonly category: string;
}

interface Basket {
  readonly lines: readonly Line[];
  readonly px: number;
  readonly points: number;
  readonly coupon: number;
}

const total = ({ lines }: Pick<Basket, 'lines'>): number =>
  lines.reduce((all, { amount }) => all + amount, 0);
const tendersOf = ({ px, points, coupon, ...basket }: Basket): readonly Tender[] => [
  { type: 'px_pay', amountMinor: px },
  { type: 'points', amountMinor: points },
  { type: 'coupon', kind: 'discount', amountMinor: coupon },
  { type: 'cash', amountMinor: total(basket) - px - points - coupon },
];

interface Money {
  readonly amount: readonly bigint[];
  readonly tax: readonly bigint[];
  /** Of the units. */
  readonly share: Fraction;
}

/** The money of each line that counts for a rule. */
function moneyOf(rule: EarningRule, basket: Basket): Money {
  const { lines, px, points, coupon } = basket;
  const counts = rule.counts ?? { discounts: 'after', onlyTenders: [], withoutTenders: [] };
  const isBefore = counts.discounts === 'before';
  const full = lines.map(({ amount, list }) => big(isBefore && list !== null ? list : amount));
  const fullTax = lines.map(({ amount, tax }, i) => round.halfUp([big(tax) * (full[i] ?? 0n), big(amount)]));
  const paidWithPoints = rule.earnOnPointsPaid ? 0 : points;
  const off = big(paidWithPoints + (isBefore ? 0 : coupon));
  const taken = spread(off, full);
  const kept = full.map((amount, i) => amount - (taken[i] ?? 0n));
  const keptTax = fullTax.map((tax, i) => round.halfUp([tax * (kept[i] ?? 0n), full[i] ?? 1n]));
  const share: Fraction = [sum(full) - off, sum(full)];
  if (counts.onlyTenders.length + counts.withoutTenders.length === 0)
    return { amount: kept, tax: keptTax, share };
  const paid = big(total(basket) - coupon - paidWithPoints);
  const named = big(px) < paid ? big(px) : paid;
  const part = counts.onlyTenders.length > 0 ? named : paid - named;
  if (part <= 0n) return { amount: lines.map(() => 0n), tax: lines.map(() => 0n), share: [0n, 1n] };
  const amount = spread(round.halfUp([sum(kept) * part, paid]), kept);
  const tax = keptTax.map((one, i) =>
    kept[i] === 0n ? 0n : round.halfUp([one * (amount[i] ?? 0n), kept[i] ?? 1n]),
  );
  return { amount, tax, share: by(share, [part, paid]) };
}

interface Figure {
  readonly raw: Fraction;
  readonly weights: readonly Fraction[];
}

const add = (values: readonly Fraction[]): Fraction =>
  values.reduce(([a, b], [c, d]) => [a * d + c * b, b * d], [0n, 1n]);

/** The raw figure, and how much of it is each line's. */
function figureOf(rule: EarningRule, basket: Basket, others: Readonly<Record<string, EarningRule>>): Figure {
  const { lines } = basket;
  const matches = lines.map(({ category }) => !rule.lines.excludeCategories.includes(category));
  const { amount, tax, share } = moneyOf(rule, basket);
  const value = lines.map((_, i): bigint =>
    matches[i] ? (amount[i] ?? 0n) - (rule.basis === 'net' ? (tax[i] ?? 0n) : 0n) : 0n,
  );
  const basis = sum(value);
  const ofMoney = (raw: Fraction): Figure => ({ raw, weights: value.map((one) => [one, 1n]) });
  const steps = (of: Fraction, exact: boolean): Fraction => (exact ? of : [down(of), 1n]);
  const { amount: a } = rule;
  const none: Figure = { raw: [0n, 1n], weights: lines.map(() => [0n, 1n]) };
  const used =
    !rule.counts ||
    rule.counts.onlyTenders.length + rule.counts.withoutTenders.length === 0 ||
    sum(amount) > 0n;
  if (!used || !matches.includes(true)) return none;
  switch (a.type) {
    case 'perSpend':
      return ofMoney(by([big(a.points), 1n], steps([basis, big(a.stepMinor)], a.steps === 'exact')));
    case 'perUnit': {
      const units = lines.map((line, i): Fraction => [matches[i] ? big(line.units) : 0n, 1n]);
      const [n, d] = by(by(add(units), share), [1n, 1n]);
      const [stepN, stepD] = decimal(a.perQuantity);
      const raw = by([big(a.points), 1n], steps([n * stepD, d * stepN], a.steps === 'exact'));
      return { raw, weights: units };
    }
    case 'basketBonus':
      return ofMoney([basis >= big(a.minimumMinor) ? big(a.points) : 0n, 1n]);
    case 'fixed':
      return ofMoney([big(a.points), 1n]);
    case 'tierTable':
      return ofMoney([big(a.byTier['gold'] ?? a.otherwise), 1n]);
    case 'bands':
      return ofMoney([
        a.bands.reduce((found, { fromMinor, points }) => (basis >= big(fromMinor) ? big(points) : found), 0n),
        1n,
      ]);
    case 'marginShare': {
      const margins = lines.map(({ margin, amount: sold }, i): Fraction =>
        matches[i] && margin > 0 ? [big(margin) * (amount[i] ?? 0n), big(sold)] : [0n, 1n],
      );
      return { raw: by(by(add(margins), decimal(a.share)), [1n, big(a.minorPerPoint)]), weights: margins };
    }
    case 'multiplierOnBase': {
      const shares = a.of.flatMap((key) => {
        const other = others[key];
        if (!other || other.amount.type === 'multiplierOnBase') return [];
        const base = figureOf(other, basket, {});
        const [n, d] = add(base.weights);
        const count = lines.filter(
          ({ category }) => !other.lines.excludeCategories.includes(category),
        ).length;
        const ofLine = ({ category }: Line, i: number): Fraction => {
          if (other.lines.excludeCategories.includes(category)) return [0n, 1n];
          return n === 0n ? [1n, big(count)] : by(base.weights[i] ?? [0n, 1n], [d, n]);
        };
        if (base.raw[0] === 0n) return [];
        return [add(lines.map((line, i) => (matches[i] ? by(base.raw, ofLine(line, i)) : [0n, 1n])))];
      });
      return { raw: add(shares), weights: none.weights };
    }
  }
}

/** The factors: the rule's and the tier's, or what a multiple adds. */
function factorOf({ amount, multiplier }: EarningRule): Fraction {
  const own = decimal(multiplier ?? '1');
  if (amount.type === 'multiplierOnBase') {
    const [n, d] = decimal(amount.factor);
    return by(own, [n - d, d]);
  }
  return 'tierMultipliers' in amount ? by(own, decimal(amount.tierMultipliers['gold'] ?? '1')) : own;
}

/** What each rule gives, by key. */
function modelled(rules: Readonly<Record<string, EarningRule>>, basket: Basket, room: number) {
  const ordered = Object.keys(rules).sort((a, b) => {
    const [x, y] = [rules[a]?.order ?? 0, rules[b]?.order ?? 0];
    return x === y ? (a < b ? -1 : 1) : x - y;
  });
  const entered = new Map<string, number>();
  for (const key of ordered) {
    const rule = rules[key] as EarningRule;
    const points = Number(round[rule.rounding](by(figureOf(rule, basket, rules).raw, factorOf(rule))));
    const [limit] = rule.limits;
    const most = limit?.points ?? Infinity;
    entered.set(key, points <= most ? points : limit?.onExceed === 'refuse' ? 0 : most);
  }
  let alive = ordered.filter((key) => (entered.get(key) ?? 0) > 0);
  for (const name of new Set(alive.map((key) => rules[key]?.group?.key))) {
    const members = alive.filter((key) => name !== undefined && rules[key]?.group?.key === name);
    const [first] = members;
    const combine = first === undefined ? 'sum' : rules[first]?.group?.combine;
    if (combine === 'sum') continue;
    const most = Math.max(...members.map((key) => entered.get(key) ?? 0));
    const best = [...members].sort().find((key) => entered.get(key) === most);
    const winner = combine === 'first' ? first : best;
    alive = alive.filter((key) => !members.includes(key) || key === winner);
  }
  const only = alive.find((key) => rules[key]?.exclusive);
  if (only !== undefined) alive = [only];
  let left = room;
  return Object.fromEntries(
    ordered.map((key) => {
      const given = alive.includes(key) ? Math.min(left, entered.get(key) ?? 0) : 0;
      left -= given;
      return [key, given];
    }),
  );
}

const points = fc.integer({ min: 1, max: 50 });
const tierMultipliers = fc.constantFrom<Readonly<Record<string, string>>>(
  {},
  { gold: '1.5' },
  { gold: '0.333' },
);
const steps = fc.constantFrom<{ steps?: 'exact' }>({}, { steps: 'exact' as const });
const amounts: fc.Arbitrary<RuleAmount> = fc.oneof(
  fc
    .tuple(points, fc.integer({ min: 100, max: 9_000 }), steps, tierMultipliers)
    .map(
      ([p, stepMinor, s, t]) =>
        ({ type: 'perSpend', points: p, stepMinor, ...s, tierMultipliers: t }) as const,
    ),
  fc
    .tuple(points, fc.constantFrom('1', '0.75', '3'), steps, tierMultipliers)
    .map(
      ([p, perQuantity, s, t]) =>
        ({ type: 'perUnit', points: p, perQuantity, ...s, tierMultipliers: t }) as const,
    ),
  fc
    .tuple(points, fc.integer({ min: 0, max: 60_000 }))
    .map(([p, minimumMinor]) => ({ type: 'basketBonus', points: p, minimumMinor }) as const),
  points.map((p) => ({ type: 'fixed', points: p }) as const),
  fc
    .tuple(fc.constantFrom<Readonly<Record<string, number>>>({}, { gold: 30 }, { gold: 0 }), fc.nat(9))
    .map(([byTier, otherwise]) => ({ type: 'tierTable', byTier, otherwise }) as const),
  fc.tuple(fc.nat(20_000), fc.integer({ min: 20_001, max: 60_000 }), points, points).map(
    ([low, high, p, q]) =>
      ({
        type: 'bands',
        bands: [
          { fromMinor: low, points: p },
          { fromMinor: high, points: p + q },
        ],
      }) as const,
  ),
  fc
    .tuple(fc.constantFrom('0.1', '1', '0.037'), fc.integer({ min: 1, max: 900 }), tierMultipliers)
    .map(
      ([share, minorPerPoint, t]) =>
        ({ type: 'marginShare', attribute: 'margin', share, minorPerPoint, tierMultipliers: t }) as const,
    ),
  fc
    .tuple(fc.constantFrom('2', '1.5', '3.25'), fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 }))
    .map(([factor, of]) => ({ type: 'multiplierOnBase', factor, of }) as const),
);

const money = fc.constantFrom<EarningRule['counts']>(
  null,
  { discounts: 'before', onlyTenders: [], withoutTenders: [] },
  { discounts: 'after', onlyTenders: ['px_pay'], withoutTenders: [] },
  { discounts: 'after', onlyTenders: [], withoutTenders: ['px_pay'] },
);
const rules = fc
  .dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.record({
      amount: amounts,
      counts: money,
      basis: fc.constantFrom('gross' as const, 'net' as const),
      rounding: fc.constantFrom('floor' as const, 'halfUp' as const, 'ceil' as const),
      multiplier: fc.constantFrom(null, '2', '0.7'),
      earnOnPointsPaid: fc.boolean(),
      excludes: fc.subarray(['food', 'wine']),
      most: fc.option(fc.tuple(fc.integer({ min: 1, max: 80 }), fc.boolean())),
      group: fc.constantFrom<EarningRule['group']>(
        null,
        { key: 'sum', combine: 'sum' },
        { key: 'best', combine: 'best' },
        { key: 'first', combine: 'first' },
      ),
      exclusive: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
      order: fc.nat(2),
    }),
    { minKeys: 1, noNullPrototype: true },
  )
  .map((bodies) =>
    Object.fromEntries(
      Object.entries(bodies).map(([key, { excludes, most, ...rest }]) => [
        key,
        earningRule({
          ...rest,
          lines: { includeCategories: [], excludeCategories: excludes },
          limits: most
            ? [
                {
                  period: 'purchase',
                  points: most[0],
                  times: null,
                  onExceed: most[1] ? 'refuse' : 'truncate',
                },
              ]
            : [],
        }),
      ]),
    ),
  );

const baskets: fc.Arbitrary<Basket> = fc
  .record({
    lines: fc.array(
      fc.record({
        amount: fc.integer({ min: 1, max: 40_000 }),
        taxPercent: fc.nat(20),
        more: fc.option(fc.nat(5_000)),
        units: fc.integer({ min: 1, max: 5 }),
        margin: fc.integer({ min: -50, max: 9_000 }),
        category: fc.constantFrom('food', 'wine', 'toys'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    shares: fc.tuple(fc.nat(30), fc.nat(30), fc.nat(40)),
  })
  .map(({ lines, shares: [points_, coupon, px] }) => {
    const made = lines.map(({ amount, taxPercent, more, ...rest }): Line => {
      const tax = Math.floor((amount * taxPercent) / 100);
      return { ...rest, amount, tax, list: more === null ? null : amount + more };
    });
    const of = (percent: number): number => Math.floor((total({ lines: made }) * percent) / 100);
    return { lines: made, points: of(points_), coupon: of(coupon), px: of(px) };
  });

/** The engine over the same basket, for a gold member. */
function evaluated(bodies: Readonly<Record<string, EarningRule>>, basket: Basket, headroom: number) {
  const lines = basket.lines.map(({ amount, tax, list, units, margin, category }, index) =>
    purchaseLine({
      lineNo: index + 1,
      amountMinor: amount,
      taxMinor: tax,
      ...(list === null ? {} : { listMinor: list }),
      quantity: String(units),
      attributes: { margin },
      category,
    }),
  );
  const inForce = Object.entries(bodies)
    .map(([id, rule]) => ({ ref: { id, version: 1 }, rule }))
    .sort((a, b) => a.rule.order - b.rule.order || (a.ref.id < b.ref.id ? -1 : 1));
  return evaluateReceipt(
    inForce,
    {
      basket: basketOf(lines, basket.points, basket.coupon, tendersOf(basket)),
      tier: 'gold',
      occurredAt: 0,
      memberActive: true,
      conditionsOf: () => NO_CONDITIONS,
    },
    { day: '2026-03-10', counters: NO_COUNTERS, headroom },
  );
}

describe('whatever the rules and the basket', () => {
  it('each rule gives what plain fractions give, through every step', () => {
    fc.assert(
      fc.property(rules, baskets, fc.integer({ min: 0, max: 300 }), (bodies, basket, room) => {
        const results = evaluated(bodies, basket, room);
        const given = Object.fromEntries(results.map(({ ref, trace }) => [ref.id, trace.points]));
        expect(given).toEqual(modelled(bodies, basket, room));
      }),
      { numRuns: 500 },
    );
  });

  it('the explanation alone gives the points again, and lines add up to them', () => {
    fc.assert(
      fc.property(rules, baskets, fc.integer({ min: 0, max: 300 }), (bodies, basket, room) => {
        for (const { trace, rule, lines } of evaluated(bodies, basket, room)) {
          const { raw = String(trace.points), multiplier, why } = trace;
          const limited = trace.limited ?? trace.points;
          const rounded = trace.rounded ?? limited;
          expect(lines.reduce((all, line) => all + line.points, 0)).toBe(trace.points);
          if (why !== 'matched' && trace.raw === undefined) continue;
          const [n, d = '1'] = raw.split('/') as [string, string?];
          const figure: Fraction = by(decimal(n), [1n, BigInt(d)]);
          expect(Number(round[rule.rounding](by(figure, decimal(multiplier ?? '1'))))).toBe(rounded);
          expect(limited).toBeLessThanOrEqual(rounded);
          expect(trace.points).toBeLessThanOrEqual(limited);
          if (trace.points < rounded) expect(trace.limitedBy ?? trace.beatenBy).not.toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });
});
