import fc from 'fast-check';
import { addToDate } from '../../kernel/time.js';
import { accountsOf } from './account-codes.js';
import { ACCOUNT_ROLES, counterpartOf, ROUNDING, type AccountRole } from './chart-of-accounts.js';
import {
  journalEntries,
  postedBalances,
  RECLASSIFICATION,
  type AccountCodes,
  type GroupSum,
  type GroupTotal,
  type JournalEntry,
  type JournalLine,
} from './journal.js';

const UNIT = 10_000n;
const dayOf = (index: number) => addToDate('2026-12-01', { days: index });
const CODES: AccountCodes = { on: () => accountsOf(undefined), changes: [] };
const NOTHING = { from: dayOf(0), beforeYear: [], beforeRange: [] };

const amount = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
/** Small amounts, so that remainders decide. */
const small = fc.bigInt({ min: -25_000n, max: 25_000n });
const history = (days: number): fc.Arbitrary<GroupTotal[]> =>
  fc.array(
    fc.record({
      postingDate: fc.integer({ min: 0, max: days - 1 }).map(dayOf),
      eventCode: fc.constantFrom('E01', 'E03', 'E06', 'E12', 'E15', 'E17'),
      manual: fc.boolean(),
      liability: fc.oneof(small, amount),
    }),
    { maxLength: 60 },
  );

const journal = (totals: readonly GroupTotal[], codes = CODES) =>
  journalEntries({ ...NOTHING, totals }, codes);
const nameOf = ({ eventCode, manual }: Pick<GroupSum, 'eventCode' | 'manual'>) => `${eventCode} ${manual}`;
const distance = (posted: bigint, exact: bigint) => {
  const off = posted * UNIT - exact;
  return off < 0n ? -off : off;
};
const linesOf = (entries: readonly JournalEntry[]): JournalLine[] =>
  entries.flatMap(({ lines }) => [...lines]);

/** Debits less credits by whatever a line is named after. */
function balances(lines: readonly JournalLine[], by: (line: JournalLine) => string): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const line of lines) sums.set(by(line), (sums.get(by(line)) ?? 0n) + line.debit - line.credit);
  return sums;
}

function postedOf(entries: readonly JournalEntry[]): Record<AccountRole, bigint> {
  const posted = balances(linesOf(entries), ({ role }) => role);
  return Object.fromEntries(ACCOUNT_ROLES.map((role) => [role, posted.get(role) ?? 0n])) as Record<
    AccountRole,
    bigint
  >;
}

/** I14: half a unit on the control account and on each group. */
function requireBounds(totals: readonly GroupTotal[], entries: readonly JournalEntry[]): void {
  const liability = totals.reduce((sum, total) => sum + total.liability, 0n);
  const control = -postedOf(entries).CL_POINTS;
  if (2n * distance(control, liability) > UNIT)
    throw new Error(`CL_POINTS is at ${control} for ${liability}`);
  const exact = new Map<string, bigint>();
  for (const total of totals) exact.set(nameOf(total), (exact.get(nameOf(total)) ?? 0n) + total.liability);
  const counterparts = linesOf(entries).filter(
    ({ eventCode, role }) => eventCode !== ROUNDING && role === counterpartOf(eventCode),
  );
  const posted = balances(counterparts, nameOf);
  for (const [name, sum] of exact)
    if (2n * distance(posted.get(name) ?? 0n, sum) > UNIT)
      throw new Error(`${name} is posted at ${posted.get(name)} for ${sum}`);
}

describe('the general ledger journal', () => {
  it('balances in every document and in each group of it, in two lines that are a debit and a credit', () => {
    fc.assert(
      fc.property(history(10), (totals) => {
        for (const { lines } of journal(totals)) {
          for (const balance of balances(lines, nameOf).values()) expect(balance).toBe(0n);
          expect(lines).toHaveLength(2 * new Set(lines.map(nameOf)).size);
          for (const { debit, credit } of lines)
            expect(debit >= 0n && credit >= 0n && (debit === 0n) !== (credit === 0n)).toBe(true);
        }
      }),
    );
  });

  it('is within half a unit of the control account and of each group on every day (I14)', () => {
    fc.assert(
      fc.property(history(10), (totals) => {
        const entries = journal(totals);
        for (let day = 0; day < 10; day += 1) {
          const upTo = totals.filter(({ postingDate }) => postingDate <= dayOf(day));
          const posted = entries.filter(({ postingDate }) => postingDate <= dayOf(day));
          requireBounds(upTo, posted);
          expect(postedOf(posted)).toEqual(postedBalances(upTo));
        }
      }),
    );
  });

  it('has at most one document for rounding a day, between the control account and ROUNDING', () => {
    fc.assert(
      fc.property(history(10), (totals) => {
        const rounding = journal(totals).filter(({ kind }) => kind === 'rounding');
        expect(new Set(rounding.map(({ postingDate }) => postingDate)).size).toBe(rounding.length);
        for (const { lines } of rounding)
          expect(lines.map(({ role }) => role).sort()).toEqual(['CL_POINTS', 'ROUNDING']);
      }),
    );
  });

  it('is the same for any order of the totals', () => {
    fc.assert(
      fc.property(
        history(5).chain((totals) =>
          fc.tuple(fc.constant(totals), fc.shuffledSubarray(totals, { minLength: totals.length })),
        ),
        ([totals, shuffled]) => {
          expect(journal(shuffled)).toEqual(journal(totals));
        },
      ),
    );
  });

  it('is the same day by day, in parts and in one go', () => {
    fc.assert(
      fc.property(history(12), fc.integer({ min: 1, max: 11 }), (totals, cut) => {
        const whole = journal(totals);
        const early = totals.filter(({ postingDate }) => postingDate < dayOf(cut));
        const late = totals.filter(({ postingDate }) => postingDate >= dayOf(cut));
        const rest = { from: dayOf(cut), beforeYear: [], beforeRange: early, totals: late };
        expect([...journal(early), ...journalEntries(rest, CODES)]).toEqual(whole);
        const oneDay = totals.map((total) => ({ ...total, postingDate: dayOf(0) }));
        expect(postedOf(journal(oneDay))).toEqual(postedOf(whole));
      }),
    );
  });

  it('does not drift over a thousand days', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(small, small, small), { minLength: 1000, maxLength: 1000 }), (days) => {
        const totals = days.flatMap(([e01, e06, e15], index) => [
          { postingDate: dayOf(index), eventCode: 'E01', manual: false, liability: e01 },
          { postingDate: dayOf(index), eventCode: 'E06', manual: false, liability: e06 },
          { postingDate: dayOf(index), eventCode: 'E15', manual: true, liability: e15 },
        ]);
        requireBounds(totals, journal(totals));
      }),
      { numRuns: 10 },
    );
  });

  it('leaves nothing of the liability on the accounts it stood on before, however often its code changes', () => {
    const changes = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 5 });
    fc.assert(
      fc.property(history(60), changes, fc.integer({ min: 1, max: 59 }), (totals, indexes, cut) => {
        const starts = indexes.map(dayOf).sort();
        const codeOn = (day: string) => `21${starts.filter((start) => start <= day).length}`;
        const codes: AccountCodes = {
          on: (day) => ({ ...accountsOf(undefined), CL_POINTS: codeOn(day), REV_POINTS: `9${codeOn(day)}` }),
          changes: starts,
        };
        const entries = journal(totals, codes);
        for (let day = 0; day < 60; day += 7) {
          const posted = linesOf(entries.filter(({ postingDate }) => postingDate <= dayOf(day)));
          const control = posted.filter(({ role }) => role === 'CL_POINTS');
          const expected = postedBalances(totals.filter(({ postingDate }) => postingDate <= dayOf(day)));
          for (const [code, balance] of balances(control, ({ accountCode }) => accountCode))
            expect([code, balance]).toEqual([code, code === codeOn(dayOf(day)) ? expected.CL_POINTS : 0n]);
        }
        // An income account begins each year with nothing: what a code has of a year is the year's, or nothing.
        const ofNextYear = linesOf(entries.filter(({ postingDate }) => postingDate >= '2027'));
        const revenue = ofNextYear.filter(({ role }) => role === 'REV_POINTS');
        for (const [code, balance] of balances(revenue, ({ accountCode }) => accountCode))
          if (code !== `9${codeOn(dayOf(60))}`) expect([code, balance]).toEqual([code, 0n]);
        const parts = {
          from: dayOf(cut),
          beforeYear: totals.filter(({ postingDate }) => postingDate < `${dayOf(cut).slice(0, 4)}-01-01`),
          beforeRange: totals.filter(
            ({ postingDate }) => postingDate >= `${dayOf(cut).slice(0, 4)}-01-01` && postingDate < dayOf(cut),
          ),
          totals: totals.filter(({ postingDate }) => postingDate >= dayOf(cut)),
        };
        const later = { ...codes, changes: starts.filter((start) => start >= dayOf(cut)) };
        expect(journalEntries(parts, later)).toEqual(
          entries.filter(({ postingDate }) => postingDate >= dayOf(cut)),
        );
        for (const { kind, lines } of entries)
          if (kind === 'reclassification')
            expect(lines.every(({ eventCode }) => eventCode === RECLASSIFICATION)).toBe(true);
      }),
    );
  });
});
