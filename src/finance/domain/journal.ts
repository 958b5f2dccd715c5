import { divideHalfUp } from '../../kernel/division.js';
import { groupBy } from '../../kernel/group-by.js';
import { subLedgerUnitsPerMinor, type SubLedgerAmount } from '../../kernel/money.js';
import { addToDate, type LocalDate } from '../../kernel/time.js';
import {
  ACCOUNT_ROLES,
  CONTROL_ACCOUNT,
  counterpartOf,
  ROUNDING,
  type AccountRole,
} from './chart-of-accounts.js';

/** What the journal posts together: one event code, by hand or not. */
export interface Group {
  readonly eventCode: string;
  /** Whether an adjustment by hand caused it (ISA 240). */
  readonly manual: boolean;
}

/** The exact sum of a group over any number of movements, sub-ledger units. */
export interface GroupSum extends Group {
  /** Positive when deferred, negative when released. */
  readonly liability: SubLedgerAmount;
}

/** What a group changed the contract liability by on one posting date. */
export interface GroupTotal extends GroupSum {
  readonly postingDate: LocalDate;
}

/** All that the entries of a range of days follow from. Sums of one group may stand in several parts. */
export interface JournalBasis {
  /** The first day of the range. */
  readonly from: LocalDate;
  /** The exact sums of everything before the calendar year in which the range begins. */
  readonly beforeYear: readonly GroupSum[];
  /** The exact sums of what comes between the two. */
  readonly beforeRange: readonly GroupSum[];
  readonly totals: readonly GroupTotal[];
}

/** Which account each role stands for, day by day. */
export interface AccountCodes {
  on(day: LocalDate): Readonly<Record<AccountRole, string>>;
  /** Days of the range on which a role may stand for another account than on the day before. */
  readonly changes: readonly LocalDate[];
}

/** Balance of each account in minor units, debit positive and credit negative; all together they are zero. */
export type Balances = Readonly<Record<AccountRole, bigint>>;

/** One line in minor units of the currency: a debit or a credit, never both, never zero. */
export interface JournalLine extends Group {
  readonly role: AccountRole;
  readonly accountCode: string;
  readonly debit: bigint;
  readonly credit: bigint;
}

export type EntryKind = 'reclassification' | 'events' | 'rounding';

/**
 * A document of one posting date; its debits equal its credits. One of `events` also balances within each group. A
 * day has at most one of each kind, in the order of `EntryKind`.
 */
export interface JournalEntry {
  readonly kind: EntryKind;
  readonly postingDate: LocalDate;
  readonly lines: readonly JournalLine[];
}

/** The event code of the document that moves a balance to the account that a role stands for from its day on. */
export const RECLASSIFICATION = 'RECLASS';

/**
 * The documents of the days in `totals` and of those on which an account code changes, in the order of their days
 * (docs/adr/0017). What the general ledger shows is a pure function of the exact sums of the groups
 * (`postedBalances`), and a day posts the difference between the function's values after it and before it: day by
 * day and in one go come to the same figures, and nothing drifts.
 * @param basis with every posting date inside the range, in any order.
 * @throws RangeError for a group that has money but no accounts.
 */
export function journalEntries(
  { from, beforeYear, beforeRange, totals }: JournalBasis,
  codes: AccountCodes,
): readonly JournalEntry[] {
  const byDay = groupBy(totals, ({ postingDate }) => postingDate);
  const entries: JournalEntry[] = [];
  let year = yearOf(from);
  let yearBegan = new Sums(beforeYear);
  let before = yearBegan.plus(beforeRange);
  for (const day of [...new Set([...byDay.keys(), ...codes.changes])].sort()) {
    if (yearOf(day) !== year) yearBegan = before;
    year = yearOf(day);
    const after = before.plus(byDay.get(day) ?? []);
    entries.push(
      { kind: 'reclassification', postingDate: day, lines: reclassified(before, yearBegan, day, codes) },
      { kind: 'events', postingDate: day, lines: groupLines(before, after, codes.on(day)) },
      { kind: 'rounding', postingDate: day, lines: roundingLines(before, after, codes.on(day)) },
    );
    before = after;
  }
  return entries.filter(({ lines }) => lines.length > 0);
}

/**
 * What the general ledger shows once the groups have these exact sums: each group at its half-up rounding between
 * its two accounts, and the control account brought to the half-up rounding of the whole liability by `ROUNDING`.
 * @throws RangeError for a group that has money but no accounts.
 */
export function postedBalances(exact: readonly GroupSum[]): Balances {
  return new Sums(exact).balances();
}

/** Exact sums by group. */
class Sums {
  /** By event code; what was done by hand comes after what was not. */
  readonly groups: readonly GroupSum[];

  constructor(parts: readonly GroupSum[]) {
    this.groups = [...groupBy(parts, nameOf).values()]
      .map((same) => ({ ...(same[0] as GroupSum), liability: total(same) }))
      .sort((a, b) => compare(nameOf(a), nameOf(b)));
  }

  plus(parts: readonly GroupSum[]): Sums {
    return new Sums([...this.groups, ...parts]);
  }

  /** What a group is posted at, minor units. */
  posted(group: Group): bigint {
    return inMinor(this.groups.find((own) => nameOf(own) === nameOf(group))?.liability ?? 0n);
  }

  /** By how much the groups' roundings fall short of that of the whole liability, minor units. */
  shortfall(): bigint {
    return this.groups.reduce((short, group) => short - this.posted(group), inMinor(total(this.groups)));
  }

  balances(): Balances {
    const balances: Record<AccountRole, bigint> = { ...NO_BALANCES };
    for (const { counterpart, amount } of this.amounts()) {
      balances[counterpart] += amount;
      balances[CONTROL_ACCOUNT] -= amount;
    }
    return balances;
  }

  private amounts(): { counterpart: AccountRole; amount: bigint }[] {
    const ofGroups = this.groups
      .filter(({ liability }) => liability !== 0n)
      .map((group) => ({ counterpart: counterpartOf(group.eventCode), amount: this.posted(group) }));
    return [...ofGroups, { counterpart: ROUNDING, amount: this.shortfall() }];
  }
}

const NO_BALANCES = Object.fromEntries(ACCOUNT_ROLES.map((role) => [role, 0n])) as Balances;

/** Each group's change of the day, between its two accounts. */
function groupLines(before: Sums, after: Sums, codes: CodesOfDay): JournalLine[] {
  return after.groups.flatMap((group) => {
    const amount = after.posted(group) - before.posted(group);
    return amount === 0n
      ? []
      : pair(group, amount, roleAt(counterpartOf(group.eventCode), codes), roleAt(CONTROL_ACCOUNT, codes));
  });
}

function roundingLines(before: Sums, after: Sums, codes: CodesOfDay): JournalLine[] {
  const amount = after.shortfall() - before.shortfall();
  const group = { eventCode: ROUNDING, manual: false };
  return pair(group, amount, roleAt(ROUNDING, codes), roleAt(CONTROL_ACCOUNT, codes));
}

/**
 * The balance of each role whose account changes on this day, from the old account to the new one. Of the
 * liability that is all of it, of the others what the calendar year has come to: the ledger closes them each year.
 */
function reclassified(before: Sums, yearBegan: Sums, day: LocalDate, codes: AccountCodes): JournalLine[] {
  const [then, now] = [codes.on(addToDate(day, { days: -1 })), codes.on(day)];
  const changed = ACCOUNT_ROLES.filter((role) => then[role] !== now[role]);
  if (changed.length === 0) return [];
  const [balances, closed] = [before.balances(), yearBegan.balances()];
  const ofEarlierYears = (role: AccountRole) => (role === CONTROL_ACCOUNT ? 0n : closed[role]);
  return changed.flatMap((role) =>
    pair(
      { eventCode: RECLASSIFICATION, manual: false },
      balances[role] - ofEarlierYears(role),
      roleAt(role, now),
      roleAt(role, then),
    ),
  );
}

type CodesOfDay = Readonly<Record<AccountRole, string>>;
type Account = Pick<JournalLine, 'role' | 'accountCode'>;

function roleAt(role: AccountRole, codes: CodesOfDay): Account {
  return { role, accountCode: codes[role] };
}

/** An amount from one account to another, the debit first; nothing for an amount of zero. */
function pair(group: Group, amount: bigint, debited: Account, credited: Account): JournalLine[] {
  if (amount === 0n) return [];
  if (amount < 0n) return pair(group, -amount, credited, debited);
  const { eventCode, manual } = group;
  return [
    { eventCode, manual, ...debited, debit: amount, credit: 0n },
    { eventCode, manual, ...credited, debit: 0n, credit: amount },
  ];
}

function total(sums: readonly GroupSum[]): SubLedgerAmount {
  return sums.reduce((sum, { liability }) => sum + liability, 0n);
}

function inMinor(amount: SubLedgerAmount): bigint {
  return divideHalfUp(amount, subLedgerUnitsPerMinor());
}

function nameOf({ eventCode, manual }: Group): string {
  return `${eventCode} ${Number(manual)}`;
}

function yearOf(day: LocalDate): string {
  return day.slice(0, 4);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
