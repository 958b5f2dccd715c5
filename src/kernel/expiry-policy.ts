import { fixedDateIn, type FixedDate } from './fixed-date.js';
import { addToDate, endOfDay, localDate, startOfDay, startOfNextPeriod, type Instant } from './time.js';

/** A length in calendar days or months; months clamp to a shorter month's last day. */
export type CalendarDuration =
  { readonly days: number; readonly months?: never } | { readonly months: number; readonly days?: never };

/** The unit to whose end an expiry is rounded up. */
export type ExpiryPeriod = 'month' | 'quarter' | 'half' | 'year';

/** How long points live, counted from the business day on which they become available. */
export type ExpiryPolicy =
  | { readonly type: 'never' }
  | { readonly type: 'days'; readonly days: number }
  | { readonly type: 'months'; readonly months: number }
  /** The duration is added first; the points count through the end of the period which that day is in. */
  | { readonly type: 'endOf'; readonly unit: ExpiryPeriod; readonly after?: CalendarDuration }
  /** Through the next such date that leaves them `minimumDays` (default 0) days after their own. */
  | { readonly type: 'fixedDate'; readonly date: FixedDate; readonly minimumDays?: number }
  /** So long after the account's last activity, all its sliding points together. */
  | ({ readonly type: 'sliding' } & CalendarDuration);

/**
 * The exclusive end of points available from `availableAt`, at the end of a day in the programme's zone
 * (docs/decisions.md#expiry-at-the-end-of-the-day). Null for points that never expire and for those whose end
 * slides: see `slidingExpiryOf`.
 */
export function expiryOf(policy: ExpiryPolicy, availableAt: Instant, zone: string): Instant | null {
  const day = localDate(availableAt, zone);
  switch (policy.type) {
    case 'never':
    case 'sliding':
      return null;
    case 'days':
      return endOfDay(addToDate(day, { days: policy.days }), zone);
    case 'months':
      return endOfDay(addToDate(day, { months: policy.months }), zone);
    case 'endOf':
      return startOfDay(startOfNextPeriod(addToDate(day, policy.after ?? {}), policy.unit), zone);
    case 'fixedDate': {
      const earliest = addToDate(day, { days: policy.minimumDays ?? 0 });
      // A date of one year that is over, or too near, gives way to the days that are promised.
      return endOfDay(fixedDateIn(policy.date, earliest) ?? earliest, zone);
    }
  }
}

/**
 * The exclusive end that an activity gives all sliding points of an account: the end of the day so many days or
 * months after its day. Null for a policy that does not slide.
 */
export function slidingExpiryOf(policy: ExpiryPolicy, activityAt: Instant, zone: string): Instant | null {
  return policy.type === 'sliding' ? endOfDay(addToDate(localDate(activityAt, zone), policy), zone) : null;
}
