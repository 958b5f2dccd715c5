import { addToDate, endOfDay, localDate, type Instant, type LocalDate } from '../../kernel/time.js';
import { ACCOUNT_ROLES, DEFAULT_CHART, type AccountRole } from './chart-of-accounts.js';

/** A published accounting policy, as far as the books of a day follow from it. */
export interface PolicyVersion {
  readonly version: number;
  readonly effectiveAt: Instant;
  /** When it was published. */
  readonly publishedAt: Instant;
  /** Accounts that differ from the default chart. */
  readonly accounts: Readonly<Partial<Record<AccountRole, string>>>;
}

/**
 * Which policy names the accounts of a day: the one in force at the end of the day, of those published by then. A
 * policy that is published with effect from an earlier day names accounts from the day on which it was published, so
 * the accounts of days that were exported stay what they were. Days before the first policy have the accounts of
 * the version that was published first.
 * @param versions of one programme, in any order.
 * @param knownAt leaves out what was published later; null: all versions count.
 */
export function policyOfDay<T extends PolicyVersion>(
  versions: readonly T[],
  day: LocalDate,
  timeZone: string,
  knownAt: Instant | null,
): T | undefined {
  const known = versions.filter(({ publishedAt }) => knownAt === null || publishedAt <= knownAt);
  const end = endOfDay(day, timeZone);
  const inForce = known.filter(({ effectiveAt, publishedAt }) => effectiveAt < end && publishedAt < end);
  const latest = best(inForce, (a, b) => a.effectiveAt - b.effectiveAt || a.version - b.version);
  return latest ?? best(known, (a, b) => b.version - a.version);
}

/** The account of each role under a policy; without one that of the default chart. */
export function accountsOf(policy: PolicyVersion | undefined): Readonly<Record<AccountRole, string>> {
  const codes = ACCOUNT_ROLES.map((role) => [role, policy?.accounts[role] ?? DEFAULT_CHART[role].code]);
  return Object.fromEntries(codes) as Record<AccountRole, string>;
}

/** The days from `from` to `to` on which another policy names the accounts than on the day before, ascending. */
export function policyChanges(
  versions: readonly PolicyVersion[],
  { from, to }: { readonly from: LocalDate; readonly to: LocalDate },
  timeZone: string,
  knownAt: Instant | null,
): readonly LocalDate[] {
  const begins = versions.map(({ effectiveAt, publishedAt }) =>
    localDate(Math.max(effectiveAt, publishedAt), timeZone),
  );
  const policyOn = (day: LocalDate) => policyOfDay(versions, day, timeZone, knownAt)?.version;
  return [...new Set(begins)]
    .filter((day) => day >= from && day <= to && policyOn(day) !== policyOn(addToDate(day, { days: -1 })))
    .sort();
}

function best<T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (found, item) => (found === undefined || compare(item, found) > 0 ? item : found),
    undefined,
  );
}
