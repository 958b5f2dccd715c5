import { wording } from '../../kernel/wording.js';
import { LETTERS } from '../domain/stored-trace.js';
import {
  hasSentence,
  totalSentence,
  traceSentence,
  type TraceFacts,
  type WordedTrace,
} from './trace-sentence.js';
import { amountWords, limitWords, type RuleWords, type WordedAmount } from './worded-rule.js';

const CONTEXT: RuleWords = {
  activityName: (key) => wording(key, key),
  currency: 'TWD',
  tierName: (key) => ({ gold: '金卡' })[key] ?? key,
  campaignName: (key) => ({ en: key, 'zh-Hant': key }),
  ruleName: (key) => ({ base: 'Base', double: 'Double' })[key] ?? key,
};
const PER_SPEND: WordedAmount = { type: 'perSpend', points: 1, stepMinor: 1_000 };
const NO_TRACE: WordedTrace = {
  rule: { id: 'base' },
  name: 'Base',
  why: 'matched',
  basisMinor: 0,
  points: 0,
  multiplier: null,
  limitedBy: null,
  rounding: null,
};

function sentence(
  trace: Partial<WordedTrace>,
  { amount = PER_SPEND, limits = [], ...more }: Partial<TraceFacts & NonNullable<TraceFacts['version']>> = {},
) {
  const facts = { condition: null, beganAt: null, context: CONTEXT, version: { amount, limits }, ...more };
  return traceSentence({ ...facts, trace: { ...NO_TRACE, ...trace } });
}

describe('an explanation in sentences', () => {
  it('has one for every reason, in both languages: add it to REASONS in trace-sentence.ts', () => {
    const codes = [...Object.keys(LETTERS), 'notYetInForce'];
    expect(codes.filter((why) => !hasSentence(why))).toEqual([]);
    for (const why of codes) {
      const words = sentence({ why });
      expect(words.en).toMatch(/^“Base” gives .+\.$/);
      expect(words['zh-Hant']).toMatch(/^「Base」(給|不給點：).+。$/);
      expect(words['zh-Hant']).not.toMatch(/undefined|null/);
      expect(words.en).not.toMatch(/undefined|null/);
    }
  });

  it('says how far a milestone is, and what is missing', () => {
    const trigger = {
      ...{ type: 'milestone', measure: 'spend', step: 300_000, first: 3 },
      window: { type: 'calendar', unit: 'month' },
    };
    const amount = { type: 'fixed', points: 300 };
    const of = (trace: Partial<WordedTrace>) => sentence(trace, { version: { amount, limits: [], trigger } });
    expect(of({ points: 300, milestone: { measured: 310_000, missing: 290_000 } })).toEqual(
      wording(
        '“Base” gives 300 points: 300 points, for each full NT$3,000 spent in the calendar month, at most 3 times, and it is NT$3,100 now.',
        '「Base」給 300 點：給 300 點，當月累計每滿 3,000 元，最多 3 次，目前 3,100 元。',
      ),
    );
    const why = 'milestoneNotReached';
    expect(of({ why, milestone: { measured: 280_000, missing: 20_000 } })).toEqual(
      wording(
        '“Base” gives nothing: NT$200 are missing to its next step, at NT$2,800.',
        '「Base」不給點：距離下一個門檻還差 200 元，目前 2,800 元。',
      ),
    );
    expect(of({ why, milestone: { measured: 950_000, missing: null } }).en).toBe(
      '“Base” gives nothing: all its steps were given, at NT$9,500.',
    );
  });

  it('shows how the points came about: basis, rate, factor, rounding', () => {
    const trace = { basisMinor: 105_900, points: 126, multiplier: '1.2', rounding: 'floor' };
    expect(sentence(trace)).toEqual(
      wording(
        '“Base” gives 126 points: NT$1,059 count, 1 point for each full NT$10, times 1.2, rounded down.',
        '「Base」給 126 點：計入 1,059 元，每滿 10 元 1 點，乘以 1.2，無條件捨去。',
      ),
    );
  });

  it('shows the figure before factors where there are any, and where it is a fraction', () => {
    const trace = { basisMinor: 105_900, points: 126, multiplier: '1.2', rounding: 'floor', raw: '105' };
    expect(sentence(trace).en).toBe(
      '“Base” gives 126 points: NT$1,059 count, 1 point for each full NT$10, which makes 105, times 1.2, rounded down.',
    );
    expect(sentence({ ...trace, multiplier: null }).en).not.toContain('which makes');
    expect(sentence({ ...trace, multiplier: null, raw: '10.5' })['zh-Hant']).toContain('，得 10.5，');
  });

  it.each([
    [
      'gold',
      '“Base” gives 500 points: for the promotion to “金卡”, 500 points.',
      '升等為「金卡」，給 500 點',
    ],
    [undefined, '“Base” gives 500 points: for the promotion, 500 points.', '升等，給 500 點'],
  ])('says for which promotion: %s', (tier, en, zh) => {
    const trigger = { type: 'promotion', ...(tier === undefined ? {} : { tier }) };
    const version = { trigger, amount: { type: 'fixed', points: 500 }, limits: [] };
    expect(sentence({ points: 500 }, { version })).toEqual(wording(en, `「Base」給 500 點：${zh}。`));
  });

  it('names the limit that cut them', () => {
    const limits = [{ period: 'day', points: 50, times: 2 }];
    const trace = {
      basisMinor: 105_900,
      points: 50,
      limitedBy: 'rule.perDay',
      rounding: 'floor',
      rounded: 105,
    };
    expect(sentence(trace, { limits })).toEqual(
      wording(
        '“Base” gives 50 points: NT$1,059 count, 1 point for each full NT$10, rounded down. The limit (50 points a day) cut it from 105.',
        '「Base」給 50 點：計入 1,059 元，每滿 10 元 1 點，無條件捨去。因上限（每日 50 點）由 105 點減少。',
      ),
    );
    expect(sentence({ points: 9, limitedBy: 'programme.maximumBalance' }).en).toBe(
      '“Base” gives 9 points: 1 point for each full NT$10. The limit (the highest balance) cut it.',
    );
    expect(sentence({ points: 9, limitedBy: 'budget' }).en).toContain(
      'The limit (the budget of the campaign) cut it',
    );
  });

  it.each<[string, Partial<WordedTrace>, Parameters<typeof sentence>[1], string, string]>([
    ['a rule that is off', { why: 'inactive' }, {}, 'it is switched off', '規則已停用'],
    ['one that ended', { why: 'ended' }, {}, 'it had ended', '規則已結束'],
    [
      'too little',
      { why: 'belowStep', basisMinor: 900 },
      {},
      'NT$9 count, and it asks for NT$10',
      '計入 9 元，未達 10 元',
    ],
    [
      'too small a basket',
      { why: 'belowMinimum', basisMinor: 299_900 },
      { amount: { type: 'basketBonus', points: 100, minimumMinor: 300_000 } },
      'NT$2,999 count, and it asks for NT$3,000',
      '計入 2,999 元，未達 3,000 元',
    ],
    [
      'a limit that is used up',
      { why: 'limitReached', limitedBy: 'rule.timesPerWeek' },
      { limits: [{ period: 'week', points: 10, times: 2 }] },
      'the limit (twice a week) is used up',
      '已達上限（每週 2 次）',
    ],
    [
      'a condition',
      { why: 'conditionFalse' },
      {
        condition: {
          onLines: false,
          words: wording('the channel is “web”', '通路為「web」'),
          read: [wording('the channel is “store”', '通路為「store」')],
        },
      },
      'its condition (the channel is “web”) was not met: the channel is “store”',
      '不符合條件（通路為「web」）：通路為「store」',
    ],
    [
      'a condition on lines',
      { why: 'conditionFalse' },
      { condition: { onLines: true, words: wording('the brand is “A”', '品牌為「A」'), read: [] } },
      'no line meets its condition (the brand is “A”)',
      '沒有商品符合條件（品牌為「A」）',
    ],
    [
      'a rule that began later',
      { why: 'notYetInForce' },
      { beganAt: wording('on 22 November 2026 at 18:00', '2026 年 11 月 22 日 18:00 起') },
      'it began later, on 22 November 2026 at 18:00',
      '規則較晚才生效（2026 年 11 月 22 日 18:00 起）',
    ],
    [
      'a group that it lost',
      { why: 'groupLost', beatenBy: 'double' },
      {},
      '“Double” gives more or comes first',
      '「Double」較優先或給點較多',
    ],
  ])('says why there is nothing: %s', (_, trace, more, en, zh) => {
    expect(sentence(trace, more)).toEqual(wording(`“Base” gives nothing: ${en}.`, `「Base」不給點：${zh}。`));
  });

  it('adds up', () => {
    const given = (name: string, points: number) => ({ name, points, why: 'matched' });
    expect(
      totalSentence([given('Base', 26), given('Big', 100), { name: 'X', points: 0, why: 'ended' }]),
    ).toEqual(
      wording(
        '126 points: 26 points from “Base” and 100 points from “Big”.',
        '共 126 點：「Base」給 26 點及「Big」給 100 點。',
      ),
    );
    expect(totalSentence([])).toEqual(wording('No points.', '沒有點數。'));
  });
});

describe('how a rule gives', () => {
  it.each<[WordedAmount, string, string]>([
    [PER_SPEND, '1 point for each full NT$10', '每滿 10 元 1 點'],
    [
      { ...PER_SPEND, steps: 'exact' },
      '1 point for each NT$10, parts of it included',
      '每 10 元 1 點，不足部分按比例計算',
    ],
    [{ type: 'perUnit', points: 2, perQuantity: '1' }, '2 points for each full unit', '每 1 單位 2 點'],
    [
      { type: 'perUnit', points: 2, perQuantity: '0.5' },
      '2 points for each full 0.5 units',
      '每 0.5 單位 2 點',
    ],
    [
      { type: 'basketBonus', points: 100, minimumMinor: 300_000 },
      '100 points once, from NT$3,000 on',
      '單筆滿 3,000 元，給 100 點',
    ],
    [{ type: 'basketBonus', points: 5, minimumMinor: 0 }, '5 points once a receipt', '每筆消費 5 點'],
    [{ type: 'fixed', points: 30 }, '30 points', '給 30 點'],
    [
      { type: 'tierTable', byTier: { gold: 200 }, otherwise: 100 },
      '200 points on tier 金卡, 100 points otherwise',
      '金卡 200 點、其他 100 點',
    ],
    [
      {
        type: 'bands',
        bands: [
          { fromMinor: 100_000, points: 50 },
          { fromMinor: 300_000, points: 200 },
        ],
      },
      'once, by the amount: 50 points from NT$1,000 on, 200 points from NT$3,000 on',
      '滿 1,000 元給 50 點、滿 3,000 元給 200 點',
    ],
    [
      { type: 'multiplierOnBase', factor: '3', of: ['base'] },
      'as many points more as make the points of “Base” times 3',
      '將「Base」的點數提高為 3 倍',
    ],
  ])('%j', (amount, en, zh) => {
    expect(amountWords(amount, CONTEXT)).toEqual(wording(en, zh));
  });

  it.each([
    ['purchase', 50, null, '50 points a receipt', '每筆消費 50 點'],
    ['month', null, 1, 'once a month', '每月 1 次'],
    ['total', 500, 3, '500 points in all and 3 times in all', '總共 500 點、總共 3 次'],
  ])('is limited: %s', (period, points, times, en, zh) => {
    expect(limitWords({ period, points, times })).toEqual(wording(en, zh));
  });
});
