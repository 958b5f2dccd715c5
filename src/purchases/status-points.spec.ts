import { merges } from '../../test/builders/accounts.js';
import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { accepted, requested, Shop, type Person } from '../../test/builders/shop.js';
import { earningCountersSlice, type EarningRule, type RuleTrace } from '../earning/index.js';
import { standingSlice } from '../tiers/index.js';

const DAY = '2026-03-10';
const LADDER = {
  measure: 'status' as const,
  tiers: [
    { key: 'basic', name: 'Basic', threshold: 0 },
    { key: 'silver', name: 'Silver', threshold: 20 },
  ],
};

/** Two lines of 100.00 and 50.00. */
const TWO_LINES = { lines: purchaseLines({}, { amountMinor: 5_000 }) };
const SECOND = { lines: [requested({ lineNo: 2, quantity: '1' })] };

/** A point for each 10.00, and a rule that gives something else. */
function shopWith(rule: Partial<EarningRule>): {
  shop: Shop;
  member: Person;
  status: () => number | undefined;
} {
  const config = ConfigurationBuilder.shop().tiers(LADDER).rule(rule, { key: 'status' });
  const shop = new Shop(config);
  const member = shop.member();
  const status = () => shop.ofMember(member, standingSlice).days.get(DAY)?.status;
  return { shop, member, status };
}

/** What each rule said about a receipt, with the answer. */
function explains(shop: Shop, member: Person, body: Parameters<Shop['purchase']>[1] = {}) {
  const [outcome] = shop.batch(shop.purchase(member, body));
  const answer = accepted(outcome);
  const traces = outcome?.kind === 'answered' ? (outcome.explanation as readonly RuleTrace[]) : [];
  return { answer, traces };
}

describe('status points', () => {
  it('count for the ladder, have no lot, and come back line by line', () => {
    const { shop, member, status } = shopWith({ gives: 'status', amount: perSpend({ points: 2 }) });
    const { answer, traces } = explains(shop, member, TWO_LINES);
    // 150.00 are 15 points, and twice as many status points: 20 of the first line, 10 of the second.
    expect(answer).toMatchObject({ pointsGranted: 15, statusPoints: 30, standing: { tier: 'silver' } });
    expect(traces).toMatchObject([
      { points: 15 },
      { why: 'matched', gives: 'status', points: 0, statusPoints: 30 },
    ]);
    expect(traces[0]).not.toHaveProperty('gives');
    expect(shop.ledger(member).lots.size).toBe(1);
    expect(shop.ledger(member)).toMatchObject({ available: 15, lifetimeEarned: 15 });
    expect(status()).toBe(30);
    expect(shop.does(shop.returns(answer['id'] as string, SECOND))).toMatchObject({
      pointsTaken: 5,
      statusPoints: 10,
      standing: { tier: 'silver' },
    });
    expect(status()).toBe(20);
    expect(shop.does(shop.returns(answer['id'] as string))).toMatchObject({
      statusPoints: 20,
      tierChange: { from: 'silver', to: 'basic' },
    });
    expect(status()).toBe(0);
    expect(
      shop
        .events(member)
        .flatMap(({ type, data }) => (type === 'status.counted' ? [data['statusPoints']] : [])),
    ).toEqual([30, -10, -20]);
  });

  it('of a threshold are given again for what is left', () => {
    const { shop, member, status } = shopWith({ gives: 'status', amount: basketBonus(7, 12_000) });
    const { id } = shop.does(shop.purchase(member, TWO_LINES));
    expect(status()).toBe(7);
    shop.does(shop.returns(id, SECOND));
    expect(status()).toBe(0);
  });

  it('beside as many points are cancelled with them while they wait', () => {
    const pending = { type: 'event', event: 'delivered', thenDays: 0, cancelAfterDays: 5 } as const;
    const { shop, member, status } = shopWith({ gives: 'both', pending });
    const { id, ...answer } = shop.does(shop.purchase(member, TWO_LINES));
    expect(answer).toMatchObject({ pointsGranted: 30, statusPoints: 15 });
    shop.does(shop.returns(id, SECOND));
    expect(status()).toBe(10);
    shop.at('2026-03-20T12:00:00+01:00').does(shop.applyDue(member));
    expect(status()).toBe(0);
    expect(shop.does(shop.returns(id))).not.toHaveProperty('statusPoints');
    expect(status()).toBe(0);
  });

  it('stay with the member where only waiting points are taken', () => {
    const { shop, member, status } = shopWith({ gives: 'status' });
    const { id } = shop.does(shop.purchase(member, TWO_LINES));
    shop.does(shop.returns(id, { ...SECOND, onlyPending: true }));
    expect(status()).toBe(15);
    shop.does(shop.returns(id));
    expect(status()).toBe(5);
  });

  it('are held by limits, not by the maximum balance, and limits get them back', () => {
    const limits = [{ period: 'day', points: 12, times: null }] as const;
    const config = ConfigurationBuilder.shop()
      .policy({ maximumBalance: 10 }, { version: 2 })
      .rule({ gives: 'status', limits }, { key: 'status' });
    const shop = new Shop(config);
    const member = shop.member();
    const first = shop.does(shop.purchase(member));
    expect(first).toMatchObject({ pointsGranted: 10, statusPoints: 10 });
    const { answer: second, traces } = explains(shop, member);
    expect(second).toMatchObject({ pointsGranted: 0, statusPoints: 2 });
    expect(traces[1]).toMatchObject({ limitedBy: 'rule.perDay', rounded: 10 });
    const counted = () => shop.ofMember(member, earningCountersSlice).known.get('status')?.get(DAY);
    expect(counted()).toEqual({ points: 12, times: 2 });
    shop.does(shop.returns(first['id'] as string));
    expect(counted()).toEqual({ points: 2, times: 1 });
  });

  it('compete among themselves only', () => {
    const group = { key: 'g', combine: 'best' } as const;
    const config = new ConfigurationBuilder()
      .policy()
      .accounting()
      .rule({ group })
      .rule({ group, gives: 'status', amount: perSpend({ points: 3 }) }, { key: 'high' })
      .rule({ group, gives: 'status', exclusive: true }, { key: 'low' });
    const shop = new Shop(config);
    const { answer, traces } = explains(shop, shop.member());
    expect(answer).toMatchObject({ pointsGranted: 10, statusPoints: 30 });
    expect(traces.map(({ why }) => why)).toEqual(['matched', 'matched', 'groupLost']);
  });

  it('go to the survivor of a merge, and come back from there', () => {
    const { shop, member, status } = shopWith({ gives: 'status' });
    const duplicate = shop.member();
    shop.does(shop.purchase(member));
    const { id } = shop.does(shop.purchase(duplicate, TWO_LINES));
    shop.does(merges(shop, member, duplicate));
    expect(status()).toBe(25);
    shop.does(shop.returns(id, SECOND));
    expect(status()).toBe(20);
  });

  it('of a late receipt count for its own day', () => {
    const { shop, member } = shopWith({ gives: 'status' });
    shop.does(shop.purchase(member, { occurredAt: Date.parse('2026-03-01T12:00:00+01:00') }));
    const days = [...shop.ofMember(member, standingSlice).days];
    expect(days.map(([day, { status }]) => [day, status])).toEqual([['2026-03-01', 10]]);
  });

  it('that no rule gives leave no trace', () => {
    const shop = new Shop(ConfigurationBuilder.shop());
    const member = shop.member();
    const answer = shop.does(shop.purchase(member));
    expect(answer).not.toHaveProperty('statusPoints');
    expect(shop.does(shop.returns(answer['id'] as string))).not.toHaveProperty('statusPoints');
    expect(shop.events(member).map(({ type }) => type)).not.toContain('status.counted');
  });
});
