import { addToDate, localDate, type Instant } from '../../kernel/time.js';

/** How far back of the day on which they are told things may be dated; null is no bound. */
export interface Backdating {
  /** Receipts, and what is reported of their orders. */
  readonly receiptDays: number | null;
  readonly returnDays: number | null;
  /** Points given by hand. */
  readonly creditDays: number | null;
  /** What becomes of a receipt that is older: its points are posted on the day it is told, or it is refused. */
  readonly olderReceipts: 'postWhenRecorded' | 'refuse';
}

/** Kinds of commands that say when something happened. */
export type DatedKind = 'receipt' | 'return' | 'credit';

export const NO_BOUNDS: Backdating = {
  receiptDays: null,
  returnDays: null,
  creditDays: null,
  olderReceipts: 'postWhenRecorded',
};

/** By how many days something of a kind may be dated back; null is no bound. */
export function boundOf(backdating: Backdating, kind: DatedKind): number | null {
  if (kind === 'receipt') return backdating.receiptDays;
  return kind === 'return' ? backdating.returnDays : backdating.creditDays;
}

/** Whether something happened more than `days` local days before the day on which it is told. */
export function isBeyond(days: number | null, occurredAt: Instant, now: Instant, timeZone: string): boolean {
  if (days === null) return false;
  return localDate(occurredAt, timeZone) < addToDate(localDate(now, timeZone), { days: -days });
}
