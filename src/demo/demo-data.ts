import type { ActivityType } from '../activity-types/index.js';
import type { PublishedEarningRule } from '../earning/index.js';
import type { AccountingPolicy } from '../finance/index.js';
import type { PublishedProgrammePolicy } from '../programmes/index.js';
import type { Reward } from '../redemptions/index.js';
import type { TierSet } from '../tiers/index.js';

/** An attribute of an activity that says no more than its name and type. */
const ATTRIBUTE = { required: false, maxLength: null, minimum: null, maximum: null, values: null } as const;

/** The demo programme: a Taipei shop, one point for each NT$10, a point takes NT$1 off a basket. */
export const DEMO_POLICY: PublishedProgrammePolicy = {
  pointName: '點',
  expiry: { type: 'months', months: 12 },
  pointsOffBasket: { minorPerPoint: 100, minimumPoints: 10 },
  transfers: { expiry: 'keep', minimumPoints: 10, maximumPoints: null },
  backdating: { receiptDays: 30, returnDays: 90, creditDays: 7, olderReceipts: 'postWhenRecorded' },
};

export const DEMO_ACCOUNTING_POLICY: AccountingPolicy = {
  entity: 'TW01',
  method: 'relative_ssp',
  valuePerPoint: '1',
  redemptionProbability: '0.9',
  valueIncludesTax: true,
  taxRate: '0.05',
  accounts: {},
};

export const DEMO_TIER_SET: TierSet = {
  measure: 'spend',
  window: { type: 'rolling', months: 12 },
  tiers: [
    { key: 'basic', name: '一般會員 Basic', threshold: 0 },
    { key: 'silver', name: '銀卡 Silver', threshold: 1_000_000 },
    { key: 'gold', name: '金卡 Gold', threshold: 3_000_000 },
    { key: 'platinum', name: '白金卡 Platinum', threshold: 10_000_000 },
  ],
};

export const DEMO_RULES: Readonly<Record<string, PublishedEarningRule>> = {
  base: {
    name: '消費每10元1點 One point for each NT$10',
    active: true,
    origin: 'purchase',
    basis: 'gross',
    amount: {
      type: 'perSpend',
      points: 1,
      stepMinor: 1_000,
      tierMultipliers: { silver: '1.2', gold: '1.5', platinum: '2' },
    },
    lines: { includeCategories: [], excludeCategories: ['tobacco', 'gift-card'] },
    expiry: null,
    endsAt: null,
  },
  'profile-gift': activityRule(
    '完成個人資料送100點 100 points for a complete profile',
    'profile-completed',
    100,
    'total',
  ),
  'review-gift': activityRule('評論送30點，每日一次 30 points for a review, once a day', 'review', 30, 'day'),
  'check-in-gift': activityRule(
    '打卡送5點，每日一次 5 points for a check-in, once a day',
    'check-in',
    5,
    'day',
  ),
  'big-basket': {
    name: '滿3000元加贈100點 100 points from NT$3,000 on',
    active: true,
    origin: 'purchase',
    basis: 'gross',
    amount: { type: 'basketBonus', points: 100, minimumMinor: 300_000 },
    lines: { includeCategories: [], excludeCategories: ['tobacco', 'gift-card'] },
    expiry: { type: 'months', months: 3 },
    endsAt: null,
  },
};

/** Ready-made types of activities; `custom` is for what has no type of its own yet. */
export const DEMO_ACTIVITY_TYPES: Readonly<Record<string, ActivityType>> = {
  'sign-up': activityType('Sign-up', '註冊'),
  'profile-completed': activityType('Profile completed', '完成個人資料'),
  review: activityType('Review', '評論', [
    { ...ATTRIBUTE, name: 'stars', type: 'whole', required: true, minimum: '1', maximum: '5' },
    { ...ATTRIBUTE, name: 'text', type: 'text', maxLength: 2_000 },
  ]),
  'check-in': activityType('Check-in', '打卡', [
    { ...ATTRIBUTE, name: 'store', type: 'text', maxLength: 40 },
  ]),
  'survey-answered': activityType('Survey answered', '填寫問卷', [
    { ...ATTRIBUTE, name: 'survey', type: 'text', required: true, maxLength: 40 },
  ]),
  'app-installed': activityType('App installed', '安裝 App', [
    { ...ATTRIBUTE, name: 'platform', type: 'oneOf', values: ['ios', 'android'] },
  ]),
  'store-visit': activityType('Store visit', '到店', [
    { ...ATTRIBUTE, name: 'store', type: 'text', required: true, maxLength: 40 },
  ]),
  custom: activityType('Custom', '自訂', [
    { ...ATTRIBUTE, name: 'what', type: 'text', required: true, maxLength: 200 },
  ]),
};

export const DEMO_REWARDS: Readonly<Record<string, Reward>> = {
  coffee: { name: '中杯美式咖啡 Americano', active: true, points: 45, discountMinor: 0, stocked: false },
  'tote-bag': { name: '帆布袋 Canvas tote bag', active: true, points: 300, discountMinor: 0, stocked: true },
  'ntd-100': {
    name: '100元折價 NT$100 off',
    active: true,
    points: 100,
    discountMinor: 10_000,
    stocked: false,
  },
};

export const DEMO_STOCK: Readonly<Record<string, number>> = { 'tote-bag': 50 };

export const DEMO_MEMBERS = [
  member('C-1001', '2900100', '+886912345678', '1990-05-03', 380),
  member('C-1002', '2900101', '+886922333444', '1985-11-20', 300),
  member('C-1003', '2900102', '+886933555666', null, 200),
  member('C-1004', '2900103', '+886955777888', '2001-02-14', 90),
  member('C-1005', '2900104', '+886966999000', null, 10),
];

type Item = readonly [sku: string, category: string, amountMinor: number];

export const DEMO_PURCHASES: readonly {
  readonly daysAgo: number;
  readonly externalId: string;
  readonly amounts: readonly Item[];
}[] = [
  { daysAgo: 370, externalId: 'C-1001', amounts: [['A-77', 'grocery', 125_000]] },
  { daysAgo: 290, externalId: 'C-1002', amounts: [['B-10', 'household', 480_000]] },
  {
    daysAgo: 240,
    externalId: 'C-1001',
    amounts: [
      ['A-12', 'grocery', 89_900],
      ['C-31', 'bakery', 24_000],
    ],
  },
  { daysAgo: 180, externalId: 'C-1003', amounts: [['D-02', 'appliance', 3_200_000]] },
  {
    daysAgo: 150,
    externalId: 'C-1001',
    amounts: [
      ['A-77', 'grocery', 315_000],
      ['T-01', 'tobacco', 12_000],
    ],
  },
  { daysAgo: 80, externalId: 'C-1004', amounts: [['C-31', 'bakery', 18_500]] },
  { daysAgo: 60, externalId: 'C-1002', amounts: [['B-11', 'household', 620_000]] },
  { daysAgo: 30, externalId: 'C-1001', amounts: [['A-77', 'grocery', 560_000]] },
  {
    daysAgo: 14,
    externalId: 'C-1003',
    amounts: [
      ['A-80', 'grocery', 73_500],
      ['C-32', 'bakery', 9_000],
    ],
  },
  { daysAgo: 7, externalId: 'C-1005', amounts: [['A-81', 'grocery', 105_000]] },
  { daysAgo: 2, externalId: 'C-1001', amounts: [['C-33', 'bakery', 32_000]] },
];

function activityType(en: string, zhHant: string, attributes: ActivityType['attributes'] = []): ActivityType {
  return {
    names: { en, 'zh-Hant': zhHant },
    attributes,
    reportedBy: ['pos', 'activities', 'admin'],
    daysBack: 30,
    secondsAhead: 300,
    extendsExpiry: false,
    retired: false,
  };
}

/** Points for an activity, once in a period. */
/** Gifts that begin on the day after the first start, so that the demo begins with the same figures on any day. */
export const DEMO_GIFTS: Readonly<Record<string, PublishedEarningRule>> = {
  'birthday-gift': {
    ...gift('生日送100點 100 points on the birthday', 100),
    trigger: { type: 'calendar', on: 'birthday', everyYears: 1, leapDay: '02-28' },
  },
  'gold-gift': {
    ...gift('升等金卡送500點 500 points on promotion to gold', 500),
    trigger: { type: 'promotion', tier: 'gold' },
  },
};

function gift(name: string, points: number): PublishedEarningRule {
  return {
    name,
    active: true,
    origin: 'non_purchase',
    basis: 'gross',
    amount: { type: 'fixed', points },
    lines: { includeCategories: [], excludeCategories: [] },
    expiry: { type: 'months', months: 3 },
    endsAt: null,
  };
}

function activityRule(
  name: string,
  activity: string,
  points: number,
  period: 'day' | 'total',
): PublishedEarningRule {
  return {
    ...gift(name, points),
    trigger: { type: 'activity', activity },
    limits: [{ period, points: null, times: 1 }],
  };
}

function member(
  externalId: string,
  card: string,
  phone: string,
  birthDate: string | null,
  enrolledDaysAgo: number,
) {
  return {
    externalId,
    identities: [
      { type: 'card', value: card },
      { type: 'phone', value: phone },
    ],
    birthDate,
    attributes: { store: 'A12' },
    enrolledDaysAgo,
  };
}
