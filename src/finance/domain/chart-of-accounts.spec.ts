import {
  shownCode,
  ACCOUNT_ROLES,
  counterpartOf,
  DEFAULT_CHART,
  EVENT_POSTINGS,
} from './chart-of-accounts.js';

/** docs/accounting.md#chart-of-accounts */
const CHART = [
  ['CL_POINTS', '2130-10', 'Contract liability - points', '合約負債-點數'],
  ['REV_DEFERRAL', '4110-91', 'Sales revenue - points deferred', '銷貨收入-點數遞延(減項)'],
  ['REV_POINTS', '4110-92', 'Revenue from points redeemed', '點數兌換收入'],
  ['REV_BREAKAGE', '4110-93', 'Revenue from points expired', '點數失效收入'],
  ['SALES_ALLOWANCE', '4190', 'Sales allowances', '銷貨折讓'],
  ['OPENING', '3990-90', 'Opening balances - clearing', '期初開帳-過渡科目'],
  ['ROUNDING', '7590-90', 'Rounding differences', '尾差調整'],
] as const;

/** docs/accounting.md#entries */
const POSTINGS = [
  ['E01', 'REV_DEFERRAL', 'Points earned with purchases', '消費給點'],
  ['E03', 'SALES_ALLOWANCE', 'Points granted as compensation', '補償給點'],
  ['E06', 'REV_POINTS', 'Points redeemed', '點數兌換'],
  ['E12', 'REV_POINTS', 'Redemptions reversed', '兌換沖回'],
  ['E15', 'REV_BREAKAGE', 'Points expired or forfeited', '點數失效'],
  ['E17', 'REV_DEFERRAL', 'Points clawed back or cancelled', '退貨扣回點數'],
  ['E24 E01', 'REV_DEFERRAL', 'Points of a rule taken back', '規則給點更正'],
  ['E24 E03', 'SALES_ALLOWANCE', 'Points given by hand taken back', '人工給點更正'],
  ['E24 E15', 'REV_BREAKAGE', 'Forfeited points given back', '沒收點數更正'],
  ['E26', 'OPENING', 'Opening balance brought in', '期初點數轉入'],
] as const;

describe('the default chart', () => {
  it.each(CHART)('has %s at %s', (role, code, en, chinese) => {
    expect(DEFAULT_CHART[role]).toEqual({ role, code, name: { en, 'zh-Hant': chinese } });
  });

  it('has no other role, and lists them by name', () => {
    expect(ACCOUNT_ROLES).toEqual(CHART.map(([role]) => role).sort());
  });
});

describe('what an event posts against the contract liability', () => {
  it.each(POSTINGS)('%s: %s', (code, counterpart, en, chinese) => {
    expect(counterpartOf(code)).toBe(counterpart);
    expect(EVENT_POSTINGS.find((posting) => posting.code === code)?.memo).toEqual({ en, 'zh-Hant': chinese });
  });

  it('is said once for each code, and for no other', () => {
    expect(EVENT_POSTINGS.map(({ code }) => code).sort()).toEqual(POSTINGS.map(([code]) => code));
  });

  it('is shown under the code of its own, whatever a correction mirrors', () => {
    expect(['E01', 'E24 E03', 'E24 E15', 'ROUNDING'].map(shownCode)).toEqual([
      'E01',
      'E24',
      'E24',
      'ROUNDING',
    ]);
  });

  it('is unknown for a code that moves no money', () => {
    expect(() => counterpartOf('E02')).toThrow(new RangeError('event code E02 has money but no accounts'));
  });
});
