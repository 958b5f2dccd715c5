import { uuidToId } from '../kernel/ids.js';
import { localDate, type Instant, type LocalDate } from '../kernel/time.js';
import { FIRST_DAY, loadedFrom, type Window } from '../kernel/window.js';
import type { MemberSlice, Table } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { QualifyingDay } from './domain/counted-day.js';
import { afterEvent, totalsOf, type MemberHistory, type YearTotals } from './domain/member-history.js';
import { HISTORY_SELECT } from './member-history.query.js';

/** Totals of calendar years, kept once something published ever asked for a lifetime. */
const QUALIFYING_YEARS: Table = {
  name: 'qualifying_years',
  mode: 'add',
  key: ['account_id', 'member_id', 'year'],
  // Kept under the account the member was enrolled with, which a household's version guards, too.
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'year', type: 'int' },
    { name: 'spend_minor', type: 'bigint' },
    { name: 'points', type: 'bigint' },
    { name: 'purchases', type: 'bigint' },
    { name: 'visits', type: 'bigint' },
    { name: 'status', type: 'bigint' },
  ],
};

/** The same where a command does not know whether a member's totals are kept. */
export const COUNTED_YEARS: Table = { ...QUALIFYING_YEARS, mode: 'increment' };

/** What a module's configuration needs of members' histories. */
export interface HistoryDemand {
  /** Windows that what is in force at an instant asks for; a lifetime among them is answered by totals. */
  windows(config: ConfigSnapshot, at: Instant): readonly Window[];
  /** Whether anything ever published asks for a lifetime. Totals are kept from then on. */
  asksForLife(config: ConfigSnapshot): boolean;
  /** The first day that is needed beside the windows by what happened from one instant to another; null for none. */
  firstDay?(config: ConfigSnapshot, from: Instant, until: Instant): LocalDate | null;
}

/**
 * What conditions and milestones may know of what a member did before; null where nothing asks. It is read as far back
 * as is asked, and folds what the command does itself.
 */
export const historySlice: MemberSlice<MemberHistory | null> = {
  scope: 'member',
  name: 'history',
  select: HISTORY_SELECT,
  read: (row) => readHistory(row['history'] as HistoryRow | null),
  merge: (state, row) => merged(state, readHistory(row['history'] as HistoryRow | null)),
  apply: (state, event, { timeZone }) => (state === null ? null : afterEvent(state, event, timeZone)),
  afterWrite: (state) => state && { ...state, newYears: NO_YEARS },
  startingAt: (state, { day }) => {
    if (state === null) return null;
    const days = new Map([...state.days].filter(([date]) => date < day));
    return { ...state, days, receipts: [], years: state.years && totalsOf(days), newYears: NO_YEARS };
  },
  rows: (state, sink, { accountId, memberId }) => {
    if (state === null) return;
    for (const [year, { spendMinor, points, purchases, visits, status }] of state.newYears) {
      sink.add(QUALIFYING_YEARS, accountId, {
        account_id: state.homeAccountId,
        member_id: memberId,
        year,
        spend_minor: spendMinor,
        points,
        purchases,
        visits,
        status,
      });
    }
  },
};

/** The slice as it loads what the modules' configuration asks for. */
export function historyAskedBy(demands: readonly HistoryDemand[]): MemberSlice<MemberHistory | null> {
  const keepsYears = (config: ConfigSnapshot) => demands.some((demand) => demand.asksForLife(config));
  const windowsAt = (config: ConfigSnapshot, at: Instant) =>
    demands.flatMap((demand) => demand.windows(config, at));
  const daysFrom = (config: ConfigSnapshot, from: Instant, until: Instant) =>
    earlierOf(demands.map((demand) => demand.firstDay?.(config, from, until) ?? null));
  const isAsked = (config: ConfigSnapshot, at: Instant, measuresAt: Instant) =>
    windowsAt(config, at).length > 0 || keepsYears(config) || daysFrom(config, measuresAt, at) !== null;
  return {
    ...historySlice,
    parameters: [
      {
        name: 'history_from',
        type: 'date',
        value: (config, occurredAt, _now, measuresAt, whole) => {
          if (!isAsked(config, occurredAt, measuresAt)) return null;
          if (whole) return FIRST_DAY;
          const day = localDate(Math.min(occurredAt, measuresAt), config.timeZone);
          const ofWindows = earliestOf(windowsAt(config, occurredAt), day);
          return earlierOf([ofWindows, daysFrom(config, measuresAt, occurredAt)]);
        },
      },
      {
        name: 'history_day',
        type: 'date',
        value: (config, occurredAt, _now, measuresAt) =>
          isAsked(config, occurredAt, measuresAt) ? localDate(occurredAt, config.timeZone) : null,
      },
      { name: 'history_years', type: 'boolean', value: (config) => (keepsYears(config) ? true : null) },
    ],
  };
}

function earlierOf(days: readonly (LocalDate | null)[]): LocalDate | null {
  let first: LocalDate | null = null;
  for (const day of days) if (day !== null && (first === null || day < first)) first = day;
  return first;
}

/** A lifetime needs no day of its own: its totals are kept. */
function earliestOf(windows: readonly Window[], day: LocalDate): LocalDate {
  let first = day;
  for (const window of windows) {
    const from = window.type === 'lifetime' ? day : loadedFrom(window, day);
    if (from < first) first = from;
  }
  return first;
}

/** What `HISTORY_SELECT` brings. */
interface HistoryRow {
  readonly account: string;
  readonly from: LocalDate;
  readonly keepsYears: boolean;
  readonly days: readonly (readonly [LocalDate, number, number, number, number])[] | null;
  readonly hasEarlier: boolean;
  readonly visitBefore: LocalDate | null;
  readonly years: readonly (readonly [number, number, number, number, number, number])[] | null;
  readonly receipts: readonly (readonly [string, Instant, LocalDate, number, boolean])[] | null;
}

const NO_YEARS: ReadonlyMap<number, YearTotals> = new Map();

function readHistory(row: HistoryRow | null): MemberHistory | null {
  if (row === null) return null;
  const days = new Map<LocalDate, QualifyingDay>();
  for (const [day, spendMinor, points, visits, status] of row.days ?? [])
    days.set(day, { spendMinor, points, visits, status });
  const from = row.hasEarlier ? row.from : FIRST_DAY;
  const stored = row.years && yearsOf(row.years);
  // Totals that are asked for and were never kept are filled once all days are at hand.
  const filled = row.keepsYears && stored === null && from === FIRST_DAY ? totalsOf(days) : null;
  return {
    homeAccountId: uuidToId('acc', row.account),
    from,
    days,
    visitBefore: row.visitBefore,
    receipts: (row.receipts ?? []).map(([purchaseId, occurredAt, day, amountMinor, whole]) => ({
      purchaseId: uuidToId('pur', purchaseId),
      ...{ occurredAt, day, amountMinor, whole },
    })),
    years: stored ?? filled,
    newYears: filled ?? NO_YEARS,
  };
}

function yearsOf(rows: NonNullable<HistoryRow['years']>): ReadonlyMap<number, YearTotals> {
  return new Map(
    rows.map(([year, spendMinor, points, purchases, visits, status]) => [
      year,
      { spendMinor, points, purchases, visits, status },
    ]),
  );
}

/** Two reads of one member: what reaches further back has all of the other. */
function merged(state: MemberHistory | null, read: MemberHistory | null): MemberHistory | null {
  if (state === null || read === null) return state ?? read;
  const further = read.from < state.from ? read : state;
  const [one, other] = [state.receipts, read.receipts];
  return {
    ...further,
    receipts: one.length >= other.length ? one : other,
    years: state.years ?? read.years,
    newYears: state.years ? state.newYears : read.newYears,
  };
}
