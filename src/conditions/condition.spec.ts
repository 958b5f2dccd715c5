import { purchaseLine } from '../../test/builders/purchase.js';
import {
  compileCondition,
  HistoryValue,
  liveHistory,
  liveMember,
  LineValue,
  MemberValue,
  ReceiptValue,
  TimeValue,
} from './index.js';
import type { Condition, ConditionContext, ConditionScope, HistoryFacts, MemberFacts } from './index.js';

const MEMBER: MemberFacts = {
  person: {
    birthDate: '1990-03-10',
    enrolledOn: '2026-01-01',
    attributes: { vip: true, city: 'Taipei', size: '42.5', children: 2, tiny: 1.5e-7, '\u2028': 3 },
  },
  tier: 'gold',
  day: '2026-03-10',
};

/** Two purchases on one day of the last month, five weeks ago nothing more. */
const HISTORY: HistoryFacts = {
  over: ({ type }) =>
    type === 'lifetime'
      ? { purchases: 12, visits: 9, spendMinor: 900_000 }
      : { purchases: 2, visits: 1, spendMinor: 45_000 },
  activities: (type, days) => (type === 'check-in' ? (days === 7 ? 2 : 5) : 0),
  daysSinceActivity: (type) => (type === 'check-in' ? 3 : null),
  daysSinceLastVisit: () => 20,
};

/** The member with another birth date. */
function born(birthDate: string | null): Partial<MemberFacts> {
  return { person: { birthDate, enrolledOn: '2026-01-01', attributes: {} } };
}

function contextOf(member: Partial<MemberFacts> = {}): ConditionContext {
  const lines = [
    purchaseLine({
      lineNo: 1,
      sku: 'A',
      category: 'Grocery',
      amountMinor: 30_000,
      taxMinor: 1_429,
      quantity: '2',
    }),
    purchaseLine({
      lineNo: 2,
      sku: 'B',
      category: 'wine',
      amountMinor: 90_000,
      taxMinor: 4_286,
      quantity: '0.75',
    }),
  ];
  const tenders = [
    { type: 'PX_Pay', amountMinor: 50_000 },
    { type: 'cash', amountMinor: 70_000 },
  ];
  return {
    receipt: new ReceiptValue({
      source: 'store-1',
      channel: 'Web',
      lines,
      tenders,
      attributes: { gift: true },
    }),
    member: new MemberValue(liveMember({ ...MEMBER, ...member })),
    history: new HistoryValue(liveHistory(HISTORY)),
    // Tuesday 10 March 2026, 20:30 in Taipei.
    time: new TimeValue(Date.parse('2026-03-10T12:30:00Z'), 'Asia/Taipei'),
    line: new LineValue(lines[1] as never),
  };
}

function compiled(text: string, scope: ConditionScope = 'receipt'): Condition {
  const result = compileCondition(text, scope);
  if (!result.ok) throw new Error(`${result.refusal.code}: ${result.refusal.detail}`);
  return result.value;
}

function outcomeOf(text: string, member: Partial<MemberFacts> = {}, scope: ConditionScope = 'receipt') {
  return compiled(text, scope).evaluate(contextOf(member)).outcome;
}

describe('a condition that is met', () => {
  it.each([
    'receipt.amountMinor == 120000 && receipt.netMinor == 114285',
    'receipt.lineCount == 2 && receipt.categoryCount == 2',
    'receipt.channel == "web" && receipt.source == "store-1"',
    'receipt.channel in ["app", "web"]',
    'receipt.hasCategory("GROCERY") && !receipt.hasCategory("tobacco")',
    'receipt.amountOf("wine") >= 90000',
    'receipt.paidWith("px_pay") * 2 >= receipt.amountMinor - 20000',
    'receipt.lines.exists(l, l.category == "wine" && l.quantity < decimal("1"))',
    'receipt.lines.all(l, l.amountMinor > 0)',
    'receipt.lines.exists_one(l, l.sku == "A")',
    'receipt.lines.filter(l, l.amountMinor > 50000).size() == 1',
    'receipt.flag("gift")',
    'member.tier == "gold"',
    'member.age == 36 && member.birthMonth == time.month && member.birthDay == time.day',
    'member.hasBirthDate ? member.age >= 18 : false',
    'member.daysEnrolled == 68',
    'member.flag("vip") && member.text("city").startsWith("Tai")',
    'member.number("size") > decimal("42") && member.number("children") == decimal(2)',
    'member.number("size") * decimal("2") == decimal("85.0")',
    'member.number("size") != decimal("42")',
    'time.date >= "2026-03-01" && time.date < "2026-04-01"',
    'time.weekday == 2 && time.hour == 20 && time.minute == 30 && time.year == 2026',
    '(member.tier == "silver" || member.tier == "gold") && time.weekday in [2, 4]',
    'receipt.lineCount - (receipt.lineCount - 1) == 1',
    'receipt.amountMinor - (receipt.netMinor + receipt.lineCount) == 5713',
    '!(receipt.lineCount - (receipt.lineCount - 1) != 1) && receipt.lineCount > 0',
    'receipt.channel + r"\\d" == "web\\\\d" && receipt.lineCount > 0',
    'receipt.source != "😀" && receipt.lineCount > 0',
    'receipt.lineCount > 0 // what follows two slashes is a comment',
    'member.number("tiny") == decimal("0.00000015")',
    'member.number("\u2028") == decimal(3)',
    'receipt.lines.exists(l, receipt.amountOf("wine") == l.amountMinor)',
    '-receipt.amountMinor < 0',
    'receipt.amountMinor % 1000 == 0 && receipt.amountMinor / 1000 == 120',
  ])('%s', (text) => {
    expect(outcomeOf(text)).toBe('true');
  });

  it.each([
    'line.category == "wine"',
    'line.quantity == decimal("0.75")',
    'line.amountMinor > 50000 && receipt.lineCount == 2',
  ])('of a line: %s', (text) => {
    expect(outcomeOf(text, {}, 'line')).toBe('true');
  });
});

describe('a condition that is not met', () => {
  it('names the first part that is false, with the values it read', () => {
    const condition = compiled(
      'receipt.amountMinor >= 100000 && (member.age >= 65 || member.flag("senior")) && time.hour < 5',
    );
    expect(condition.evaluate(contextOf())).toEqual({
      outcome: 'false',
      part: 1,
      values: { 'member.age': '36', 'member.flag("senior")': false },
    });
    expect(condition.parts[1]).toBe('member.age >= 65 || member.flag("senior")');
  });

  it.each([
    ['member.age >= 18', 'member.age'],
    ['!(member.age >= 18)', 'member.age'],
    ['member.number("shoe") > decimal(1)', 'member.number("shoe")'],
  ])('does not know a value: %s', (text, key) => {
    expect(compiled(text).evaluate(contextOf(born(null)))).toEqual({
      outcome: 'false',
      part: 0,
      values: { [key]: null },
    });
  });

  it('may say what holds where a value is not known', () => {
    expect(outcomeOf('!member.hasBirthDate || member.age >= 18', born(null))).toBe('true');
  });
});

describe('a condition that fails', () => {
  it.each([
    'receipt.amountMinor / (receipt.lineCount - 2) > 1',
    '9223372036854775807 + receipt.lineCount > 0',
  ])('%s', (text) => {
    expect(compiled(text).evaluate(contextOf())).toMatchObject({ outcome: 'failed', part: 0 });
  });
});

describe('the age of a member', () => {
  it.each([
    ['2000-02-29', '2026-02-27', 25],
    ['2000-02-29', '2026-02-28', 26],
    ['2000-02-29', '2024-02-28', 23],
    ['2000-02-29', '2024-02-29', 24],
    ['2000-12-31', '2026-12-30', 25],
    ['2026-03-10', '2026-03-10', 0],
    ['2027-01-01', '2026-03-10', 0],
  ])('born on %s is on %s %i years', (birthDate, day, years) => {
    expect(outcomeOf(`member.age == ${years}`, { ...born(birthDate), day })).toBe('true');
  });
});

describe('what the member did before', () => {
  it.each([
    ['history.isFirstPurchase', 'false'],
    ['history.daysSinceLastVisit > 14', 'true'],
    ['history.purchases("30 days") == 2 && history.visits("30 days") == 1', 'true'],
    ['history.spend("this half year") >= 45000', 'true'],
    ['history.purchases("lifetime") % 13 == 12', 'true'],
    ['history.spend("fiscal year from 4") > 45000', 'false'],
  ])('%s is %s', (text, outcome) => {
    expect(compiled(text).outcome(contextOf())).toBe(outcome);
  });

  it('is unknown where there was no visit', () => {
    const never = { ...HISTORY, daysSinceLastVisit: () => null };
    const context = { ...contextOf(), history: new HistoryValue(liveHistory(never)) };
    expect(compiled('history.daysSinceLastVisit >= 0').outcome(context)).toBe('false');
    expect(compiled('history.isFirstPurchase').outcome(context)).toBe('true');
  });

  it('is asked for by the windows that the text names', () => {
    const text =
      'history.spend("3 months") > 0 && history.visits("membership year") > history.purchases("since tier")';
    const condition = compiled(text);
    expect(condition.windows).toEqual([
      { type: 'rolling', months: 3 },
      { type: 'membershipYear' },
      { type: 'sinceTier' },
    ]);
    expect([condition.reads('history'), compiled('member.age > 3').reads('history')]).toEqual([true, false]);
  });

  it.each(['1101 days', '37 months', '0 days', 'month', 'Lifetime', 'fiscal year from 13', 'toString'])(
    'has no window "%s"',
    (window) => {
      expect(compileCondition(`history.visits("${window}") > 1`, 'receipt')).toMatchObject({
        ok: false,
        refusal: { code: 'CONDITION_OUT_OF_RANGE', from: 15, to: 17 + window.length },
      });
    },
  );

  it('is kept with the trace and gives the same answer later', () => {
    const condition = compiled('history.visits("30 days") == 1 && !history.isFirstPurchase');
    const values = condition.memberValues(contextOf());
    expect(values).toEqual({ 'history.visits("30 days")': '1', 'history.isFirstPurchase': false });
    const later = { ...contextOf(), history: new HistoryValue((key) => values[key]) };
    expect(condition.evaluate(later)).toEqual({ outcome: 'true' });
  });
});

describe('what a trace keeps of the member', () => {
  it('gives the same answer later, whatever became of the member', () => {
    const condition = compiled(
      'member.age >= 30 && member.number("size") > decimal("42") && member.tier == "gold"',
    );
    const values = condition.memberValues(contextOf());
    expect(values).toEqual({ 'member.age': '36', 'member.number("size")': '42.5', 'member.tier': 'gold' });
    const later = {
      ...contextOf({ tier: 'basic', ...born(null) }),
      member: new MemberValue((key) => values[key]),
    };
    expect(condition.evaluate(later)).toEqual({ outcome: 'true' });
  });

  it('is asked for only where it is read', () => {
    expect([
      compiled('receipt.lineCount > 1').reads('person'),
      compiled('member.flag("a")').reads('person'),
    ]).toEqual([false, true]);
    expect([
      compiled('receipt.lineCount > 1').reads('receipt'),
      compiled('member.flag("a")').reads('receipt'),
    ]).toEqual([true, false]);
    expect(compiled('member.tier == "gold"').reads('person')).toBe(false);
  });
});

describe('a text that is no condition', () => {
  const MANY = 'receipt.lineCount > 0';
  it.each<[string, string, number, number, ConditionScope?]>([
    ['', 'CONDITION_SYNTAX', 0, 0],
    ['  ', 'CONDITION_SYNTAX', 0, 2],
    ['1 +', 'CONDITION_SYNTAX', 3, 3],
    ['receipt.amountMinor >', 'CONDITION_SYNTAX', 21, 21],
    ['receipt.amountMinor => 5', 'CONDITION_SYNTAX', 20, 21],
    ['receipt.amountMinor = 5', 'CONDITION_SYNTAX', 20, 21],
    ['receipt.channel == "web', 'CONDITION_SYNTAX', 19, 23],
    ['receipt.lineCount > 0 and true', 'CONDITION_SYNTAX', 22, 25],
    ['(receipt.lineCount > 0', 'CONDITION_SYNTAX', 22, 22],
    ['receipt.lineCount > 0)', 'CONDITION_SYNTAX', 21, 22],
    ['receipt.foo == 1', 'CONDITION_UNKNOWN_NAME', 8, 11],
    ['basket.amountMinor == 1', 'CONDITION_UNKNOWN_NAME', 0, 6],
    ['line.sku == "A"', 'CONDITION_UNKNOWN_NAME', 0, 4],
    ['member.birthDate == "x"', 'CONDITION_UNKNOWN_NAME', 7, 16],
    ['member.constructor == "x"', 'CONDITION_UNKNOWN_NAME', 7, 18],
    ['receipt.__proto__ == "x"', 'CONDITION_UNKNOWN_NAME', 8, 17],
    ['receipt.amountMinor >= "100"', 'CONDITION_TYPE', 0, 28],
    ['receipt.amountMinor == line.sku', 'CONDITION_TYPE', 0, 31, 'line'],
    ['receipt.channel > 5', 'CONDITION_TYPE', 0, 19],
    ['member.flag("a") > 5', 'CONDITION_TYPE', 0, 20],
    ['member.number("a") > 5', 'CONDITION_TYPE', 0, 22],
    ['receipt.amountMinor', 'CONDITION_TYPE', 0, 19],
    ['"yes"', 'CONDITION_TYPE', 0, 5],
    ['receipt', 'CONDITION_TYPE', 0, 7],
    ['receipt.lines', 'CONDITION_TYPE', 0, 13],
    ['receipt.amountMinor / 0 > 1', 'CONDITION_TYPE', 22, 23],
    ['receipt.amountMinor % 0 > 1', 'CONDITION_TYPE', 22, 23],
    ['decimal("a") < decimal(receipt.lineCount)', 'CONDITION_TYPE', 8, 11],
    ['decimal("1e3") < decimal(receipt.lineCount)', 'CONDITION_TYPE', 8, 13],
    ['receipt.amountMinor >= 1.5', 'CONDITION_NOT_ALLOWED', 23, 26],
    ['double(receipt.amountMinor) >= 1.0', 'CONDITION_NOT_ALLOWED', 0, 27],
    ['receipt.channel.matches("^(a+)+$")', 'CONDITION_NOT_ALLOWED', 0, 34],
    ['timestamp(time.date) > timestamp("2026-01-01T00:00:00Z")', 'CONDITION_NOT_ALLOWED', 0, 20],
    ['duration("1h") == duration(time.date)', 'CONDITION_NOT_ALLOWED', 0, 14],
    ['dyn(receipt.lineCount) == 1', 'CONDITION_NOT_ALLOWED', 0, 22],
    ['type(receipt.lineCount) == int', 'CONDITION_NOT_ALLOWED', 0, 23],
    ['string(receipt.lineCount) == "1"', 'CONDITION_NOT_ALLOWED', 0, 25],
    ['member.text("a").split(",").size() > 1', 'CONDITION_NOT_ALLOWED', 0, 27],
    ['member.text(receipt.source) == "a"', 'CONDITION_NOT_ALLOWED', 12, 26],
    ['receipt.paidWith(receipt.channel) > 0', 'CONDITION_NOT_ALLOWED', 17, 32],
    ['size(receipt.lines) > 1', 'CONDITION_NOT_ALLOWED', 5, 18],
    ['receipt.lines[0].sku == "A"', 'CONDITION_NOT_ALLOWED', 0, 20],
    ['receipt.lines.map(l, l.sku).size() > 1', 'CONDITION_NOT_ALLOWED', 0, 27],
    ['receipt.lines.exists(l, receipt.lines.exists(m, m.sku == l.sku))', 'CONDITION_NOT_ALLOWED', 24, 63],
    ['[1, 2].exists(x, x == receipt.lineCount)', 'CONDITION_NOT_ALLOWED', 0, 40],
    ['receipt.lines.exists(member, member.sku == "A")', 'CONDITION_NOT_ALLOWED', 21, 27],
    ['receipt.lines.exists(l, l.sku == "A")', 'CONDITION_NOT_ALLOWED', 0, 37, 'line'],
    ['null == null', 'CONDITION_NOT_ALLOWED', 0, 4],
    ['b"a" == b"a"', 'CONDITION_NOT_ALLOWED', 0, 4],
    ['receipt == receipt', 'CONDITION_TYPE', 0, 18],
    ['receipt.channel == "Web"', 'CONDITION_WORD_FORM', 19, 24],
    ['receipt.channel in ["app", "Web "]', 'CONDITION_WORD_FORM', 27, 33],
    ['receipt.lines.exists(l, l.category != "Wine")', 'CONDITION_WORD_FORM', 38, 44],
    ['line.category == "WINE"', 'CONDITION_WORD_FORM', 17, 23, 'line'],
    ['line.category.startsWith("Fresh ")', 'CONDITION_WORD_FORM', 25, 33, 'line'],
    ['receipt.channel.contains("Web")', 'CONDITION_WORD_FORM', 25, 30],
    ['["Web"] == [receipt.channel]', 'CONDITION_WORD_FORM', 1, 6],
    ['receipt.channel < "Web"', 'CONDITION_WORD_FORM', 18, 23],
    ['true', 'CONDITION_CONSTANT', 0, 4],
    ['1 < 2 && "a" == "a"', 'CONDITION_CONSTANT', 0, 5],
    ['true && receipt.lineCount > 0', 'CONDITION_CONSTANT', 0, 4],
    ['receipt.lineCount > 0 && (time.day > 1 && 2 < 1)', 'CONDITION_CONSTANT', 42, 47],
    ['receipt.lineCount < 9223372036854775808', 'CONDITION_NOT_ALLOWED', 20, 39],
    ['time.weekday == 0', 'CONDITION_OUT_OF_RANGE', 16, 17],
    ['time.month in [12, 13]', 'CONDITION_OUT_OF_RANGE', 19, 21],
    ['24 == time.hour', 'CONDITION_OUT_OF_RANGE', 0, 2],
    ['member.birthDay != 32', 'CONDITION_OUT_OF_RANGE', 19, 21],
    ['time.date >= "2026-02-30"', 'CONDITION_OUT_OF_RANGE', 13, 25],
    ['time.date in ["2026-3-1"]', 'CONDITION_OUT_OF_RANGE', 14, 24],
    [
      'receipt.lines.all(l, l.sku != "A" && l.sku != "B" && l.sku != "C" && l.sku != "D")',
      'CONDITION_TOO_COSTLY',
      0,
      82,
    ],
    [`line.sku in [${Array(100).fill('"z"').join(', ')}]`, 'CONDITION_TOO_COSTLY', 0, 512, 'line'],
    ['('.repeat(10_000) + MANY + ')'.repeat(10_000), 'CONDITION_TOO_LONG', 2000, 20_021],
    ['('.repeat(900) + MANY + ')'.repeat(900), 'CONDITION_SYNTAX', 32, 32],
    [Array(180).fill('time.day > 0').join('||').slice(0, 2000), 'CONDITION_SYNTAX', 1405, 1405],
    ['x'.repeat(10_000_000), 'CONDITION_TOO_LONG', 2000, 10_000_000],
  ])('%.60s', (text, code, from, to, scope = 'receipt') => {
    const result = compileCondition(text, scope);
    expect(
      result.ok
        ? 'compiled'
        : { code: result.refusal.code, from: result.refusal.from, to: result.refusal.to },
    ).toEqual({
      code,
      from,
      to,
    });
  });

  it('tells what to write instead', () => {
    const detailOf = (text: string) => {
      const result = compileCondition(text, 'receipt');
      return result.ok ? '' : result.refusal.detail;
    };
    expect(detailOf('receipt.amountMinor >= 1.5')).toBe('Write decimal("1.5"): conditions compute exactly.');
    expect(detailOf('receipt.channel == "Web"')).toBe('Write "web": such words are compared in lower case.');
  });
});
