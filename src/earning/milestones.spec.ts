import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { purchaseLine } from '../../test/builders/purchase.js';
import { Shop, type Answer, type Person } from '../../test/builders/shop.js';
import { standingSlice } from '../tiers/index.js';
import type { EarningRule } from './domain/earning-rule.js';
import type { MilestoneTrigger } from './domain/rule-trigger.js';

const MONTH = { type: 'calendar', unit: 'month' } as const;
const EVERY_SECOND: MilestoneTrigger = { type: 'milestone', measure: 'purchases', window: MONTH, step: 2 };

function config(rule: Partial<EarningRule> = {}, policy = {}): ConfigurationBuilder {
  return new ConfigurationBuilder()
    .accounting()
    .policy(policy)
    .rule({ trigger: EVERY_SECOND, amount: { type: 'fixed', points: 100 }, ...rule }, { key: 'second' });
}

function open(builder = config()): { shop: Shop; member: Person } {
  const shop = new Shop(builder).at('2026-03-10T12:00:00+01:00');
  return { shop, member: shop.member() };
}

function buy(shop: Shop, member: Person, amountMinor = 1000): Answer {
  shop.pass(60_000);
  return shop.does(shop.purchase(member, { lines: [purchaseLine({ amountMinor, taxMinor: 0 })] }));
}

const available = (shop: Shop, member: Person) => shop.ledger(member).available;

describe('a milestone', () => {
  it('says how far it is, and gives with the receipt that reaches the next step', () => {
    const { shop, member } = open();
    const traces = [1, 2, 3].map(() => {
      shop.pass(60_000);
      const [outcome] = shop.batch(shop.purchase(member));
      return outcome?.kind === 'answered' ? (outcome.explanation as object[])[0] : outcome;
    });
    expect(traces).toMatchObject([
      { why: 'milestoneNotReached', points: 0, milestone: { measured: 1, steps: 0, missing: 1 } },
      { why: 'matched', points: 100, milestone: { measured: 2, steps: 1, missing: 2 } },
      { why: 'milestoneNotReached', points: 0, milestone: { measured: 3, steps: 1, missing: 1 } },
    ]);
  });

  it('gives several steps at once, no more than the first so many, and begins anew with each period', () => {
    const trigger: MilestoneTrigger = { ...EVERY_SECOND, measure: 'spend', step: 3000, first: 3 };
    const { shop, member } = open(config({ trigger }));
    expect(buy(shop, member, 7000).pointsGranted).toBe(200);
    expect(buy(shop, member, 9000).pointsGranted).toBe(100);
    expect(buy(shop, member, 9000).pointsGranted).toBe(0);
    shop.at('2026-04-01T00:00:00+02:00');
    expect(buy(shop, member, 3000).pointsGranted).toBe(100);
  });

  it('shares the price of its receipt with what else that gives, and counts for no tier', () => {
    const builder = config().rule();
    const { shop, member } = open(builder);
    buy(shop, member, 5000);
    buy(shop, member, 5000);
    const lots = [...shop.ledger(member).lots.values()].map(({ points, allocated }) => [points, allocated]);
    // 50.00 and points of 0.09 each: of 5 alone 50 x 0.45 / 50.45, of 105 together 50 x 9.45 / 59.45.
    expect(lots).toHaveLength(3);
    const [alone, five, hundred] = lots as [[number, bigint], [number, bigint], [number, bigint]];
    expect([alone[0], five[0], hundred[0]]).toEqual([5, 5, 100]);
    const units = (amount: bigint) => Number(amount) / Number(alone[1]);
    expect(units(five[1] + hundred[1])).toBeCloseTo((50 * 9.45) / 59.45 / ((50 * 0.45) / 50.45), 3);
    const counted = shop.ofMember(member, standingSlice).days.get('2026-03-10');
    expect(counted).toEqual({ spendMinor: 10_000, points: 10, visits: 2, status: 0 });
  });

  it('is reached by a late receipt of the period as by one in order', () => {
    const { shop, member } = open();
    buy(shop, member);
    const late = { occurredAt: Date.parse('2026-03-02T10:00:00+01:00') };
    expect(shop.does(shop.purchase(member, late)).pointsGranted).toBe(100);
    const before = { occurredAt: Date.parse('2026-02-27T10:00:00+01:00') };
    expect(shop.does(shop.purchase(member, before)).pointsGranted).toBe(0);
  });

  it('tries nothing out for good in a dry run', () => {
    const { shop, member } = open();
    buy(shop, member);
    const dry = shop.purchase(member, {}, { dryRun: true });
    expect([shop.does(dry).pointsGranted, available(shop, member)]).toEqual([100, 0]);
    expect(buy(shop, member).pointsGranted).toBe(100);
  });

  it('gives what the highest balance leaves room for, and a step without any room later', () => {
    const { shop, member } = open(config({}, { maximumBalance: 100 }));
    for (const points of [0, 100, 0, 0]) expect(buy(shop, member).pointsGranted).toBe(points);
    shop.does(shop.redeem(member, { points: 100 }));
    expect(buy(shop, member).pointsGranted).toBe(100);
  });

  it('gives nothing for receipts of a suspended member, and counts none', () => {
    const { shop, member } = open();
    buy(shop, member);
    shop.become(member, 'suspended');
    expect(buy(shop, member).pointsGranted).toBe(0);
    shop.become(member, 'active');
    expect(buy(shop, member).pointsGranted).toBe(100);
  });

  it('counts from the day on which it began, and anew with another step', () => {
    const builder = new ConfigurationBuilder()
      .accounting()
      .policy()
      .rule(
        { trigger: EVERY_SECOND, amount: { type: 'fixed', points: 100 } },
        { key: 'second', from: '2026-03-10T11:00:00Z' },
      )
      .rule(
        { trigger: EVERY_SECOND, amount: { type: 'fixed', points: 50 } },
        { key: 'second', version: 2, from: '2026-03-12T23:00:00Z' },
      )
      .rule(
        { trigger: { ...EVERY_SECOND, step: 3 }, amount: { type: 'fixed', points: 7 } },
        { key: 'second', version: 3, from: '2026-03-14T23:00:00Z' },
      );
    const { shop, member } = open(builder);
    const on = (day: string) =>
      shop.does(shop.purchase(member, { occurredAt: Date.parse(`2026-03-${day}T13:00:00+01:00`) }))
        .pointsGranted;
    shop.at('2026-03-20T12:00:00+01:00');
    expect(['09', '10', '11', '12', '13', '15', '16', '17'].map(on)).toEqual([0, 0, 100, 0, 50, 0, 0, 7]);
  });
});

describe('what goods that come back take of a milestone', () => {
  it('is the youngest lot, whichever receipt it came with', () => {
    const { shop, member } = open();
    const [first] = [1, 2, 3, 4].map(() => buy(shop, member));
    const lots = [...shop.ledger(member).lots.keys()];
    const back = shop.does(shop.returns(first?.id));
    expect(back).toMatchObject({
      pointsTaken: 100,
      takenFrom: [{ lotId: lots[1], points: 100 }],
      milestones: [{ ruleId: 'second', steps: 1, points: 100 }],
    });
    expect(buy(shop, member).pointsGranted).toBe(100);
  });

  it('is nothing while the step is still reached', () => {
    const { shop, member } = open();
    const [first] = [1, 2, 3].map(() => buy(shop, member));
    expect(shop.does(shop.returns(first?.id))).toMatchObject({ pointsTaken: 0, milestones: [] });
  });

  it.each([
    ['debt', { debt: 60, forgiven: 0, keepFromRefundMinor: 0 }],
    ['forgive', { debt: 0, forgiven: 60, keepFromRefundMinor: 0 }],
    ['deductFromRefund', { debt: 0, forgiven: 0, keepFromRefundMinor: 600 }],
  ])('of spent points goes by the policy of returns: %s', (returnPolicy, pointsFromDebtPolicy) => {
    const { shop, member } = open(config({}, { returnPolicy }));
    const [first] = [1, 2].map(() => buy(shop, member));
    shop.does(shop.redeem(member, { points: 60 }));
    expect(shop.does(shop.returns(first?.id))).toMatchObject({ pointsTaken: 40, pointsFromDebtPolicy });
  });

  it('is gone where it expired, and gone once only', () => {
    const trigger: MilestoneTrigger = { ...EVERY_SECOND, measure: 'spend', step: 1000 };
    const { shop, member } = open(config({ trigger, expiry: { type: 'days', days: 2 } }));
    const { id } = buy(shop, member, 3000);
    shop.does(shop.redeem(member, { points: 150 }));
    shop.pass(3 * 86_400_000);
    shop.batch(shop.applyDue(member));
    const back = (amountMinor: number) =>
      shop.does(shop.returns(id, { lines: [{ lineNo: 1, sku: null, quantity: null, amountMinor }] }));
    // Of 300 points 150 expired: the first 100 that are taken are among them, then 50 more.
    expect(back(500)).toMatchObject({ pointsGone: 100, pointsFromDebtPolicy: { debt: 0 } });
    expect(back(500)).toMatchObject({ pointsGone: 0, milestones: [] });
    expect(back(600)).toMatchObject({ pointsGone: 50, pointsFromDebtPolicy: { debt: 50 } });
    expect(back(1400)).toMatchObject({ pointsGone: 0, pointsFromDebtPolicy: { debt: 100 } });
  });

  it('comes again with what is bought instead', () => {
    const { shop, member } = open();
    const [first] = [1, 2].map(() => buy(shop, member));
    shop.pass(60_000);
    const { return: back, purchase } = shop.does(shop.exchange(first?.id, {}, shop.purchase(member)));
    expect([back.pointsTaken, purchase.pointsGranted, available(shop, member)]).toEqual([100, 100, 100]);
  });

  it('leaves what the receipt itself gave to its own goods', () => {
    const { shop, member } = open(config().rule());
    const [, second] = [1, 2].map(() => buy(shop, member, 5000));
    const lines = [{ lineNo: 1, sku: null, quantity: null, amountMinor: 2000 }];
    expect(shop.does(shop.returns(second?.id, { lines }))).toMatchObject({ pointsTaken: 2, milestones: [] });
  });

  it('is there at once: points of a milestone wait for no event of an order', () => {
    const pending = { type: 'event', event: 'delivered', thenDays: 0, cancelAfterDays: 30 } as const;
    const { shop, member } = open(config({ pending }));
    buy(shop, member);
    expect(buy(shop, member).grants).toMatchObject([{ points: 100, state: 'available' }]);
  });
});

describe('members who turn out to be one', () => {
  it('keep what both were given, and the next receipt gives what they reach together', () => {
    const { shop, member } = open();
    const twin = shop.member();
    // Three and three receipts gave a step each; six together are three steps, the next one does not reach a fourth.
    const bought = [1, 2, 3].map(() => buy(shop, member));
    for (let receipt = 0; receipt < 3; receipt += 1) buy(shop, twin);
    const survivor = { kind: 'member', id: member.memberId } as const;
    const duplicate = { counterparty: { kind: 'member', id: twin.memberId } } as const;
    const merge = { survivor: member.memberId, duplicate: twin.memberId };
    shop.does(shop.command('member.merge', survivor, merge, duplicate));
    expect(buy(shop, member).pointsGranted).toBe(100);
    expect(buy(shop, member).pointsGranted).toBe(100);
    expect(shop.does(shop.returns(bought[0]?.id))).toMatchObject({ pointsTaken: 100 });
  });
});
