import { addToDate, endOfDay, localDate, type Instant } from '../../kernel/time.js';

/**
 * The exclusive end that points given back at `at` have at the least: the end of the day `days` days later in the
 * programme's zone. Null where nothing is promised.
 */
export function leastExpiry(days: number | null, at: Instant, zone: string): Instant | null {
  return days === null ? null : endOfDay(addToDate(localDate(at, zone), { days }), zone);
}

/** Whether an expiry (null: never) comes before what is promised (null: nothing is). */
export function endsBefore(expiresAt: Instant | null, promised: Instant | null): boolean {
  return expiresAt !== null && promised !== null && expiresAt < promised;
}
