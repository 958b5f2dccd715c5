import fc from 'fast-check';
import type { EarningRule } from '../../src/earning/index.js';
import { earningCountersSlice } from '../../src/earning/index.js';
import type { PurchaseLine } from '../../src/kernel/domain-events.js';
import { lotLiability } from '../../src/ledger/domain/lot.js';
import { standingSlice } from '../../src/tiers/index.js';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { basketBonus, perSpend, perUnit } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { accepted, requested, Shop, type Answer, type Person } from '../builders/shop.js';
import { expectLedgerToAddUp } from '../invariants/ledger.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['RETURN_RUNS'] ?? 150);
const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-26T12:00:00+01:00');

const line = fc.record({
  category: fc.constantFrom('a', 'b', 'c'),
  quantity: fc.constantFrom('1', '2', '3', '0.75', '2.5'),
  amountMinor: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 6, arbitrary: fc.nat(30_000) }),
});
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const receipt = fc.record({ daysAgo: fc.nat(5), lines });

/** Rules of every kind; which of them a programme has, and with which caps. */
const rules = fc.record({
  stepMinor: fc.constantFrom(100, 700),
  multiplier: fc.constantFrom(null, '1.5'),
  pieces: fc.boolean(),
  bonusFrom: fc.option(fc.integer({ min: 1, max: 40_000 })),
  gift: fc.boolean(),
  cap: fc.option(
    fc.record({
      period: fc.constantFrom('day', 'month'),
      points: fc.nat(400),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  ),
  measure: fc.constantFrom('spend', 'points', 'status'),
  status: fc.option(fc.constantFrom('status', 'both')),
});
type Rules = typeof rules extends fc.Arbitrary<infer T> ? T : never;

/** A part of a line that comes back: eighths of its quantity or of its money. */
const part = fc.record({
  line: fc.nat(3),
  by: fc.constantFrom('quantity', 'amount'),
  eighths: fc.integer({ min: 1, max: 8 }),
});
type Part = typeof part extends fc.Arbitrary<infer T> ? T : never;
type Goods = { readonly quantity: string; readonly amountMinor: number } & Partial<PurchaseLine>;
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('return' as const),
      parts: fc.array(part, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('spend' as const), points: fc.integer({ min: 1, max: 300 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'bag' as const }) },
);

/** Whether the order hands over a bag for points, and by which of its lines. */
const bag = fc.constantFrom('none' as const, 'own' as const, 'first' as const, 'named' as const);

function configuration({
  stepMinor,
  multiplier,
  pieces,
  bonusFrom,
  gift,
  cap,
  measure,
  status,
}: Rules): ConfigurationBuilder {
  const only = (category: string) => ({ includeCategories: [category], excludeCategories: [] });
  const limits = cap === null ? [] : [cap as EarningRule['limits'][number]];
  const config = new ConfigurationBuilder()
    .policy()
    .accounting()
    .rule({ amount: perSpend({ stepMinor }), multiplier, limits })
    .reward('bag', { points: 5, stocked: true })
    .tiers({ measure: measure as 'spend', tiers: ladder(measure === 'spend' ? 10_000 : 60) });
  if (pieces) config.rule({ amount: perUnit({ points: 3 }), lines: only('b'), limits }, { key: 'pieces' });
  if (bonusFrom !== null)
    config.rule({ amount: basketBonus(50, bonusFrom), lines: only('a') }, { key: 'bonus' });
  if (gift) config.rule({ amount: perSpend({ points: 2 }), origin: 'non_purchase' }, { key: 'gift' });
  if (status !== null)
    config.rule(
      { amount: perSpend({ points: 3 }), gives: status as 'both', lines: only('c') },
      { key: 'status' },
    );
  return config;
}

const ladder = (unit: number) =>
  ['basic', 'silver', 'gold', 'platinum'].map((key, index) => ({
    key,
    name: key,
    threshold: index * index * unit,
  }));

/** A shop and its only member. */
class Story {
  readonly shop: Shop;
  readonly member: Person;

  constructor(private readonly rules: Rules) {
    this.shop = new Shop(configuration(rules)).at(new Date(START).toISOString()).stock('bag', 3);
    this.member = this.shop.member();
  }

  buy(
    of: { readonly daysAgo: number; readonly lines: readonly Partial<PurchaseLine>[] },
    redemptionIds: string[] = [],
  ): Answer {
    const occurredAt = START - of.daysAgo * DAY_MS;
    const body = { occurredAt, lines: purchaseLines(...of.lines), redemptionIds: redemptionIds as never };
    const answer = this.shop.does(this.shop.purchase(this.member, body));
    return answer;
  }

  /** What was spent; 0 where there are too few points. */
  spend(points: number): number {
    const [outcome] = this.shop.batch(this.shop.redeem(this.member, { points }));
    return outcome?.kind === 'answered' ? points : 0;
  }

  /** A bag for points: its redemption, or null where there are too few points or bags. */
  takeBag(): string | null {
    const [outcome] = this.shop.batch(this.shop.redeem(this.member, { rewardId: 'bag' }));
    return outcome?.kind === 'answered' ? (accepted(outcome).id as string) : null;
  }

  /** A return; null where it was refused for want of something left, and then it left no trace. */
  giveBack(purchaseId: string, body: Parameters<Shop['returns']>[1] = {}): Answer | null {
    const before = this.ledger;
    const [outcome] = this.shop.batch(this.shop.returns(purchaseId, body));
    if (outcome?.kind === 'answered') return accepted(outcome);
    expect(outcome?.problem.code).toMatch(/NOTHING_LEFT_TO_RETURN|RETURN_EXCEEDS_PURCHASE/);
    expect(this.ledger).toBe(before);
    return null;
  }

  get ledger() {
    return this.shop.ledger(this.member);
  }

  /** Everything that a receipt leaves behind and its return must undo. */
  figures() {
    expectLedgerToAddUp(this.ledger);
    const { available, pending, held, debt } = this.ledger;
    const { days, changes } = this.shop.ofMember(this.member, standingSlice);
    const { known } = this.shop.ofMember(this.member, earningCountersSlice);
    const capped = this.rules.cap === null ? [] : ['base', 'pieces'];
    const counted = [...known]
      .filter(([rule]) => capped.includes(rule))
      .flatMap(([rule, byDay]) =>
        [...byDay].map(([day, { points, times }]) => [`${rule} ${day}`, points, times] as const),
      );
    return {
      ...{ available, pending, held, debt },
      liability: [...this.ledger.lots.values()].reduce((sum, lot) => sum + lotLiability(lot), 0n),
      measures: Object.fromEntries(
        [...days].filter(
          ([, each]) => each.spendMinor !== 0 || each.points !== 0 || each.visits !== 0 || each.status !== 0,
        ),
      ),
      caps: Object.fromEntries(
        counted.filter(([, points, times]) => points !== 0 || times !== 0).map(([key, ...of]) => [key, of]),
      ),
      tier: changes.at(-1)?.to ?? 'basic',
      stock: this.shop.remaining('bag'),
    };
  }
}

function requestOf(
  { line: index, by, eighths }: Part,
  lines: readonly { quantity: string; amountMinor: number }[],
) {
  const at = index % lines.length;
  const { quantity, amountMinor } = lines[at] as { quantity: string; amountMinor: number };
  if (by === 'quantity')
    return requested({ lineNo: at + 1, quantity: String((Number(quantity) * eighths) / 8) });
  return requested({ lineNo: at + 1, amountMinor: Math.max(1, Math.floor((amountMinor * eighths) / 8)) });
}

/** One entry a line, as a request has it. */
function requestsOf(parts: readonly Part[], lines: readonly { quantity: string; amountMinor: number }[]) {
  return [
    ...new Map(parts.map((each) => requestOf(each, lines)).map((each) => [each.lineNo, each])).values(),
  ];
}

const history = { rules, before: fc.array(receipt, { maxLength: 3 }), order: receipt, after: receipt };

describe('any sequence of partial returns that adds up to the whole', () => {
  it('leaves everything as if the purchase had not happened, whatever was spent in between', () => {
    fc.assert(
      fc.property(fc.record({ ...history, steps: fc.array(step, { maxLength: 8 }) }), (random) => {
        const [real, never] = [new Story(random.rules), new Story(random.rules)];
        for (const earlier of random.before) for (const story of [real, never]) story.buy(earlier);
        const order = real.buy(random.order);
        let owed = 0;
        for (const todo of random.steps) {
          if (todo.do === 'return')
            real.giveBack(order.id, { lines: requestsOf(todo.parts, random.order.lines) });
          else {
            const price = todo.do === 'bag' ? 5 : todo.points;
            const spent = todo.do === 'bag' ? (real.takeBag() ? price : 0) : real.spend(price);
            owed += spendWhatThereIs(never, spent, todo.do === 'bag');
          }
        }
        real.giveBack(order.id);
        expect(real.giveBack(order.id)).toBeNull();
        // What was spent of the order's points is owed; whoever never had them would pay it with the next ones.
        const fillsDebt = real.ledger.debt > 0;
        const last = [real, never].map((story) => story.buy({ ...random.after, daysAgo: 0 }));
        expect(last[0]?.pointsGranted).toBe(last[1]?.pointsGranted);
        owed -= never.spend(Math.min(owed, never.ledger.available));
        const { liability: carried, ...left } = real.figures();
        const { liability, ...expected } = never.figures();
        expect(left).toEqual({ ...expected, debt: owed });
        // Points that fill a debt when they are granted were never promised: the price is split beside the others alone.
        if (!fillsDebt) expect(carried).toBe(liability);
        else expectNoMoneyOnWhatFilledTheDebt(real, last[0] as Answer);
        expectNothingOfTheOrderToBeLeft(real, order);
      }),
      { numRuns: RUNS },
    );
  });

  it('brings redemptions used on it back: points with the money, a reward with its thing', () => {
    const random = fc.record({
      ...history,
      points: fc.nat(200),
      bag,
      returns: fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { maxLength: 6 }),
    });
    fc.assert(
      fc.property(random, ({ points, bag: by, returns, ...rest }) => {
        const [real, never] = [new Story(rest.rules), new Story(rest.rules)];
        for (const earlier of rest.before) for (const story of [real, never]) story.buy(earlier);
        const taken = by === 'none' ? null : real.takeBag();
        const lines = withBag(rest.order.lines, by, taken);
        const redemptionIds = [taken, heldOf(real, points)].filter((id) => id !== null);
        const order = real.buy({ ...rest.order, lines }, redemptionIds);
        const answers = [
          ...returns.map((parts) => real.giveBack(order.id, { lines: requestsOf(parts, lines) })),
          real.giveBack(order.id),
        ].filter((answer) => answer !== null);
        expectRewardsToComeWhole(answers, taken);
        const isBack = answers.some(({ redemptions }) => redemptions.some(({ id }: Answer) => id === taken));
        expect(answers.at(-1)?.notices.map(({ code }: Answer) => code)).toEqual(
          taken === null || isBack ? [] : ['REWARD_STILL_USED'],
        );
        if (by === 'own' && taken !== null) expect(isBack).toBe(true);
        if (taken !== null && !isBack) {
          expect(real.figures().stock).toBe(2);
          real.giveBack(order.id, { whole: false, lines: [], redemptionIds: [taken as never] });
        }
        expect(real.figures()).toEqual(never.figures());
        expect(real.ledger.lifetimeRedeemed).toBe(0);
        expectNothingOfTheOrderToBeLeft(real, order);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the order of partial returns', () => {
  it('makes no difference', () => {
    const random = fc.record({
      rules,
      order: receipt,
      bag,
      points: fc.nat(40),
      parts: fc.array(part, { minLength: 2, maxLength: 5 }),
    });
    fc.assert(
      fc.property(random, ({ rules: some, order, bag: by, points, parts }) => {
        const stories = [parts, [...parts].reverse()].map((sequence) => {
          const story = new Story(some);
          story.buy({ daysAgo: 5, lines: [{ amountMinor: 40_000 }] });
          const taken = by === 'none' ? null : story.takeBag();
          const lines = withBag(order.lines, by, taken);
          const redemptionIds = [taken, heldOf(story, points)].filter((id) => id !== null);
          const { id } = story.buy({ ...order, lines }, redemptionIds);
          const answers = sequence
            .map((each) =>
              lines[each.line % lines.length]?.amountMinor ? each : { ...each, by: 'quantity' },
            )
            .map((each) => story.giveBack(id, { lines: [requestOf(each as Part, lines)] }));
          expectRewardsToComeWhole(
            answers.filter((answer) => answer !== null),
            taken,
          );
          return { story, answers };
        });
        // A part that is too much in one order may be had in the other; then they are not the same parts.
        fc.pre(stories.every(({ answers }) => !answers.includes(null)));
        const [one, other] = stories.map(({ story }) => story.figures());
        expect(one).toEqual(other);
      }),
      { numRuns: RUNS },
    );
  });
});

/** Lots that a receipt granted into a debt carry nothing; its other points have all of what it deferred. */
function expectNoMoneyOnWhatFilledTheDebt({ ledger }: Story, { grants, pointsToDebt }: Answer): void {
  const lots = (grants as Answer[]).map(({ lotId }) => ledger.lots.get(lotId as never));
  const filled = lots.filter((lot) => lot !== undefined && lot.settled > 0);
  expect(filled.reduce((sum, lot) => sum + (lot?.settled ?? 0), 0)).toBe(pointsToDebt);
  for (const lot of filled) expect(lot?.allocated).toBe(0n);
}

/** The lines of an order with the bag: handed over on a line of its own, with the first line, or on none. */
function withBag(
  lines: readonly Goods[],
  by: 'none' | 'own' | 'first' | 'named',
  taken: string | null,
): readonly Goods[] {
  const redemptionId = taken as never;
  if (taken === null || by === 'named') return lines;
  if (by === 'first') return lines.map((each, index) => (index === 0 ? { ...each, redemptionId } : each));
  return [...lines, { category: 'c', quantity: '1', amountMinor: 0, redemptionId }];
}

/** A reward comes back whole, once at the most. */
function expectRewardsToComeWhole(answers: readonly Answer[], taken: string | null): void {
  const back = answers.flatMap(({ redemptions }) => redemptions as Answer[]).filter(({ id }) => id === taken);
  expect(back.slice(0, 1)).toEqual(back);
  for (const { points } of back) expect(points).toBe(5);
}

/** Spends as much as there is. @returns what is missing. */
function spendWhatThereIs(story: Story, points: number, bag: boolean): number {
  if (points === 0) return 0;
  if (bag && story.takeBag()) return 0;
  // The bag was had with points that are not there here; it is gone all the same.
  if (bag) story.shop.stock('bag', (story.shop.remaining('bag') as number) - 1);
  const spent = story.spend(Math.min(points, story.ledger.available));
  return points - spent;
}

/** Points on hold; null where there are too few. */
function heldOf({ shop, member }: Story, points: number): string | null {
  if (points === 0) return null;
  const [outcome] = shop.batch(shop.redeem(member, { points, mode: 'authorise' }));
  return outcome?.kind === 'answered' ? (accepted(outcome).id as string) : null;
}

function expectNothingOfTheOrderToBeLeft({ ledger }: Story, order: Answer): void {
  for (const { lotId } of order.grants as { lotId: never }[]) {
    const lot = ledger.lots.get(lotId);
    expect(lot && { available: lot.available, liability: lotLiability(lot) }).toEqual({
      available: 0,
      liability: 0n,
    });
  }
}
