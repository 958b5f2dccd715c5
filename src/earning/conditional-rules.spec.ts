import { ConfigurationBuilder } from '../../test/builders/configuration.js';
import { basketBonus, perSpend, perUnit } from '../../test/builders/earning-rule.js';
import { purchaseLines } from '../../test/builders/purchase.js';
import { Shop } from '../../test/builders/shop.js';
import type { EarningRule } from './domain/earning-rule.js';

const WHOLE = { includeCategories: [], excludeCategories: [] };

function shopWith(...rules: readonly Partial<EarningRule>[]): Shop {
  const configuration = new ConfigurationBuilder().accounting().policy();
  return new Shop(
    rules.reduce<ConfigurationBuilder>(
      (made, rule, index) => made.rule(rule, { key: `rule-${index}` }),
      configuration,
    ),
  );
}

/** What one receipt's rules said. */
function explanation(
  shop: Shop,
  member: ReturnType<Shop['member']>,
  overrides: Parameters<Shop['purchase']>[1] = {},
) {
  const [outcome] = shop.batch(shop.purchase(member, overrides));
  if (outcome?.kind !== 'answered') throw new Error('refused');
  return outcome.explanation as {
    why: string;
    points: number;
    condition?: { part: number | null; values: object };
  }[];
}

describe('a rule with a condition on the receipt', () => {
  const web = { condition: 'receipt.channel == "web" && receipt.amountMinor >= 50000', amount: perSpend() };

  it('gives its points where the condition is met', () => {
    const shop = shopWith(web);
    const lines = purchaseLines({ amountMinor: 60_000 });
    expect(explanation(shop, shop.member(), { lines, channel: 'Web' })).toMatchObject([
      { why: 'matched', points: 60 },
    ]);
  });

  it('says which part was not met, with the values it read', () => {
    const shop = shopWith(web);
    const lines = purchaseLines({ amountMinor: 40_000 });
    expect(explanation(shop, shop.member(), { lines, channel: 'web' })).toMatchObject([
      {
        why: 'conditionFalse',
        points: 0,
        condition: { on: 'receipt', part: 1, values: { 'receipt.amountMinor': '40000' } },
      },
    ]);
  });

  it('gives nothing where the condition fails, and refuses no receipt', () => {
    const shop = shopWith({
      condition: 'receipt.amountMinor / (receipt.lineCount - 1) > 5',
      amount: perSpend(),
    });
    expect(explanation(shop, shop.member())).toMatchObject([
      { why: 'conditionFailed', points: 0, condition: { part: 0, values: { 'receipt.lineCount': '1' } } },
    ]);
  });

  it('is evaluated at the time on the wall of the programme', () => {
    const shop = shopWith({ condition: 'time.hour >= 18 && time.hour < 21', amount: basketBonus(5, 0) });
    const given = ['2026-03-10T17:59:59+01:00', '2026-03-10T18:00:00+01:00', '2026-03-10T21:00:00+01:00'].map(
      (at) => {
        shop.at(at);
        return explanation(shop, shop.member())[0]?.points;
      },
    );
    expect(given).toEqual([0, 5, 0]);
  });
});

describe('a rule with a condition on lines', () => {
  it('counts the lines that meet it, at what they cost before points', () => {
    const shop = shopWith({
      amount: perSpend(),
      lines: { ...WHOLE, condition: 'line.quantity >= decimal("2") && line.amountMinor < 100000' },
    });
    const lines = purchaseLines(
      { amountMinor: 30_000, quantity: '2' },
      { amountMinor: 50_000, quantity: '1' },
      { amountMinor: 200_000, quantity: '3' },
    );
    expect(explanation(shop, shop.member(), { lines })).toMatchObject([{ why: 'matched', points: 30 }]);
  });

  it('that fails on one line gives nothing', () => {
    const shop = shopWith({
      amount: perSpend(),
      lines: { ...WHOLE, condition: 'line.amountMinor / (line.netMinor - 25000) > 0' },
    });
    const lines = purchaseLines({ amountMinor: 30_000 }, { amountMinor: 25_000, taxMinor: 0 });
    expect(explanation(shop, shop.member(), { lines })).toMatchObject([
      { why: 'conditionFailed', condition: { on: 'line', part: 0 } },
    ]);
  });
});

describe('a condition on lines that no line meets', () => {
  it('is explained by the first line that the rule is about', () => {
    const shop = shopWith({
      amount: perSpend(),
      lines: { includeCategories: ['wine'], excludeCategories: [], condition: 'line.amountMinor >= 50000' },
    });
    const lines = purchaseLines(
      { amountMinor: 90_000, category: 'food' },
      { amountMinor: 30_000, category: 'wine' },
    );
    expect(explanation(shop, shop.member(), { lines })).toMatchObject([
      {
        why: 'conditionFalse',
        condition: { on: 'line', part: 0, values: { 'line.amountMinor': '30000' } },
      },
    ]);
    expect(explanation(shop, shop.member(), { lines: lines.slice(0, 1) })).toMatchObject([
      { why: 'noMatchingLine' },
    ]);
  });
});

describe('a condition of an earlier release that this one does not read', () => {
  it('gives nothing and refuses no receipt', () => {
    const shop = shopWith({ condition: 'receipt.gone == 1', amount: perSpend() }, { amount: perSpend() });
    expect(explanation(shop, shop.member())).toMatchObject([
      { why: 'conditionFailed', points: 0, condition: { part: null, values: {} } },
      { why: 'matched' },
    ]);
  });
});

describe('a condition that fails', () => {
  const failing = { condition: 'receipt.amountMinor / (receipt.lineCount - 1) > 5', amount: perSpend() };

  it('is counted by rule, for receipts that are recorded', () => {
    const shop = shopWith(failing, { amount: perSpend() });
    const member = shop.member();
    expect(shop.decide(shop.purchase(member), shop.purchase(member)).counts).toEqual([
      { metric: 'conditionFailed', label: 'rule-0' },
      { metric: 'conditionFailed', label: 'rule-0' },
    ]);
    expect(shop.decide({ ...shop.purchase(member), dryRun: true }).counts).toEqual([]);
  });
});

describe('a rule with a condition on the member', () => {
  const person = { birthDate: '1961-03-10', enrolledAt: Date.UTC(2026, 0), attributes: { vip: true } };

  it('reads age and attributes as they are on the day of the receipt', () => {
    const shop = shopWith({ condition: 'member.age >= 65 && member.flag("vip")', amount: basketBonus(9, 0) });
    const member = shop.member();
    shop.describe(member, person);
    expect(explanation(shop, member)).toMatchObject([
      { points: 9, condition: { part: null, values: { 'member.age': '65', 'member.flag("vip")': true } } },
    ]);
    shop.describe(member, { ...person, birthDate: '1961-03-11' });
    expect(explanation(shop, member)).toMatchObject([
      { points: 0, condition: { values: { 'member.age': '64' } } },
    ]);
  });

  it('does not know what was never entered', () => {
    const shop = shopWith({ condition: 'member.age < 65', amount: basketBonus(9, 0) });
    const member = shop.member();
    shop.describe(member, { ...person, birthDate: null });
    expect(explanation(shop, member)).toMatchObject([
      { why: 'conditionFalse', condition: { values: { 'member.age': null } } },
    ]);
  });
});

describe('goods that come back', () => {
  const lines = purchaseLines({ amountMinor: 60_000 }, { amountMinor: 40_000 });

  it('leave the points of a condition on the basket as long as what is left meets it', () => {
    const shop = shopWith({ condition: 'receipt.amountMinor >= 60000', amount: perSpend({ points: 2 }) });
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member, { lines }));
    expect(shop.ledger(member).available).toBe(200);
    shop.does(
      shop.returns(id as string, { lines: [{ lineNo: 2, sku: null, quantity: '1', amountMinor: null }] }),
    );
    expect(shop.ledger(member).available).toBe(120);
  });

  it('take all points of it once what is left does not', () => {
    const shop = shopWith({ condition: 'receipt.amountMinor >= 60001', amount: perSpend({ points: 2 }) });
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member, { lines }));
    shop.does(
      shop.returns(id as string, { lines: [{ lineNo: 2, sku: null, quantity: '1', amountMinor: null }] }),
    );
    expect(shop.ledger(member).available).toBe(0);
  });

  it('are evaluated with the member of then, and by tenders that shrink with the goods', () => {
    const condition = 'member.age == 65 && receipt.paidWith("px_pay") >= 30000 && receipt.lineCount > 0';
    const shop = shopWith({ condition, amount: basketBonus(9, 0) });
    const member = shop.member();
    shop.describe(member, { birthDate: '1961-03-10', enrolledAt: 0, attributes: {} });
    const tenders = [
      { type: 'px_pay', amountMinor: 50_000 },
      { type: 'cash', amountMinor: 50_000 },
    ];
    const { id } = shop.does(shop.purchase(member, { lines, tenders }));
    shop.describe(member, { birthDate: null, enrolledAt: 0, attributes: {} });
    shop.does(
      shop.returns(id as string, { lines: [{ lineNo: 2, sku: null, quantity: '1', amountMinor: null }] }),
    );
    expect(shop.ledger(member).available).toBe(9);
    shop.does(
      shop.returns(id as string, { lines: [{ lineNo: 1, sku: null, quantity: null, amountMinor: 1_000 }] }),
    );
    expect(shop.ledger(member).available).toBe(0);
  });

  it('are evaluated by the quantity that is left', () => {
    const several = purchaseLines({ amountMinor: 40_000, quantity: '4' }, { amountMinor: 10_000 });
    const shop = shopWith(
      { condition: 'receipt.lines.exists(l, l.quantity >= decimal("3"))', amount: basketBonus(9, 0) },
      { lines: { ...WHOLE, condition: 'line.quantity >= decimal("2")' }, amount: basketBonus(20, 0) },
      { condition: 'receipt.lineCount >= 1', amount: perUnit({ points: 100 }) },
    );
    const member = shop.member();
    const { id } = shop.does(shop.purchase(member, { lines: several }));
    const left = (quantity: string): number => {
      shop.does(
        shop.returns(id as string, { lines: [{ lineNo: 1, sku: null, quantity, amountMinor: null }] }),
      );
      return shop.ledger(member).available;
    };
    expect(shop.ledger(member).available).toBe(9 + 20 + 500);
    expect([left('1'), left('1'), left('1')]).toEqual([9 + 20 + 400, 20 + 300, 200]);
  });
});
