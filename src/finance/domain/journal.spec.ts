import { addToBalances, journalEntries, NO_BALANCES, postedBalances, type Balances } from './journal.js';

const JANUARY_1 = '2026-01-01';
const total = (postingDate: string, eventCode: string, liability: bigint, manual = false) => ({
  postingDate,
  eventCode,
  manual,
  liability,
});

describe('journalEntries', () => {
  it('posts each event between its two accounts in minor units', () => {
    const entries = journalEntries(NO_BALANCES, [
      total(JANUARY_1, 'E01', 78_950_000n),
      total(JANUARY_1, 'E06', -10_000_000n),
      total(JANUARY_1, 'E15', -950_000n),
    ]);
    expect(entries).toEqual([
      {
        postingDate: JANUARY_1,
        lines: [
          { eventCode: 'E01', manual: false, role: 'REV_DEFERRAL', debit: 7895n, credit: 0n },
          { eventCode: 'E01', manual: false, role: 'CL_POINTS', debit: 0n, credit: 7895n },
          { eventCode: 'E06', manual: false, role: 'CL_POINTS', debit: 1000n, credit: 0n },
          { eventCode: 'E06', manual: false, role: 'REV_POINTS', debit: 0n, credit: 1000n },
          { eventCode: 'E15', manual: false, role: 'CL_POINTS', debit: 95n, credit: 0n },
          { eventCode: 'E15', manual: false, role: 'REV_BREAKAGE', debit: 0n, credit: 95n },
        ],
      },
    ]);
  });

  it('keeps what was done by hand on lines of its own, adding up to the same balances', () => {
    const byHand = journalEntries(NO_BALANCES, [
      total(JANUARY_1, 'E15', -5_000_000n),
      total(JANUARY_1, 'E01', 9_000_000n),
      total(JANUARY_1, 'E15', -3_000_000n, true),
    ]);
    const breakage = byHand[0]?.lines.filter(({ role }) => role === 'REV_BREAKAGE');
    expect(breakage?.map(({ manual, credit }) => [manual, credit])).toEqual([
      [false, 500n],
      [true, 300n],
    ]);
  });

  it('carries what is less than a unit until it makes one', () => {
    const entries = journalEntries(NO_BALANCES, [
      total('2026-01-01', 'E01', 4_000n),
      total('2026-01-02', 'E01', 4_000n),
      total('2026-01-03', 'E01', 4_000n),
    ]);
    expect(entries.map(({ postingDate }) => postingDate)).toEqual(['2026-01-02']);
    expect(entries[0]?.lines.map(({ debit }) => debit)).toEqual([1n, 0n]);
  });

  it('goes on from the opening balances as if it had never stopped', () => {
    const days = [total('2026-01-01', 'E01', 14_999n), total('2026-01-02', 'E01', 2n)];
    const opening = addToBalances(NO_BALANCES, 'E01', 14_999n);
    expect(journalEntries(opening, days.slice(1))).toEqual(journalEntries(NO_BALANCES, days).slice(1));
  });

  it('posts nothing for points without money, whatever their code', () => {
    expect(journalEntries(NO_BALANCES, [total(JANUARY_1, 'E02', 0n)])).toEqual([]);
  });

  it('names a remainder that moves to an account without an event of its own', () => {
    // In units: deferral 0.6, points -0.2, breakage -0.4; then breakage -0.6, which turns the order of remainders.
    const opening: Balances = {
      CL_POINTS: 0n,
      REV_DEFERRAL: 6_000n,
      SALES_ALLOWANCE: 0n,
      REV_POINTS: -2_000n,
      REV_BREAKAGE: -4_000n,
    };
    expect(postedBalances(opening)).toEqual(NO_BALANCES);
    expect(journalEntries(opening, [total(JANUARY_1, 'E15', -2_000n)])[0]?.lines).toEqual([
      { eventCode: 'E15', manual: false, role: 'REV_BREAKAGE', debit: 0n, credit: 1n },
      { eventCode: 'ROUNDING', manual: false, role: 'REV_DEFERRAL', debit: 1n, credit: 0n },
    ]);
  });

  it('refuses a code that has money but no accounts', () => {
    expect(() => journalEntries(NO_BALANCES, [total(JANUARY_1, 'E99', 1n)])).toThrow('E99');
  });
});

describe('postedBalances', () => {
  it('cannot round every account half up and balance: the counter-example', () => {
    const exact: Balances = {
      CL_POINTS: -6_000n,
      REV_BREAKAGE: 0n,
      REV_DEFERRAL: 3_000n,
      SALES_ALLOWANCE: 0n,
      REV_POINTS: 3_000n,
    };
    // Half up each: -1, 0, 0. What balances moves one account of equal remainder, the first by name.
    expect(postedBalances(exact)).toEqual({
      CL_POINTS: -1n,
      REV_BREAKAGE: 0n,
      REV_DEFERRAL: 1n,
      SALES_ALLOWANCE: 0n,
      REV_POINTS: 0n,
    });
  });

  it('refuses balances that do not add up to zero', () => {
    expect(() => postedBalances({ ...NO_BALANCES, CL_POINTS: 1n })).toThrow(
      new RangeError('the balances are 1 apart'),
    );
  });
});
