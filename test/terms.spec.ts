import { readFileSync } from 'node:fs';
import {
  DEMO_ACTIVITY_TYPES,
  DEMO_POLICY,
  DEMO_REWARDS,
  DEMO_RULES,
  DEMO_TIER_SET,
} from '../src/demo/demo-data.js';
import { ConfigSnapshot } from '../src/platform/versioned-config/config-snapshot.js';
import { programmeTerms } from '../src/terms/programme-terms.js';
import { termsMarkdown, termsText } from '../src/terms/terms-text.js';

const AT = Date.parse('2026-11-20T10:00:00+08:00');

function configOf(definitions: Readonly<Record<string, Readonly<Record<string, object>>>>): ConfigSnapshot {
  const versions = Object.entries(definitions).flatMap(([kind, byKey]) =>
    Object.entries(byKey).map(([key, body]) => ({
      kind,
      key,
      version: 1,
      effectiveAt: 0,
      publishedAt: 0,
      body,
    })),
  );
  return new ConfigSnapshot('prg_1', 'TWD', 'Asia/Taipei', 1, versions);
}

const DEMO = {
  'programme-policy': { main: DEMO_POLICY },
  'tier-set': { main: DEMO_TIER_SET },
  'earning-rule': DEMO_RULES,
  'activity-type': DEMO_ACTIVITY_TYPES,
  reward: DEMO_REWARDS,
};

function sentencesOf(
  section: string,
  definitions: Parameters<typeof configOf>[0],
  language: 'en' | 'zh-Hant',
) {
  const { sections } = programmeTerms(configOf(definitions), 'Shop', AT);
  return sections.find(({ key }) => key === section)?.sentences.map(({ text }) => text[language]) ?? [];
}

describe('the terms of the demo', () => {
  const terms = programmeTerms(configOf(DEMO), 'Laurel demo 月桂示範計畫', AT);
  // Written by hand, as a member should read them.
  const written = (name: string) => readFileSync(new URL(`./written-terms/${name}`, import.meta.url), 'utf8');

  it.each([
    ['en', 'demo.en.md'],
    ['zh-Hant', 'demo.zh-Hant.md'],
  ] as const)('read in %s as they were written', (language, name) => {
    expect(termsMarkdown(terms, language)).toBe(written(name));
  });

  it('are the same as plain text, without marks', () => {
    const text = termsText(terms, 'en');
    expect(text.split('\n').slice(0, 4)).toEqual([
      'Terms of Laurel demo 月桂示範計畫',
      '',
      'Earning points',
      '· “消費每10元1點 One point for each NT$10”: 1 point for each full NT$10, except on “tobacco” and “gift-card”. The tier multiplies it: 銀卡 Silver by 1.2, 金卡 Gold by 1.5, 白金卡 Platinum by 2. The result is rounded down.',
    ]);
  });

  it('name the version that each sentence comes from', () => {
    const [first] = terms.sections[0]?.sentences ?? [];
    expect(first?.source).toEqual({ kind: 'earning-rule', id: 'base', version: 1 });
    expect(terms.warnings).toEqual([]);
  });
});

describe('the terms of other programmes', () => {
  const rule = (more: object) => ({
    'earning-rule': {
      r: {
        ...DEMO_RULES['base'],
        name: 'R',
        amount: { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: {} },
        lines: { includeCategories: [], excludeCategories: [] },
        ...more,
      },
    },
  });

  it('say nothing is earned where no rule is running', () => {
    expect(sentencesOf('earning', {}, 'en')).toEqual(['No rule gives points at this time.']);
    expect(sentencesOf('earning', rule({ active: false }), 'zh-Hant')).toEqual(['目前沒有給點的規則。']);
    expect(sentencesOf('earning', rule({ endsAt: '2026-11-01T00:00:00.000Z' }), 'en')).toHaveLength(1);
  });

  it('say what a rule depends on', () => {
    const definitions = rule({
      condition: 'receipt.channel == "web" && time.weekday in [6, 7]',
      limits: [{ period: 'month', points: 200, times: null }],
      pending: { type: 'days', days: 7 },
      endsAt: '2026-11-30T16:00:00.000Z',
    });
    expect(sentencesOf('earning', definitions, 'en')[0]).toBe(
      '“R”: 1 point for each full NT$10. It applies where the channel is “web” and it is a Saturday or Sunday. At most 200 points a month. These points can be used 7 whole days after the day of the purchase. It runs through 30 November 2026.',
    );
    expect(sentencesOf('earning', definitions, 'zh-Hant')[0]).toBe(
      '「R」：每滿 10 元 1 點。適用條件：通路為「web」，且當日為週六或週日。上限：每月 200 點。這些點數於消費日後 7 天期滿的次日起可用。實施至 2026 年 11 月 30 日（含當日）。',
    );
  });

  it('warn of a rule that takes more than three conditions to explain', () => {
    const three = 'receipt.channel == "web" && member.age >= 18 && time.day == 1';
    const four = `${three} && (time.hour < 12 || time.month == 5)`;
    const warnings = (condition: string) =>
      programmeTerms(configOf(rule({ condition })), 'Shop', AT).warnings;
    expect(warnings(three)).toEqual([]);
    expect(warnings(four)).toEqual([
      {
        code: 'HARD_TO_EXPLAIN',
        ...{ kind: 'earning-rule', id: 'r', version: 1 },
        detail: {
          en: 'The rule takes 5 conditions to explain; more than 3 are hard to explain to a member.',
          'zh-Hant': '這條規則需要 5 個條件才能說明；超過 3 個就難以向會員解釋。',
        },
      },
    ]);
  });

  it.each<[string, object, string, readonly string[]]>([
    ['expiry', { expiry: { type: 'never' } }, 'en', ['Points do not expire.']],
    [
      'expiry',
      { expiry: { type: 'endOf', unit: 'year', after: { months: 12 } }, announceExpiryDays: 0 },
      'zh-Hant',
      ['點數有效至可使用之日起 12 個月後的當年底。', '先到期的點數先使用。'],
    ],
    [
      'usable',
      { maximumBalance: 5_000 },
      'en',
      ['Points can be used at once.', 'A balance holds at most 5,000 points; what goes beyond is not given.'],
    ],
    [
      'closing',
      { closing: { graceDays: 30 } },
      'zh-Hant',
      ['會員資格終止後，點數不能再使用；保留 30 天後失效。'],
    ],
    ['transfers', {}, 'en', ['Members cannot send each other points.']],
    [
      'redeeming',
      {
        pointsOffBasket: {
          minorPerPoint: 50,
          minimumPoints: 1,
          maximumPoints: 500,
          maximumMinor: null,
          maximumShare: '0.125',
        },
      },
      'zh-Hant',
      ['消費時 1 點可折抵 0.50 元。', '每次折抵上限為 500 點。', '每次折抵上限為消費金額的 12.5%。'],
    ],
    [
      'returns',
      { returnPolicy: 'forgive' },
      'en',
      [
        'The points that returned goods had earned are taken back.',
        'If these points were used already, nothing more is asked for.',
      ],
    ],
  ])('say of %s what the policy %j has', (section, more, language, expected) => {
    const policy = {
      pointName: 'points',
      expiry: { type: 'months', months: 12 },
      pointsOffBasket: null,
      ...more,
    };
    const definitions = { 'programme-policy': { main: policy } };
    expect(sentencesOf(section, definitions, language as 'en')).toEqual(expected);
  });

  it('say what the points are called, where they have a name of their own', () => {
    const policy = { pointName: '金幣', expiry: { type: 'never' }, pointsOffBasket: null };
    const definitions = { 'programme-policy': { main: policy } };
    expect(sentencesOf('earning', definitions, 'zh-Hant')[0]).toBe('本計畫的點數稱為「金幣」。');
  });
});
