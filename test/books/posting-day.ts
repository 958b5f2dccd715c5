import type { Moved, MovementRow } from './recount.js';
import type { Terms } from './shops.js';

const DAY_MS = 86_400_000;

/**
 * The posting date by docs/ledger.md#the-posting-date.
 * @param issues days of child lots, by account and number of the movement.
 */
export function postingDay({ timeZone, receiptDays }: Terms, issues: ReadonlyMap<string, string>) {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone });
  const dayOf = (at: number) => format.format(at);
  return (movement: MovementRow, { movedOn }: Moved): string => {
    const { cause, from, to, recordedAt, effectiveAt } = movement;
    const child = issues.get(`${movement.account} ${movement.sequence}`);
    if (child !== undefined) return child;
    if (cause === 'opening') return '2026-01-01';
    const endsDay = cause === 'expiry' || (cause === 'activation' && to === 'cancelled');
    const effective = dayOf(effectiveAt - Number(endsDay));
    const takenBack = cause === 'return' || cause === 'adjustment' || from === 'redeemed';
    const beyond =
      cause === 'purchase' &&
      receiptDays !== undefined &&
      effective < dayOf(recordedAt - receiptDays * DAY_MS);
    const byRecord = takenBack || beyond || (cause === 'purchase' && to === 'cancelled');
    const day = byRecord ? dayOf(recordedAt) : effective;
    return movedOn > day ? movedOn : day;
  };
}
