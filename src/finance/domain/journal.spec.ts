import { accountsOf } from './account-codes.js';
import {
  journalEntries,
  postedBalances,
  type AccountCodes,
  type GroupTotal,
  type JournalBasis,
  type JournalEntry,
} from './journal.js';

const JANUARY_1 = '2026-01-01';
const DEFAULT_CODES: AccountCodes = { on: () => accountsOf(undefined), changes: [] };
const total = (postingDate: string, eventCode: string, liability: bigint, manual = false): GroupTotal => ({
  postingDate,
  eventCode,
  manual,
  liability,
});
const basis = (totals: readonly GroupTotal[], more: Partial<JournalBasis> = {}): JournalBasis => ({
  from: JANUARY_1,
  beforeYear: [],
  beforeRange: [],
  totals,
  ...more,
});
const journal = (...totals: readonly GroupTotal[]) => journalEntries(basis(totals), DEFAULT_CODES);
/** Kind and lines of entries as `code role debit credit`. */
const told = (entries: readonly JournalEntry[]) =>
  entries.map(({ kind, postingDate, lines }) => [
    `${postingDate} ${kind}`,
    ...lines.map(
      ({ eventCode, manual, accountCode, debit, credit }) =>
        `${eventCode}${manual ? ' manual' : ''} ${accountCode} ${debit} ${credit}`,
    ),
  ]);

describe('journalEntries', () => {
  it('posts each event between its two accounts in minor units', () => {
    const entries = journal(
      total(JANUARY_1, 'E15', -950_000n),
      total(JANUARY_1, 'E01', 78_950_000n),
      total(JANUARY_1, 'E06', -10_000_000n),
    );
    const named = (role: string, accountCode: string, debit: bigint, credit: bigint) => ({
      ...{ manual: false, role, accountCode, debit, credit },
    });
    expect(entries).toEqual([
      {
        kind: 'events',
        postingDate: JANUARY_1,
        lines: [
          { eventCode: 'E01', ...named('REV_DEFERRAL', '4110-91', 7895n, 0n) },
          { eventCode: 'E01', ...named('CL_POINTS', '2130-10', 0n, 7895n) },
          { eventCode: 'E06', ...named('CL_POINTS', '2130-10', 1000n, 0n) },
          { eventCode: 'E06', ...named('REV_POINTS', '4110-92', 0n, 1000n) },
          { eventCode: 'E15', ...named('CL_POINTS', '2130-10', 95n, 0n) },
          { eventCode: 'E15', ...named('REV_BREAKAGE', '4110-93', 0n, 95n) },
        ],
      },
    ]);
  });

  it('balances every event code by itself, by hand and not, where roundings would come apart', () => {
    // Half up: 0.5 is 1 three times, and so is their sum 1.5 rounded, 2: the liability needs one unit less.
    const entries = journal(
      total(JANUARY_1, 'E01', 5_000n),
      total(JANUARY_1, 'E03', 5_000n),
      total(JANUARY_1, 'E03', 5_000n, true),
    );
    expect(told(entries)).toEqual([
      [
        '2026-01-01 events',
        'E01 4110-91 1 0',
        'E01 2130-10 0 1',
        'E03 4190 1 0',
        'E03 2130-10 0 1',
        'E03 manual 4190 1 0',
        'E03 manual 2130-10 0 1',
      ],
      ['2026-01-01 rounding', 'ROUNDING 2130-10 1 0', 'ROUNDING 7590-90 0 1'],
    ]);
  });

  it('takes the rounding back on the day on which the sums need it no more', () => {
    const entries = journal(
      total('2026-01-01', 'E01', 4_000n),
      total('2026-01-01', 'E03', 4_000n),
      total('2026-01-02', 'E03', 4_000n),
    );
    expect(told(entries)).toEqual([
      ['2026-01-01 rounding', 'ROUNDING 7590-90 1 0', 'ROUNDING 2130-10 0 1'],
      ['2026-01-02 events', 'E03 4190 1 0', 'E03 2130-10 0 1'],
      ['2026-01-02 rounding', 'ROUNDING 2130-10 1 0', 'ROUNDING 7590-90 0 1'],
    ]);
  });

  it('carries what is less than a unit until it makes one', () => {
    const entries = journal(
      total('2026-01-01', 'E01', 4_000n),
      total('2026-01-02', 'E01', 4_000n),
      total('2026-01-03', 'E01', 4_000n),
    );
    expect(told(entries)).toEqual([['2026-01-02 events', 'E01 4110-91 1 0', 'E01 2130-10 0 1']]);
  });

  it('goes on from what was before the range as if it had never stopped', () => {
    const days = [total('2026-01-01', 'E01', 14_999n), total('2026-01-02', 'E01', 2n)];
    const [first, second] = days as [GroupTotal, GroupTotal];
    const whole = journal(first, second);
    expect(whole).toHaveLength(2);
    for (const opening of [{ beforeYear: [first] }, { beforeRange: [first] }])
      expect(journalEntries(basis([second], opening), DEFAULT_CODES)).toEqual(whole.slice(1));
  });

  it('posts nothing for points without money, whatever their code', () => {
    expect(journal(total(JANUARY_1, 'E02', 0n), total(JANUARY_1, 'E19', 0n))).toEqual([]);
  });

  it('refuses a code that has money but no accounts', () => {
    expect(() => journal(total(JANUARY_1, 'E99', 10_000n))).toThrow('E99');
  });
});

describe('an account code that changes', () => {
  /** The liability moves to 2131 on 1 February, revenue from points to 4112. */
  const codes = (day: string, ...changes: string[]): AccountCodes => ({
    on: (asked) =>
      accountsOf(
        asked < day
          ? undefined
          : {
              version: 2,
              effectiveAt: 0,
              publishedAt: 0,
              accounts: { CL_POINTS: '2131', REV_POINTS: '4112' },
            },
      ),
    changes,
  });
  const sold = total('2026-01-10', 'E01', 90_000_000n);
  const used = total('2026-01-20', 'E06', -30_000_000n);

  it('takes its balance along, and is posted to from its day on', () => {
    const entries = journalEntries(
      basis([sold, used, total('2026-02-01', 'E06', -10_000_000n)]),
      codes('2026-02-01', '2026-02-01'),
    );
    expect(told(entries).slice(2)).toEqual([
      [
        '2026-02-01 reclassification',
        'RECLASS 2130-10 6000 0',
        'RECLASS 2131 0 6000',
        'RECLASS 4110-92 3000 0',
        'RECLASS 4112 0 3000',
      ],
      ['2026-02-01 events', 'E06 2131 1000 0', 'E06 4112 0 1000'],
    ]);
  });

  it('is reclassified on a day on which nothing else happens, and in an export that begins with that day', () => {
    const entries = journalEntries(
      basis([], { from: '2026-02-01', beforeRange: [sold, used] }),
      codes('2026-02-01', '2026-02-01'),
    );
    expect(told(entries).map(([kind]) => kind)).toEqual(['2026-02-01 reclassification']);
    expect(entries[0]?.lines.map(({ debit }) => debit)).toEqual([6000n, 0n, 3000n, 0n]);
  });

  it.each([
    ['in the middle of a year that began before the range', '2026-02-01', '2026-02-01', [used], []],
    ['in the middle of a year that began inside the range', '2027-02-01', '2026-06-01', [], [used]],
  ])(
    'takes of an income account what the year has come to: %s',
    (_, day, from, beforeRange, totals: GroupTotal[]) => {
      const lastYear = total('2025-12-31', 'E06', -20_000_000n);
      const thisYear = total('2027-01-15', 'E06', -5_000_000n);
      const inYear = day.startsWith('2027') ? [...totals, thisYear] : [];
      const { lines } = journalEntries(
        { from, beforeYear: [sold, lastYear], beforeRange, totals: inYear },
        codes(day, day),
      ).find(({ kind }) => kind === 'reclassification') as JournalEntry;
      const revenue = lines.filter(({ role }) => role === 'REV_POINTS');
      expect(revenue.map(({ debit, credit }) => debit + credit)).toEqual(
        day.startsWith('2027') ? [500n, 500n] : [3000n, 3000n],
      );
    },
  );

  it('leaves income accounts where they are on the first day of a year: the ledger begins anew', () => {
    const entries = journalEntries(
      basis([], { from: '2026-06-01', beforeRange: [sold, used] }),
      codes('2027-01-01', '2027-01-01'),
    );
    expect(told(entries)).toEqual([
      ['2027-01-01 reclassification', 'RECLASS 2130-10 6000 0', 'RECLASS 2131 0 6000'],
    ]);
  });

  it('leaves no document where the codes stay the same, or there is no balance', () => {
    expect(journalEntries(basis([sold]), { ...DEFAULT_CODES, changes: ['2026-02-01'] })).toHaveLength(1);
    expect(journalEntries(basis([]), codes('2026-02-01', '2026-02-01'))).toEqual([]);
  });
});

describe('postedBalances', () => {
  it('has each group half up, the control account half up, and the rest as rounding', () => {
    // -0.3, -0.3 and 0.6 cannot all be rounded half up and add up to nothing; the rounding is a document by itself.
    const exact = [
      { eventCode: 'E01', manual: false, liability: 6_000n },
      { eventCode: 'E06', manual: false, liability: -3_000n },
      { eventCode: 'E15', manual: false, liability: -3_000n },
    ];
    expect(postedBalances(exact)).toEqual({
      CL_POINTS: 0n,
      OPENING: 0n,
      REV_BREAKAGE: 0n,
      REV_DEFERRAL: 1n,
      REV_POINTS: 0n,
      ROUNDING: -1n,
      SALES_ALLOWANCE: 0n,
    });
  });

  it('rounds half a unit away from zero, in both directions', () => {
    expect(postedBalances([{ eventCode: 'E06', manual: false, liability: -5_000n }])).toMatchObject({
      CL_POINTS: 1n,
      REV_POINTS: -1n,
      ROUNDING: 0n,
    });
  });
});
