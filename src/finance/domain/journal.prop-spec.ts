import fc from 'fast-check';
import { ACCOUNT_ROLES, type AccountRole } from './chart-of-accounts.js';
import {
  addToBalances,
  journalEntries,
  NO_BALANCES,
  postedBalances,
  type Balances,
  type EventTotal,
  type JournalEntry,
} from './journal.js';

const UNIT = 10_000n;
const dayOf = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);

const amount = fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n });
/** Small amounts, so that remainders decide. */
const small = fc.bigInt({ min: -25_000n, max: 25_000n });
const history = (days: number): fc.Arbitrary<EventTotal[]> =>
  fc.array(
    fc.record({
      postingDate: fc.integer({ min: 0, max: days - 1 }).map(dayOf),
      eventCode: fc.constantFrom('E01', 'E06', 'E15'),
      manual: fc.boolean(),
      liability: fc.oneof(small, amount),
    }),
    { maxLength: 60 },
  );

function exactOf(totals: readonly EventTotal[], from: Balances = NO_BALANCES): Balances {
  return totals.reduce((sum, { eventCode, liability }) => addToBalances(sum, eventCode, liability), from);
}

function postedOf(entries: readonly JournalEntry[]): Record<AccountRole, bigint> {
  const posted: Record<AccountRole, bigint> = { ...NO_BALANCES };
  for (const { lines } of entries)
    for (const { role, debit, credit } of lines) posted[role] += debit - credit;
  return posted;
}

function requireBounds(exact: Balances, posted: Balances): void {
  for (const role of ACCOUNT_ROLES) {
    const off = posted[role] * UNIT - exact[role];
    const distance = off < 0n ? -off : off;
    if (role === 'CL_POINTS' ? 2n * distance > UNIT : distance >= UNIT) {
      throw new Error(`${role} is ${off} sub-ledger units off`);
    }
  }
}

describe('the general ledger journal', () => {
  it('balances in every entry, with lines that are a debit or a credit', () => {
    fc.assert(
      fc.property(history(10), (totals) => {
        for (const { lines } of journalEntries(NO_BALANCES, totals)) {
          expect(lines.reduce((sum, { debit, credit }) => sum + debit - credit, 0n)).toBe(0n);
          for (const { debit, credit } of lines) {
            expect(debit >= 0n && credit >= 0n && (debit === 0n) !== (credit === 0n)).toBe(true);
          }
        }
      }),
    );
  });

  it('is within half a unit of the control account and less than one of every other, on every day', () => {
    fc.assert(
      fc.property(history(10), (totals) => {
        const entries = journalEntries(NO_BALANCES, totals);
        for (let day = 0; day < 10; day += 1) {
          const upTo = dayOf(day);
          const exact = exactOf(totals.filter(({ postingDate }) => postingDate <= upTo));
          const posted = postedOf(entries.filter(({ postingDate }) => postingDate <= upTo));
          requireBounds(exact, posted);
          expect(posted).toEqual(postedBalances(exact));
        }
      }),
    );
  });

  it('is the same for any order of the totals', () => {
    fc.assert(
      fc.property(
        history(5)
          .map(summed)
          .chain((totals) =>
            fc.tuple(fc.constant(totals), fc.shuffledSubarray(totals, { minLength: totals.length })),
          ),
        ([totals, shuffled]) => {
          expect(journalEntries(NO_BALANCES, shuffled)).toEqual(journalEntries(NO_BALANCES, totals));
        },
      ),
    );
  });

  it('is the same day by day, in parts and in one go', () => {
    fc.assert(
      fc.property(history(12), fc.integer({ min: 1, max: 11 }), (totals, cut) => {
        const whole = journalEntries(NO_BALANCES, totals);
        const early = totals.filter(({ postingDate }) => postingDate < dayOf(cut));
        const late = totals.filter(({ postingDate }) => postingDate >= dayOf(cut));
        const parts = [...journalEntries(NO_BALANCES, early), ...journalEntries(exactOf(early), late)];
        expect(parts).toEqual(whole);
        const oneDay = totals.map((total) => ({ ...total, postingDate: dayOf(0) }));
        expect(postedOf(journalEntries(NO_BALANCES, oneDay))).toEqual(postedOf(whole));
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
        requireBounds(exactOf(totals), postedOf(journalEntries(NO_BALANCES, totals)));
      }),
      { numRuns: 10 },
    );
  });
});

/** One total for each day, code and whether it was by hand, as the query gives them. */
function summed(totals: readonly EventTotal[]): EventTotal[] {
  const sums = new Map<string, EventTotal>();
  for (const total of totals) {
    const key = `${total.postingDate} ${total.eventCode} ${total.manual}`;
    sums.set(key, { ...total, liability: (sums.get(key)?.liability ?? 0n) + total.liability });
  }
  return [...sums.values()];
}
