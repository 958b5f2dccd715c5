import type { DomainEvent } from '../../kernel/domain-events.js';
import type { AccountId, PurchaseId } from '../../kernel/ids.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import { FIRST_DAY } from '../../kernel/window.js';
import { addedTo, countedBy, type QualifyingDay } from './counted-day.js';

/** A receipt that counts, with what is left of it. */
export interface HistoryReceipt {
  readonly purchaseId: PurchaseId;
  readonly occurredAt: Instant;
  readonly day: LocalDate;
  readonly amountMinor: number;
  /** Returned whole: it counts as no purchase and no visit. */
  readonly whole: boolean;
}

/** All business days of a calendar year together. */
export interface YearTotals extends Omit<QualifyingDay, 'visits'> {
  /** Receipts that are not returned whole. */
  readonly purchases: number;
  /** Days with such a receipt. */
  readonly visits: number;
}

/** What a member did, as far as something in force asks for it. */
export interface MemberHistory {
  /** The account the member was enrolled with, under which all of it is kept. */
  readonly homeAccountId: AccountId;
  /** The first business day that `days` tells of. */
  readonly from: LocalDate;
  readonly days: ReadonlyMap<LocalDate, QualifyingDay>;
  /** The last day before `from` with a purchase; null without one. */
  readonly visitBefore: LocalDate | null;
  /** Each receipt of the day that was asked for, and of those after it. */
  readonly receipts: readonly HistoryReceipt[];
  /** Null where nothing ever asked for totals, or where they have to be filled from all days first. */
  readonly years: ReadonlyMap<number, YearTotals> | null;
  /** Not written yet. */
  readonly newYears: ReadonlyMap<number, YearTotals>;
}

/** What happened before a moment. */
export interface Past {
  readonly purchases: number;
  /** Distinct business days with a purchase. */
  readonly visits: number;
  /** Less what was returned. */
  readonly spendMinor: number;
}

/** A moment of a business day. */
export interface Moment {
  readonly day: LocalDate;
  readonly at: Instant;
  /** The receipt of which it is the moment, and which is not before it; null for anything else. */
  readonly purchaseId: PurchaseId | null;
}

/**
 * What happened from a day on and before a moment: receipts not returned whole that occurred before it, or at the same
 * instant and were recorded earlier.
 * @returns null where less is loaded than that.
 */
export function pastSince(history: MemberHistory, start: LocalDate, moment: Moment): Past | null {
  const { day } = moment;
  const isLoaded = start >= history.from || history.from === FIRST_DAY;
  const isLife = start === FIRST_DAY;
  if (!isLoaded && !(isLife && history.years)) return null;
  const base = isLoaded ? NO_PAST : lifeOf(history.years as ReadonlyMap<number, YearTotals>);
  let { purchases, visits, spendMinor } = base;
  for (const [date, counted] of history.days) {
    // Of a life, the days from this one on are taken off; of anything else, the days before it are added.
    const sign = isLoaded ? (date >= start && date < day ? 1 : 0) : date >= day ? -1 : 0;
    purchases += sign * Math.max(0, counted.visits);
    visits += sign * (counted.visits > 0 ? 1 : 0);
    spendMinor += sign * counted.spendMinor;
  }
  const today = history.receipts.filter((receipt) => isEarlierOnDay(receipt, moment));
  const kept = today.filter(({ whole }) => !whole);
  return {
    purchases: purchases + kept.length,
    visits: visits + (kept.length > 0 ? 1 : 0),
    spendMinor: spendMinor + today.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  };
}

/** The last day with a purchase before a moment, that day included; null without one. */
export function lastVisit(history: MemberHistory, moment: Moment): LocalDate | null {
  const { day } = moment;
  if (history.receipts.some((receipt) => !receipt.whole && isEarlierOnDay(receipt, moment))) return day;
  let last = history.visitBefore;
  for (const [date, { visits }] of history.days)
    if (visits > 0 && date < day && (last === null || date > last)) last = date;
  return last;
}

function isEarlierOnDay(receipt: HistoryReceipt, { day, at, purchaseId }: Moment): boolean {
  return receipt.day === day && receipt.occurredAt <= at && receipt.purchaseId !== purchaseId;
}

const NO_PAST: Past = { purchases: 0, visits: 0, spendMinor: 0 };
const NO_TOTALS: YearTotals = { spendMinor: 0, points: 0, purchases: 0, visits: 0, status: 0 };

function lifeOf(years: ReadonlyMap<number, YearTotals>): Past {
  let { purchases, visits, spendMinor } = NO_PAST;
  for (const year of years.values()) {
    purchases += year.purchases;
    visits += year.visits;
    spendMinor += year.spendMinor;
  }
  return { purchases, visits, spendMinor };
}

/** The totals of the years that days make up. */
export function totalsOf(days: ReadonlyMap<LocalDate, QualifyingDay>): ReadonlyMap<number, YearTotals> {
  const years = new Map<number, YearTotals>();
  for (const [day, counted] of days) addToYear(years, day, undefined, counted);
  return years;
}

/** The history once an event happened. */
export function afterEvent(history: MemberHistory, event: DomainEvent, timeZone: string): MemberHistory {
  if (event.type === 'member.merged') {
    const { survivor, days } = event.data;
    if (event.memberId !== survivor.memberId) return history;
    return days.reduce((sum, { day, ...counted }) => withCounted(sum, day, counted, sum.receipts), history);
  }
  const on = countedBy(event, timeZone);
  return on === null ? history : withCounted(history, on.day, on.counted, receiptsAfter(history, event));
}

function receiptsAfter({ receipts }: MemberHistory, event: DomainEvent): readonly HistoryReceipt[] {
  if (event.type === 'purchase.recorded') {
    const { purchaseId, occurredAt, businessDate, lines } = event.data.purchase;
    const amountMinor = lines.reduce((sum, line) => sum + line.amountMinor, 0);
    return [...receipts, { purchaseId, occurredAt, day: businessDate, amountMinor, whole: false }];
  }
  if (event.type !== 'purchase.returned') return receipts;
  const { purchase, returned } = event.data;
  return receipts.map((receipt) =>
    receipt.purchaseId === purchase.purchaseId
      ? { ...receipt, amountMinor: receipt.amountMinor - returned.amountMinor, whole: returned.whole }
      : receipt,
  );
}

function withCounted(
  { homeAccountId, from, days, visitBefore, years, newYears }: MemberHistory,
  day: LocalDate,
  counted: QualifyingDay,
  receipts: readonly HistoryReceipt[],
): MemberHistory {
  const [all, added] = [years && new Map(years), new Map(newYears)];
  if (all) {
    addToYear(all, day, days.get(day), counted);
    addToYear(added, day, days.get(day), counted);
  }
  return {
    homeAccountId,
    from,
    days: day < from ? days : new Map(days).set(day, addedTo(days.get(day), counted)),
    visitBefore,
    receipts,
    years: all,
    newYears: all ? added : newYears,
  };
}

function addToYear(
  years: Map<number, YearTotals>,
  day: LocalDate,
  before: QualifyingDay | undefined,
  counted: QualifyingDay,
): void {
  const year = Number(day.slice(0, 4));
  const { spendMinor, points, purchases, visits, status } = years.get(year) ?? NO_TOTALS;
  const was = before?.visits ?? 0;
  const isVisit = (receipts: number) => (receipts > 0 ? 1 : 0);
  years.set(year, {
    spendMinor: spendMinor + counted.spendMinor,
    points: points + counted.points,
    purchases: purchases + counted.visits,
    visits: visits + isVisit(was + counted.visits) - isVisit(was),
    status: status + counted.status,
  });
}
