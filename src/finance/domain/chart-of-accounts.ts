/** Accounts the entries of the adjust mode name (docs/accounting.md#chart-of-accounts). */
export type AccountRole =
  'CL_POINTS' | 'REV_DEFERRAL' | 'REV_POINTS' | 'REV_BREAKAGE' | 'SALES_ALLOWANCE' | 'OPENING' | 'ROUNDING';

/** The account that is reconciled with the lots. */
export const CONTROL_ACCOUNT = 'CL_POINTS';

/** The account, and the event code, of what brings the control account to the rounding of the whole liability. */
export const ROUNDING = 'ROUNDING';

/** Languages that names and memos come in. */
export const LANGUAGES = ['en', 'zh-Hant'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface ChartAccount {
  readonly role: AccountRole;
  readonly code: string;
  readonly name: Readonly<Record<Language, string>>;
}

export const DEFAULT_CHART: Readonly<Record<AccountRole, ChartAccount>> = {
  CL_POINTS: {
    role: 'CL_POINTS',
    code: '2130-10',
    name: { en: 'Contract liability - points', 'zh-Hant': '合約負債-點數' },
  },
  REV_DEFERRAL: {
    role: 'REV_DEFERRAL',
    code: '4110-91',
    name: { en: 'Sales revenue - points deferred', 'zh-Hant': '銷貨收入-點數遞延(減項)' },
  },
  REV_POINTS: {
    role: 'REV_POINTS',
    code: '4110-92',
    name: { en: 'Revenue from points redeemed', 'zh-Hant': '點數兌換收入' },
  },
  REV_BREAKAGE: {
    role: 'REV_BREAKAGE',
    code: '4110-93',
    name: { en: 'Revenue from points expired', 'zh-Hant': '點數失效收入' },
  },
  SALES_ALLOWANCE: {
    role: 'SALES_ALLOWANCE',
    code: '4190',
    name: { en: 'Sales allowances', 'zh-Hant': '銷貨折讓' },
  },
  OPENING: {
    role: 'OPENING',
    code: '3990-90',
    name: { en: 'Opening balances - clearing', 'zh-Hant': '期初開帳-過渡科目' },
  },
  ROUNDING: {
    role: 'ROUNDING',
    code: '7590-90',
    name: { en: 'Rounding differences', 'zh-Hant': '尾差調整' },
  },
};

/** Every role in the order of their names. */
export const ACCOUNT_ROLES = (Object.keys(DEFAULT_CHART) as AccountRole[]).sort();

/**
 * Which accounts an event code posts between. Every code moves the contract liability against one account, but
 * for E19: a transfer moves it from lot to lot, so over a programme it adds up to nothing and posts nothing.
 */
export interface EventPosting {
  readonly code: string;
  /** The account against CL_POINTS. */
  readonly counterpart: AccountRole;
  readonly memo: Readonly<Record<Language, string>>;
}

export const EVENT_POSTINGS: readonly EventPosting[] = [
  {
    code: 'E01',
    counterpart: 'REV_DEFERRAL',
    memo: { en: 'Points earned with purchases', 'zh-Hant': '消費給點' },
  },
  {
    code: 'E03',
    counterpart: 'SALES_ALLOWANCE',
    memo: { en: 'Points granted as compensation', 'zh-Hant': '補償給點' },
  },
  { code: 'E06', counterpart: 'REV_POINTS', memo: { en: 'Points redeemed', 'zh-Hant': '點數兌換' } },
  {
    code: 'E12',
    counterpart: 'REV_POINTS',
    memo: { en: 'Redemptions reversed', 'zh-Hant': '兌換沖回' },
  },
  {
    code: 'E15',
    counterpart: 'REV_BREAKAGE',
    memo: { en: 'Points expired or forfeited', 'zh-Hant': '點數失效' },
  },
  {
    code: 'E17',
    counterpart: 'REV_DEFERRAL',
    memo: { en: 'Points clawed back or cancelled', 'zh-Hant': '退貨扣回點數' },
  },
  {
    code: 'E26',
    counterpart: 'OPENING',
    memo: { en: 'Opening balance brought in', 'zh-Hant': '期初點數轉入' },
  },
  // A correction mirrors the event that it corrects, and stands under one code whichever that was.
  {
    code: 'E24 E01',
    counterpart: 'REV_DEFERRAL',
    memo: { en: 'Points of a rule taken back', 'zh-Hant': '規則給點更正' },
  },
  {
    code: 'E24 E03',
    counterpart: 'SALES_ALLOWANCE',
    memo: { en: 'Points given by hand taken back', 'zh-Hant': '人工給點更正' },
  },
  {
    code: 'E24 E15',
    counterpart: 'REV_BREAKAGE',
    memo: { en: 'Forfeited points given back', 'zh-Hant': '沒收點數更正' },
  },
];

/** The event code as it is shown: without what it mirrors. */
export function shownCode(code: string): string {
  return code.split(' ', 1)[0] as string;
}

const POSTING_BY_CODE = new Map(EVENT_POSTINGS.map((posting) => [posting.code, posting]));

/** The account an event code posts against the contract liability. @throws RangeError for a code without one. */
export function counterpartOf(eventCode: string): AccountRole {
  const posting = POSTING_BY_CODE.get(eventCode);
  if (!posting) throw new RangeError(`event code ${eventCode} has money but no accounts`);
  return posting.counterpart;
}
