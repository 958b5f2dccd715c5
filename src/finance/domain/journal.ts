import { divideFloor, divideHalfUp } from '../../kernel/division.js';
import { groupBy } from '../../kernel/group-by.js';
import { subLedgerUnitsPerMinor, type SubLedgerAmount } from '../../kernel/money.js';
import type { LocalDate } from '../../kernel/time.js';
import { ACCOUNT_ROLES, counterpartOf, type AccountRole } from './chart-of-accounts.js';

/** What one event code changed the contract liability by on one posting date, by hand or not, sub-ledger units. */
export interface EventTotal {
  readonly postingDate: LocalDate;
  readonly eventCode: string;
  /** Whether somebody's adjustment caused it (ISA 240). */
  readonly manual: boolean;
  /** Positive when deferred, negative when released. */
  readonly liability: SubLedgerAmount;
}

/** Cumulative balance of each account, debit positive and credit negative; all together they are zero. */
export type Balances = Readonly<Record<AccountRole, bigint>>;

/** One line in minor units of the currency: a debit or a credit, never both, never zero. */
export interface JournalLine {
  /** `ROUNDING` where an account changes that no event of the day moved. */
  readonly eventCode: string;
  readonly manual: boolean;
  readonly role: AccountRole;
  readonly debit: bigint;
  readonly credit: bigint;
}

/** The entry of one posting date; its debits equal its credits. */
export interface JournalEntry {
  readonly postingDate: LocalDate;
  readonly lines: readonly JournalLine[];
}

/** The event code of a line that only carries a rounding remainder from one account to another. */
export const ROUNDING = 'ROUNDING';

/** The account whose posted balance is always the half-up rounding of the exact one. */
const CONTROL_ACCOUNT: AccountRole = 'CL_POINTS';

export const NO_BALANCES = Object.fromEntries(ACCOUNT_ROLES.map((role) => [role, 0n])) as Balances;

/** The exact balances after `liability` more by an event code. @throws RangeError for a code without accounts. */
export function addToBalances(balances: Balances, eventCode: string, liability: SubLedgerAmount): Balances {
  if (liability === 0n) return balances;
  const counterpart = counterpartOf(eventCode);
  return {
    ...balances,
    [CONTROL_ACCOUNT]: balances[CONTROL_ACCOUNT] - liability,
    [counterpart]: balances[counterpart] + liability,
  };
}

/**
 * What the general ledger shows, in minor units, when the sub-ledger's exact balances are `exact`: a pure
 * function of them, so that posting day by day and posting in one go end at the same figures and nothing
 * drifts (accounting model 1.5, I14; docs/adr/0002). The control account is rounded half up, so it is never
 * more than half a unit off; every other account is rounded down or up, those with the largest remainders up
 * (ties by role name), so many of them that debits equal credits. They are less than one unit off.
 * @throws RangeError when the exact balances do not add up to zero.
 */
export function postedBalances(exact: Balances): Balances {
  const unit = subLedgerUnitsPerMinor();
  const control = divideHalfUp(exact[CONTROL_ACCOUNT], unit);
  const others = ACCOUNT_ROLES.filter((role) => role !== CONTROL_ACCOUNT).map((role) => {
    const floor = divideFloor(exact[role], unit);
    return { role, floor, remainder: exact[role] - floor * unit };
  });
  const sum = ACCOUNT_ROLES.reduce((total, role) => total + exact[role], 0n);
  if (sum !== 0n) throw new RangeError(`the balances are ${sum} apart`);
  let toRaise = -control - others.reduce((total, { floor }) => total + floor, 0n);
  const posted: Record<string, bigint> = { [CONTROL_ACCOUNT]: control };
  // A stable sort: accounts with equal remainders stay in the order of their role names.
  for (const { role, floor } of [...others].sort((a, b) => compare(b.remainder, a.remainder))) {
    posted[role] = toRaise > 0n ? floor + 1n : floor;
    if (toRaise > 0n) toRaise -= 1n;
  }
  return posted as Balances;
}

/**
 * One balanced entry for each posting date on which something is to be posted, in the order of the dates.
 * @param opening exact balances at the end of the day before the first; all that is needed to go on anywhere.
 * @param totals one sum for each posting date, event code and whether it was by hand, in any order.
 */
export function journalEntries(opening: Balances, totals: readonly EventTotal[]): readonly JournalEntry[] {
  const days = groupBy(totals, ({ postingDate }) => postingDate);
  const entries: JournalEntry[] = [];
  let exact = opening;
  for (const postingDate of [...days.keys()].sort()) {
    const before = exact;
    const steps = [...(days.get(postingDate) ?? [])]
      .sort(compareSteps)
      .map(({ eventCode, manual, liability }) => {
        exact = addToBalances(exact, eventCode, liability);
        return { eventCode, manual, exact };
      });
    const lines = dayLines(before, steps);
    if (lines.length > 0) entries.push({ postingDate, lines });
  }
  return entries;
}

interface Step {
  readonly eventCode: string;
  readonly manual: boolean;
  /** Exact balances once this event code of the day is in. */
  readonly exact: Balances;
}

function dayLines(before: Balances, steps: readonly Step[]): JournalLine[] {
  const opening = postedBalances(before);
  const closing = postedBalances(steps.at(-1)?.exact ?? before);
  const lines = ACCOUNT_ROLES.flatMap((role) =>
    accountLines(role, before, steps, opening[role], closing[role]),
  );
  return lines.sort((a, b) => compareSteps(a, b) || compare(b.debit, a.debit) || compare(a.role, b.role));
}

/**
 * Splits an account's change of the day over what moved it, code by code: after each the half-up
 * rounding of what the account then holds, after the last one what it is posted at. The differences add up to
 * the posted change whatever the roundings between.
 */
function accountLines(
  role: AccountRole,
  before: Balances,
  steps: readonly Step[],
  opening: bigint,
  closing: bigint,
): JournalLine[] {
  const moving = steps.filter(
    (step, index) => step.exact[role] !== (steps[index - 1]?.exact ?? before)[role],
  );
  if (moving.length === 0) return line({ eventCode: ROUNDING, manual: false }, role, closing - opening);
  let posted = opening;
  return moving.flatMap((step, index) => {
    const last = index === moving.length - 1;
    const next = last ? closing : divideHalfUp(step.exact[role], subLedgerUnitsPerMinor());
    const change = next - posted;
    posted = next;
    return line(step, role, change);
  });
}

function line(
  { eventCode, manual }: Pick<Step, 'eventCode' | 'manual'>,
  role: AccountRole,
  change: bigint,
): JournalLine[] {
  if (change === 0n) return [];
  return [{ eventCode, manual, role, debit: change > 0n ? change : 0n, credit: change < 0n ? -change : 0n }];
}

/** By event code; what was done by hand comes after what was not. */
function compareSteps(a: Pick<Step, 'eventCode' | 'manual'>, b: Pick<Step, 'eventCode' | 'manual'>): number {
  return compare(a.eventCode, b.eventCode) || Number(a.manual) - Number(b.manual);
}

function compare<T extends bigint | string>(a: T, b: T): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
