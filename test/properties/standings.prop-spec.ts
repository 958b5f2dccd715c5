import fc from 'fast-check';
import { perSpend } from '../builders/earning-rule.js';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { purchaseLines } from '../builders/purchase.js';
import { requested, Shop, type Answer, type Person } from '../builders/shop.js';
import { merges } from '../builders/accounts.js';
import { expectLedgerToAddUp } from '../invariants/ledger.js';
import { localDate } from '../../src/kernel/time.js';
import { standingSlice } from '../../src/tiers/index.js';
import { windowStart } from '../../src/kernel/window.js';
import type { TierWindow } from '../../src/tiers/domain/tier-set.js';
import type { Command } from '../../src/platform/pipeline/index.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['STANDING_RUNS'] ?? 60);
const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-20T12:00:00+01:00');
const ZONE = 'Europe/Warsaw';
/** A basket earns a point for each 1.00; 60.00 twice is gold. */
const LADDER = [
  { key: 'basic', name: 'Basic', threshold: 0 },
  { key: 'silver', name: 'Silver', threshold: 60 },
  { key: 'gold', name: 'Gold', threshold: 100 },
  { key: 'platinum', name: 'Platinum', threshold: 200 },
];

const programme = fc.record({
  measure: fc.constantFrom('spend' as const, 'points' as const),
  window: fc.constantFrom<TierWindow>(
    { type: 'rolling', days: 5 },
    { type: 'rolling', months: 1 },
    { type: 'calendar', unit: 'month' },
  ),
  /** Whether points wait for `delivered`, and lapse a month after. */
  waits: fc.boolean(),
});
type Programme = typeof programme extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('buy' as const),
      amount: fc.constantFrom(1, 20, 40, 60, 110),
      late: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(12) }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('return' as const, 'exchange' as const),
      which: fc.nat(20),
      /** Of what is left; all of it where there is none. */
      part: fc.option(fc.integer({ min: 1, max: 60 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('delivered' as const, 'cancelled' as const),
      which: fc.nat(20),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('spend' as const), points: fc.integer({ min: 1, max: 80 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('merge' as const), amount: fc.constantFrom(20, 60, 110) }),
  },
);
const steps = fc.array(fc.record({ wait: fc.nat(9), todo: step }), { minLength: 2, maxLength: 14 });

/** A receipt as the whole history tells it. */
interface Bought {
  readonly id: string;
  readonly day: string;
  readonly amount: number;
  back: number;
  /** Its points were given up while they waited, so none of them counts. */
  cancelled: boolean;
}

/** A member, the shop, and a book of all that happened, from which the standing is recomputed. */
class History {
  readonly shop: Shop;
  private readonly member: Person;
  readonly receipts: Bought[] = [];
  private now = START;

  constructor(private readonly of: Programme) {
    const unit = of.measure === 'spend' ? 100 : 1;
    const tiers = LADDER.map((tier) => ({ ...tier, threshold: tier.threshold * unit }));
    const pending = { type: 'event', event: 'delivered', thenDays: 3, cancelAfterDays: 30 } as const;
    const config = new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ amount: perSpend({ stepMinor: 100 }), pending: of.waits ? pending : null })
      .tiers({ measure: of.measure, window: of.window, tiers });
    this.shop = new Shop(config).at(this.time);
    this.member = this.shop.member();
  }

  private get time(): string {
    return new Date(this.now).toISOString();
  }

  later(days: number): void {
    this.now += days * DAY_MS;
    this.shop.at(this.time);
    this.shop.does(this.shop.applyDue(this.shop.present(this.member)));
    // What waited for 30 days without delivery has lapsed.
    this.lapse();
  }

  private lapse(): void {
    const { lots } = this.shop.ledger(this.shop.present(this.member));
    for (const lot of lots.values()) {
      const receipt = this.receipts.find(({ id }) => id === lot.purchaseId);
      if (receipt && lot.cancelled > 0) receipt.cancelled = true;
    }
  }

  buy(amount: number, late = 0, buyer = this.member): void {
    const occurredAt = this.now - late * DAY_MS;
    const body = { occurredAt, lines: purchaseLines({ amountMinor: amount * 100 }) };
    const { id } = this.shop.does(this.shop.purchase(buyer, body));
    this.note(id as string, amount, occurredAt);
  }

  private note(id: string, amount: number, occurredAt: number): void {
    this.receipts.push({ id, amount, day: localDate(occurredAt, ZONE), back: 0, cancelled: false });
  }

  /** Goods of a receipt come back; nothing where nothing is left of it. */
  giveBack(which: number, part: number | null, exchange = false): void {
    const receipt = this.receipts[which % Math.max(1, this.receipts.length)];
    if (!receipt || receipt.back === receipt.amount) return;
    const amount = Math.min(part ?? Infinity, receipt.amount - receipt.back);
    const body = part === null ? {} : { lines: [requested({ lineNo: 1, amountMinor: amount * 100 })] };
    if (exchange) {
      const next = this.shop.purchase(this.member, { lines: purchaseLines({ amountMinor: 3000 }) });
      const { purchase } = this.shop.does(this.shop.exchange(receipt.id, body, next));
      this.note((purchase as Answer)['id'] as string, 30, this.now);
    } else this.shop.does(this.shop.returns(receipt.id, body));
    receipt.back += amount;
  }

  report(which: number, type: 'delivered' | 'cancelled'): void {
    const receipt = this.receipts[which % Math.max(1, this.receipts.length)];
    if (receipt) this.shop.does(reports(this.shop, receipt.id, type));
    this.lapse();
  }

  spend(points: number): void {
    this.shop.batch(this.shop.redeem(this.member, { points }));
  }

  /** Somebody who bought once turns out to be the member. */
  merge(amount: number): void {
    const duplicate = this.shop.member();
    this.buy(amount, 0, duplicate);
    this.shop.does(merges(this.shop, this.member, duplicate));
  }

  /** Everything that is left comes back, in an order of its own. */
  giveAllBack(order: readonly number[]): void {
    const ranked = this.receipts.map((receipt, index) => ({ receipt, rank: order[index % order.length] }));
    for (const { receipt } of ranked.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))) {
      this.later(1);
      this.giveBack(this.receipts.indexOf(receipt), null);
    }
  }

  /** Days and tier as the engine keeps them. */
  kept() {
    expectLedgerToAddUp(this.shop.ledger(this.member));
    const { days, changes } = this.shop.ofMember(this.member, standingSlice);
    return {
      days: Object.fromEntries(
        [...days]
          .filter(([, { spendMinor, points }]) => spendMinor !== 0 || points !== 0)
          .map(([day, { spendMinor, points }]) => [day, [spendMinor, points]]),
      ),
      tier: changes.at(-1)?.to ?? 'basic',
    };
  }

  /** The same, slowly, from the whole history: the highest tier that any window up to now reached with what counts. */
  recomputed() {
    const days = new Map<string, [number, number]>();
    for (const { day, amount, back, cancelled } of this.receipts) {
      const [spend, points] = days.get(day) ?? [0, 0];
      if (amount > back)
        days.set(day, [spend + (amount - back) * 100, points + (cancelled ? 0 : amount - back)]);
    }
    const place = this.of.measure === 'spend' ? 0 : 1;
    let highest = 0;
    for (let day = Date.parse('2026-01-01T12:00:00Z'); day <= this.now + DAY_MS; day += DAY_MS) {
      const end = localDate(day, ZONE);
      const start = windowStart(this.of.window, end);
      const inWindow = [...days].filter(([date]) => date >= start && date <= end);
      const measure = inWindow.reduce((sum, [, counted]) => sum + counted[place], 0);
      highest = Math.max(highest, place === 0 ? measure / 100 : measure);
    }
    const tier = LADDER.filter(({ threshold }) => threshold <= highest).at(-1)?.key;
    return { days: Object.fromEntries(days), tier };
  }
}

function reports(shop: Shop, purchaseId: string, type: string): Command {
  const target = { kind: 'purchase', id: purchaseId } as const;
  return shop.command('purchase.event', target, { purchaseId, type, occurredAt: null }, {});
}

function carryOut(history: History, todo: typeof step extends fc.Arbitrary<infer T> ? T : never): void {
  switch (todo.do) {
    case 'buy':
      return history.buy(todo.amount, todo.late);
    case 'return':
    case 'exchange':
      return history.giveBack(todo.which, todo.part, todo.do === 'exchange');
    case 'delivered':
    case 'cancelled':
      return history.report(todo.which, todo.do);
    case 'spend':
      return history.spend(todo.points);
    case 'merge':
      return history.merge(todo.amount);
  }
}

describe('a standing, with a clock that moves', () => {
  it('is at every moment what the whole history gives, and nothing once everything came back', () => {
    const order = fc.array(fc.nat(1000), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(programme, steps, order, (random, story, back) => {
        const history = new History(random);
        for (const { wait, todo } of story) {
          history.later(wait);
          carryOut(history, todo);
          expect(history.kept()).toEqual(history.recomputed());
        }
        history.giveAllBack(back);
        expect(history.kept()).toEqual({ days: {}, tier: 'basic' });
      }),
      { numRuns: RUNS },
    );
  });

  it('ends at the first tier, whatever the order in which three receipts come back', () => {
    for (const measure of ['spend', 'points'] as const) {
      for (const order of [
        [1, 3, 2],
        [2, 3, 1],
        [1, 2, 3],
        [3, 2, 1],
        [2, 1, 3],
        [3, 1, 2],
      ]) {
        const history = new History({ measure, window: { type: 'rolling', months: 1 }, waits: false });
        for (const _ of order) {
          history.later(1);
          history.buy(60);
        }
        expect(history.kept().tier).toBe('gold');
        history.giveAllBack(order);
        expect(history.kept()).toEqual({ days: {}, tier: 'basic' });
      }
    }
  });

  it('goes down with points that are cancelled, and their whole return changes nothing more', () => {
    const history = new History({ measure: 'points', window: { type: 'rolling', months: 1 }, waits: true });
    history.buy(110);
    expect(history.kept().tier).toBe('gold');
    history.report(0, 'cancelled');
    expect(history.kept().tier).toBe('basic');
    history.giveBack(0, null);
    expect(history.kept()).toEqual({ days: {}, tier: 'basic' });
  });
});
