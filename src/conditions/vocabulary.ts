/** Types of the values that conditions read and name. */
export type ValueType = 'string' | 'int' | 'bool' | 'Decimal' | 'list<Line>';

export interface Field {
  readonly type: ValueType;
  readonly en: string;
  readonly zh: string;
  /** Compared as categories and tenders are everywhere: trimmed and in lower case, so literals must be written so. */
  readonly isWord?: true;
  /** A day as YYYY-MM-DD. */
  readonly isDate?: true;
  /** The least and the most that it can be. */
  readonly range?: readonly [least: bigint, most: bigint];
}

export interface Method extends Field {
  /** The one argument is a text in quotes. */
  readonly argument: 'attribute' | 'word' | 'window' | 'activity';
}

export interface Subject {
  readonly en: string;
  readonly zh: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly methods: Readonly<Record<string, Method>>;
}

const ATTRIBUTES: Readonly<Record<string, Method>> = {
  text: {
    type: 'string',
    argument: 'attribute',
    en: 'an attribute as text; "" where it is absent',
    zh: '文字屬性；沒有時為 ""',
  },
  number: {
    type: 'Decimal',
    argument: 'attribute',
    en: 'an attribute as a number; unknown where it is absent',
    zh: '數字屬性；沒有時為未知',
  },
  flag: {
    type: 'bool',
    argument: 'attribute',
    en: 'whether an attribute is true; false where it is absent',
    zh: '屬性是否為真；沒有時為否',
  },
};

const money = (en: string, zh: string): Field => ({ type: 'int', en, zh });

/** All that a condition may read; whatever is not here does not exist for it. */
export const VOCABULARY = {
  receipt: {
    en: 'the receipt',
    zh: '收據',
    fields: {
      amountMinor: money('what its lines cost, tax included, in minor units', '明細含稅金額（最小貨幣單位）'),
      netMinor: money('what its lines cost without tax, in minor units', '明細未稅金額（最小貨幣單位）'),
      lineCount: { type: 'int', en: 'number of lines', zh: '明細筆數' },
      categoryCount: { type: 'int', en: 'number of different categories', zh: '不同品類數' },
      source: { type: 'string', en: 'the till or shop that posted it', zh: '來源（POS 或商店）' },
      channel: {
        type: 'string',
        isWord: true,
        en: 'the channel; "" where it has none',
        zh: '通路；沒有時為 ""',
      },
      lines: { type: 'list<Line>', en: 'the lines', zh: '明細' },
    },
    methods: {
      ...ATTRIBUTES,
      hasCategory: {
        type: 'bool',
        argument: 'word',
        en: 'whether a line has the category',
        zh: '是否有此品類的明細',
      },
      amountOf: {
        type: 'int',
        argument: 'word',
        en: 'what lines of the category cost, tax included, in minor units',
        zh: '此品類的含稅金額（最小貨幣單位）',
      },
      paidWith: {
        type: 'int',
        argument: 'word',
        en: 'minor units paid with the tender',
        zh: '以此付款方式支付的金額（最小貨幣單位）',
      },
    },
  },
  line: {
    en: 'the line',
    zh: '明細',
    fields: {
      sku: { type: 'string', en: 'article number', zh: '商品編號' },
      category: {
        type: 'string',
        isWord: true,
        en: 'category; "" where it has none',
        zh: '品類；沒有時為 ""',
      },
      brand: { type: 'string', en: 'brand; "" where it has none', zh: '品牌；沒有時為 ""' },
      amountMinor: money('what it costs, tax included, in minor units', '含稅金額（最小貨幣單位）'),
      netMinor: money('what it costs without tax, in minor units', '未稅金額（最小貨幣單位）'),
      quantity: { type: 'Decimal', en: 'pieces, kilograms, litres', zh: '數量（件、公斤、公升）' },
    },
    methods: ATTRIBUTES,
  },
  activity: {
    en: 'the activity',
    zh: '活動紀錄',
    fields: {
      type: { type: 'string', en: 'key of its type', zh: '活動類型代碼' },
      source: { type: 'string', en: 'the till or shop that reported it', zh: '回報來源（POS 或商店）' },
    },
    methods: {
      ...ATTRIBUTES,
      date: {
        type: 'string',
        argument: 'attribute',
        isDate: true,
        en: 'an attribute as a day, such as "2026-11-22"; unknown where it is absent',
        zh: '日期屬性，例如 "2026-11-22"；沒有時為未知',
      },
    },
  },
  member: {
    en: 'the member on the day of the receipt',
    zh: '收據當日的會員',
    fields: {
      tier: { type: 'string', en: 'rung of the ladder; "" without one', zh: '等級；沒有時為 ""' },
      hasBirthDate: { type: 'bool', en: 'whether the birth date is known', zh: '是否有生日資料' },
      age: { type: 'int', en: 'whole years; unknown without a birth date', zh: '足歲；沒有生日時為未知' },
      birthMonth: {
        type: 'int',
        range: [1n, 12n],
        en: '1 to 12; unknown without a birth date',
        zh: '出生月份 1 到 12；沒有生日時為未知',
      },
      birthDay: {
        type: 'int',
        range: [1n, 31n],
        en: '1 to 31; unknown without a birth date',
        zh: '出生日 1 到 31；沒有生日時為未知',
      },
      daysEnrolled: { type: 'int', en: 'days since enrolment', zh: '入會天數' },
    },
    methods: ATTRIBUTES,
  },
  history: {
    en: 'what the member bought and did before',
    zh: '會員先前的消費與活動',
    fields: {
      isFirstPurchase: {
        type: 'bool',
        en: 'whether there was no purchase before',
        zh: '是否為首次消費',
      },
      daysSinceLastVisit: {
        type: 'int',
        en: 'days since the last day with a purchase; unknown without one',
        zh: '距上次消費日的天數；沒有時為未知',
      },
    },
    methods: {
      purchases: {
        type: 'int',
        argument: 'window',
        en: 'purchases in the window',
        zh: '期間內的消費筆數',
      },
      visits: {
        type: 'int',
        argument: 'window',
        en: 'different days with a purchase in the window',
        zh: '期間內有消費的天數',
      },
      spend: {
        type: 'int',
        argument: 'window',
        en: 'minor units spent in the window, tax included, less returns',
        zh: '期間內的含稅消費金額，扣除退貨（最小貨幣單位）',
      },
      activities: {
        type: 'int',
        argument: 'activity',
        en: 'activities of the type before, such as "check-in" or "check-in within 30 days"',
        zh: '先前此類型的活動數，例如 "check-in" 或 "check-in within 30 days"',
      },
      daysSinceActivity: {
        type: 'int',
        argument: 'activity',
        en: 'days since the last activity of the type; unknown without one',
        zh: '距上次此類型活動的天數；沒有時為未知',
      },
    },
  },
  time: {
    en: "when the receipt occurred, in the programme's zone",
    zh: '收據發生時間（計畫時區）',
    fields: {
      date: {
        type: 'string',
        isDate: true,
        en: 'the day, such as "2026-11-22"',
        zh: '日期，例如 "2026-11-22"',
      },
      year: { type: 'int', en: 'year', zh: '年' },
      month: { type: 'int', range: [1n, 12n], en: '1 to 12', zh: '月，1 到 12' },
      day: { type: 'int', range: [1n, 31n], en: '1 to 31', zh: '日，1 到 31' },
      weekday: { type: 'int', range: [1n, 7n], en: '1 Monday to 7 Sunday', zh: '星期，1 為週一，7 為週日' },
      hour: { type: 'int', range: [0n, 23n], en: '0 to 23', zh: '時，0 到 23' },
      minute: { type: 'int', range: [0n, 59n], en: '0 to 59', zh: '分，0 到 59' },
    },
    methods: {},
  },
} as const satisfies Readonly<Record<string, Subject>>;

export type SubjectName = keyof typeof VOCABULARY;

/**
 * What a condition is about: a whole receipt, one of its lines, an activity, or an occasion of the member that brings no
 * values of its own.
 */
export const CONDITION_SCOPES = ['receipt', 'line', 'activity', 'occasion'] as const;
export type ConditionScope = (typeof CONDITION_SCOPES)[number];

/** The subjects that a condition of a scope may name. */
export const SUBJECTS_OF: Readonly<Record<ConditionScope, readonly SubjectName[]>> = {
  receipt: ['receipt', 'member', 'history', 'time'],
  line: ['line', 'receipt', 'member', 'history', 'time'],
  activity: ['activity', 'member', 'history', 'time'],
  occasion: ['member', 'history', 'time'],
};

/** A subject by its name; undefined for any other text. */
export function subjectOf(name: string): Subject | undefined {
  return Object.hasOwn(VOCABULARY, name) ? VOCABULARY[name as SubjectName] : undefined;
}
