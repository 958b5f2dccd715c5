import { addToDate, endOfDay, localDate, type Instant } from './time.js';

/** How long points live, counted from the business day on which they become available. */
export type ExpiryPolicy =
  | { readonly type: 'never' }
  | { readonly type: 'days'; readonly days: number }
  | { readonly type: 'months'; readonly months: number };

/**
 * The exclusive end of points available from `availableAt`: the last day they count is n days or months after
 * their day in the programme's zone, clamped to a shorter month's last day (scenario decision 2).
 */
export function expiryOf(policy: ExpiryPolicy, availableAt: Instant, zone: string): Instant | null {
  const day = localDate(availableAt, zone);
  switch (policy.type) {
    case 'never':
      return null;
    case 'days':
      return endOfDay(addToDate(day, { days: policy.days }), zone);
    case 'months':
      return endOfDay(addToDate(day, { months: policy.months }), zone);
  }
}
