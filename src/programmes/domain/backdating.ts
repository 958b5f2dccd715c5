import { addToDate, localDate, type Instant } from '../../kernel/time.js';

/** How many days a fact may be dated before the day on which it is reported; null is no bound. */
export interface Backdating {
  /** Receipts, and what is reported of their orders. */
  readonly receiptDays: number | null;
  readonly returnDays: number | null;
  /** Points given by hand. */
  readonly creditDays: number | null;
  /** What becomes of a receipt that is older: its points are posted on the day it is recorded, or it is refused. */
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

/** Whether a fact occurred more than `days` local days before the day on which it is reported. */
export function isBeyond(days: number | null, occurredAt: Instant, now: Instant, timeZone: string): boolean {
  if (days === null) return false;
  return localDate(occurredAt, timeZone) < addToDate(localDate(now, timeZone), { days: -days });
}
