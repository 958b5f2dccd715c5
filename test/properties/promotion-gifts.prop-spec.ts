import fc from 'fast-check';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { perSpend } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { Shop, type Person } from '../builders/shop.js';
import { expectLedgerToAddUp } from '../invariants/ledger.js';
import { localDate } from '../../src/kernel/time.js';
import { standingSlice, type TierSet } from '../../src/tiers/index.js';
import type { TierChange } from '../../src/tiers/domain/standing.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['GIFT_RUNS'] ?? 60);
const LIMITS = { interruptAfterTimeLimit: 60_000 };
const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-20T12:00:00+01:00');
const MONTH = { type: 'calendar', unit: 'month' } as const;
const RUNGS = ['basic', 'silver', 'gold'];
/** Points by rule; the rung that it names, or none. */
const GIFTS = { each: [7, null], gold: [100, 'gold'], silver: [20, 'silver'] } as const;

const LADDERS: readonly Omit<TierSet, 'tiers'>[] = [
  { measure: 'spend', window: MONTH },
  { measure: 'points', window: { type: 'rolling', days: 20 } },
  {
    ...{ measure: 'points', window: { type: 'rolling', days: 20 }, demotion: 'byMeasure' },
    validity: { type: 'whileQualified' },
  },
  {
    ...{ measure: 'spend', window: MONTH, promotion: { type: 'nextPeriod', period: MONTH } },
    ...{ validity: { type: 'endOfPeriod', period: MONTH, days: 7 }, demotion: 'oneDown' },
  },
  {
    ...{ measure: 'spend', window: { type: 'rolling', months: 1 }, demotion: 'oneDown' },
    ...{ validity: { type: 'months', months: 1 }, grace: { days: 10 } },
  },
];

const story = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 1, 5, 12, 40, 340),
    settled: fc.boolean(),
    buys: fc.constantFrom(0, 20, 60, 110),
    late: fc.constantFrom(0, 0, 0, 3, 25),
    returns: fc.option(fc.nat(20), { freq: 2 }),
  }),
  { minLength: 2, maxLength: 12 },
);

class History {
  readonly shop: Shop;
  private readonly member: Person;
  private receipts: string[] = [];
  private now = START;

  constructor(private readonly ladder: Omit<TierSet, 'tiers'>) {
    const unit = ladder.measure === 'spend' ? 100 : 1;
    const config = new ConfigurationBuilder()
      .policy({ expiry: { type: 'never' } })
      .accounting()
      .rule({ amount: perSpend({ stepMinor: 100 }) })
      .tiers({
        ...ladder,
        tiers: [0, 60, 100].map((value, index) => {
          const key = RUNGS[index] as string;
          return { key, name: key, threshold: value * unit };
        }),
      });
    for (const [key, [points, tier]] of Object.entries(GIFTS))
      config.rule(
        {
          trigger: { type: 'promotion', ...(tier === null ? {} : { tier }) },
          ...{ origin: 'non_purchase', amount: { type: 'fixed', points } },
        },
        { key },
      );
    this.shop = new Shop(config).at(this.time);
    this.member = this.shop.member();
  }

  private get time(): string {
    return new Date(this.now).toISOString();
  }

  later(days: number, settled: boolean): void {
    this.now += days * DAY_MS;
    this.shop.at(this.time);
    if (settled) this.shop.does(this.shop.applyDue(this.member));
  }

  buy(amount: number, late: number): void {
    const body = {
      occurredAt: this.now - late * DAY_MS,
      lines: purchaseLines({ amountMinor: amount * 100 }),
    };
    this.receipts.push(this.shop.does(this.shop.purchase(this.member, body)).id as string);
  }

  giveBack(which: number): void {
    const id = this.receipts[which];
    if (id === undefined) return;
    this.shop.does(this.shop.returns(id, {}));
    this.receipts = this.receipts.filter((other) => other !== id);
  }

  /** What is left of the gifts, and what the changes of tier say, looked through one by one. */
  compared() {
    const ledger = this.shop.ledger(this.member);
    expectLedgerToAddUp(ledger);
    const left = { each: 0, gold: 0, silver: 0 };
    for (const { rule, available } of ledger.lots.values())
      if (rule && rule.id in left) left[rule.id as keyof typeof left] += available;
    const { changes } = this.shop.ofMember(this.member, standingSlice);
    return { is: left, should: toldBy(changes, this.ladder.validity !== undefined) };
  }
}

interface Told {
  readonly rule: keyof typeof GIFTS;
  readonly rank: number;
  readonly since: number;
  gone: boolean;
}

function toldBy(changes: readonly TierChange[], timed: boolean) {
  const told: Told[] = [];
  for (const [index, { from, to, since, cause, returnId }] of changes.entries()) {
    if (cause === 'return') {
      if (changes[index + 1]?.returnId !== returnId) lose(told, changes.slice(0, index + 1), timed);
      continue;
    }
    const [low, high] = [RUNGS.indexOf(from ?? 'basic'), RUNGS.indexOf(to)];
    for (const rule of Object.keys(GIFTS) as (keyof typeof GIFTS)[]) {
      const tier = GIFTS[rule][1];
      const rank = tier === null ? high : RUNGS.indexOf(tier);
      if (rank <= low || rank > high) continue;
      const isLate = told.some(
        (gift) =>
          !gift.gone && gift.rule === rule && gift.rank >= rank && daysBetween(gift.since, since) < 330,
      );
      if (!isLate) told.push({ rule, rank, since, gone: false });
    }
  }
  const sum = { each: 0, gold: 0, silver: 0 };
  for (const { rule, gone } of told) if (!gone) sum[rule] += GIFTS[rule][0];
  return sum;
}

function lose(told: readonly Told[], known: readonly TierChange[], timed: boolean): void {
  for (const gift of told) {
    let highest = 0;
    const from = timed ? gift.since : Infinity;
    const instants = [from, ...known.map(({ since }) => since).filter((since) => since >= from)];
    for (const at of instants) {
      let [rank, latest] = [0, -Infinity];
      for (const { to, since } of known)
        if (since <= at && since >= latest) [rank, latest] = [RUNGS.indexOf(to), since];
      highest = Math.max(highest, rank);
    }
    if (highest < gift.rank) gift.gone = true;
  }
}

function daysBetween(one: number, other: number): number {
  const day = (at: number) => Date.parse(localDate(at, 'Europe/Warsaw')) / DAY_MS;
  return Math.abs(day(one) - day(other));
}

describe('gifts for promotions, with a clock that moves', () => {
  it.each(LADDERS.map((ladder, index) => [index, ladder] as const))(
    'are what the changes of tier say, on ladder %i',
    (_, ladder) => {
      fc.assert(
        fc.property(story, (days) => {
          const history = new History(ladder);
          for (const { wait, settled, buys, late, returns } of days) {
            history.later(wait, settled);
            if (buys > 0) history.buy(buys, late);
            if (returns !== null) history.giveBack(returns);
            const { is, should } = history.compared();
            expect(is).toEqual(should);
          }
        }),
        { numRuns: RUNS / LADDERS.length, ...LIMITS },
      );
    },
  );
});
