import fc from 'fast-check';
import type { QualifyingDay } from '../../src/tiers/domain/counted-day.js';
import { numberedId } from '../builders/ids.js';
import { ConfigurationBuilder } from '../builders/configuration.js';
import { perSpend } from '../builders/earning-rule.js';
import { purchaseLines } from '../builders/purchase.js';
import { Shop, type Person } from '../builders/shop.js';
import { startOfDay, localDate } from '../../src/kernel/time.js';
import { changeAt, recountedPlace, standingSlice } from '../../src/tiers/index.js';
import { ladderOf } from '../../src/tiers/domain/ladder-of.js';
import { replay } from '../../src/tiers/domain/replay.js';
import { countedOf } from '../../src/tiers/domain/timed-standing.js';
import type { TierSet } from '../../src/tiers/domain/tier-set.js';

/** More by a flag; a failure prints its seed and path. */
const RUNS = Number(process.env['STANDING_RUNS'] ?? 40);
const LIMITS = { interruptAfterTimeLimit: 60_000 };
const DAY_MS = 86_400_000;
const START = Date.parse('2026-02-20T12:00:00+01:00');
const ZONE = 'Europe/Warsaw';
const MONTH = { type: 'calendar', unit: 'month' } as const;
const QUARTER = { type: 'calendar', unit: 'quarter' } as const;
const TIERS: TierSet['tiers'] = [
  { key: 'basic', name: 'Basic', threshold: 0 },
  { key: 'silver', name: 'Silver', threshold: 60 },
  { key: 'gold', name: 'Gold', threshold: 100 },
];

/** A grocer's quarter, a café's visits, a rolling month, soft landings with a month of grace, next months' promotions. */
const LADDERS: readonly Omit<TierSet, 'tiers'>[] = [
  {
    measure: 'spend',
    window: QUARTER,
    validity: { type: 'endOfNextPeriod', period: QUARTER },
    demotion: 'byMeasure',
  },
  {
    measure: 'points',
    window: { type: 'rolling', days: 20 },
    validity: { type: 'whileQualified' },
    demotion: 'byMeasure',
  },
  {
    ...{
      measure: 'spend',
      window: MONTH,
      promotion: { type: 'nextPeriod', period: MONTH },
      demotion: 'oneDown',
    },
    validity: { type: 'endOfPeriod', period: MONTH, days: 7 },
  },
  {
    ...{ measure: 'points', window: { type: 'rolling', months: 1 }, demotion: 'oneDown' },
    validity: { type: 'months', months: 1 },
    grace: { days: 10 },
  },
];

const programme = fc.record({
  before: fc.option(fc.constantFrom(...LADDERS)),
  after: fc.constantFrom(...LADDERS),
  transition: fc.constantFrom('now' as const, 'upOnly' as const, 'nextRoll' as const),
  /** A member who reaches gold by visits alone, or keeps it by the validity. */
  own: fc.boolean(),
});
const story = fc.array(
  fc.record({
    wait: fc.constantFrom(0, 1, 5, 12, 40),
    /** Whether what is due is worked on before, as by the job; every command works on it anyway. */
    settled: fc.boolean(),
    buys: fc.constantFrom(0, 20, 60, 110),
    late: fc.constantFrom(0, 0, 0, 3, 25),
    returns: fc.option(fc.nat(20), { freq: 3 }),
  }),
  { minLength: 2, maxLength: 12 },
);
type Programme = typeof programme extends fc.Arbitrary<infer T> ? T : never;

interface Bought {
  readonly id: string;
  readonly day: string;
  readonly amount: number;
}

class History {
  readonly shop: Shop;
  private readonly member: Person;
  readonly sets: readonly { readonly set: TierSet; readonly from: string }[];
  private receipts: Bought[] = [];
  private now = START;

  constructor({ before, after, transition, own }: Programme) {
    const visits = { measure: 'visits', window: { type: 'rolling', days: 30 }, value: 3 } as const;
    const tiers = (measure: TierSet['measure']): TierSet['tiers'] =>
      TIERS.map((tier) => ({
        ...tier,
        threshold: measure === 'spend' ? tier.threshold * 100 : tier.threshold,
        ...(own && tier.key === 'gold'
          ? { reach: { type: 'any', of: [visits, { measure: 'spend', window: MONTH, value: 10_000 }] } }
          : {}),
      }));
    const first: TierSet = before ? { ...before, tiers: tiers(before.measure) } : simple(tiers('spend'));
    this.sets = [
      { set: first, from: '2026-01-01T00:00:00+01:00' },
      { set: { ...after, tiers: tiers(after.measure), transition }, from: '2026-03-15T00:00:00+01:00' },
    ];
    const config = new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ amount: perSpend({ stepMinor: 100 }) });
    for (const [index, { set, from }] of this.sets.entries()) config.tiers(set, { version: index + 1, from });
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
    const occurredAt = this.now - late * DAY_MS;
    const body = { occurredAt, lines: purchaseLines({ amountMinor: amount * 100 }) };
    const { id } = this.shop.does(this.shop.purchase(this.member, body));
    this.receipts.push({ id: id as string, amount, day: localDate(occurredAt, ZONE) });
  }

  giveBack(which: number): void {
    const receipt = this.receipts[which];
    if (!receipt) return;
    this.shop.does(this.shop.returns(receipt.id, {}));
    this.receipts = this.receipts.filter((other) => other !== receipt);
  }

  standing() {
    return this.shop.ofMember(this.member, standingSlice);
  }

  /** What the engine keeps, and what the receipts that are left give when they are told in order. */
  compared() {
    this.shop.does(this.shop.applyDue(this.member));
    const state = this.standing();
    const days = new Map<string, QualifyingDay>();
    for (const { day, amount } of this.receipts) {
      const { spendMinor = 0, points = 0, visits = 0 } = days.get(day) ?? {};
      const spent = { spendMinor: spendMinor + amount * 100, points: points + amount };
      days.set(day, { ...spent, visits: visits + 1, status: 0 });
    }
    const today = localDate(this.now, ZONE);
    const versions = this.sets
      .map(({ set, from }) => ({
        ladder: ladderOf(set),
        from: localDate(Date.parse(from), ZONE),
        transition: set.transition ?? ('nextRoll' as const),
      }))
      .filter(({ from }) => from <= today);
    const told = replay(versions, countedOf({ enrolledAt: state.enrolledAt, days }, ZONE), today);
    const timed = this.sets.some(({ set, from }) => set.validity && Date.parse(from) <= this.now);
    const moved = told?.steps.filter(({ from, to }) => from !== to) ?? [];
    const since = localDate(
      Date.parse((this.sets.find(({ set }) => set.validity) as { from: string }).from),
      ZONE,
    );
    const wanted = moved.filter(({ day }) => day >= since).map(({ day, to }) => [day, to]);
    const evening = (day: string) => startOfDay(day, ZONE) + DAY_MS - 3_600_000 - 1;
    return {
      timed,
      is: {
        // A member of whom nothing ever counted has no place yet, which is the first rung.
        place: { ...(state.place ?? { ...told?.place, rung: 'basic', until: null }), rolledTo: null },
        timeline: wanted.map(([day]) => [day, changeAt(state, evening(day as string))?.to ?? 'basic']),
      },
      should: {
        place: { ...told?.place, rolledTo: null },
        // Of several steps of one day the last one holds in the evening.
        timeline: wanted.map(([day]) => [day, wanted.findLast((each) => each[0] === day)?.[1]]),
      },
    };
  }
}

/** What `verify` makes of the days that are kept, beside the place that is kept; null before there is one. */
function verified(
  state: ReturnType<History['standing']>,
  sets: readonly { readonly set: TierSet; readonly from: string }[],
) {
  const { place, placeVersion, dueAt, days, enrolledAt } = state;
  if (!place || placeVersion === null) return null;
  const ladders = sets.map(({ set, from }, index) => ({
    ...{ version: index + 1, effectiveAt: Date.parse(from), body: set },
  }));
  const recounted = recountedPlace({
    ...{ programmeId: numberedId('prg', 1), timeZone: ZONE, ladders, enrolledAt, days },
    ...{ version: placeVersion, rolledTo: place.rolledTo, dueAt },
  });
  const kept = { place: { ...place, rolledTo: null }, dueAt };
  return { kept, recounted: recounted && { ...recounted, place: { ...recounted.place, rolledTo: null } } };
}

function simple(tiers: TierSet['tiers']): TierSet {
  return {
    measure: 'spend',
    window: MONTH,
    tiers: tiers.map(({ key, name, threshold }) => ({ key, name, threshold })),
  };
}

describe('a standing on a ladder with time, with a clock that moves', () => {
  it('is at every moment what the whole history gives, told in order', () => {
    fc.assert(
      fc.property(programme, story, (random, days) => {
        const history = new History(random);
        for (const { wait, settled, buys, late, returns } of days) {
          history.later(wait, settled);
          if (buys > 0) history.buy(buys, late);
          if (returns !== null) history.giveBack(returns);
          const { timed, is, should } = history.compared();
          if (timed) expect(is).toEqual(should);
          const found = verified(history.standing(), history.sets);
          if (found) expect(found.recounted).toEqual(found.kept);
        }
      }),
      { numRuns: RUNS, ...LIMITS },
    );
  });
});
