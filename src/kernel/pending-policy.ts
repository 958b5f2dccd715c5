import { fixedDateIn, type FixedDate } from './fixed-date.js';
import { wordForm } from './texts.js';
import { addToDate, endOfDay, localDate, startOfDay, type Instant } from './time.js';

/** How long granted points wait before they may be spent. */
export type PendingPolicy =
  | { readonly type: 'none' }
  /** So many whole days after the day of the receipt. */
  | { readonly type: 'days'; readonly days: number }
  /** Until the next of these dates begins; at least one. */
  | { readonly type: 'dates'; readonly dates: readonly FixedDate[] }
  /** Until the event is reported, then `thenDays` whole days more; cancelled when it does not come in time. */
  | {
      readonly type: 'event';
      /** Lower-camel name, such as `delivered` or `returnWindowOver`. */
      readonly event: string;
      readonly thenDays: number;
      readonly cancelAfterDays: number;
    };

/**
 * From when on points of a receipt may be spent: its own instant where nothing is waited for, else the first
 * instant of a day in the programme's zone. Pending 7 days from 2 February is pending through the 9th. Of fixed
 * dates the first after the receipt's day counts; once the last of them is over there is nothing to wait for.
 * Null where an event is awaited.
 */
export function activationOf(policy: PendingPolicy, occurredAt: Instant, zone: string): Instant | null {
  switch (policy.type) {
    case 'none':
      return occurredAt;
    case 'days':
      return wholeDaysAfter(occurredAt, policy.days, zone);
    case 'dates': {
      const tomorrow = addToDate(localDate(occurredAt, zone), { days: 1 });
      const [next] = policy.dates
        .map((date) => fixedDateIn(date, tomorrow))
        .filter((day) => day !== null)
        .sort();
      return next === undefined ? occurredAt : startOfDay(next, zone);
    }
    case 'event':
      return null;
  }
}

/** When points that await an event are cancelled without it: the end of a day; null where none is awaited. */
export function cancelAtOf(policy: PendingPolicy, occurredAt: Instant, zone: string): Instant | null {
  return policy.type === 'event' ? wholeDaysAfter(occurredAt, policy.cancelAfterDays, zone) : null;
}

/** From when on points may be spent whose event came at `eventAt`: at once, or after `thenDays` whole days. */
export function activationAfterEvent(thenDays: number, eventAt: Instant, zone: string): Instant {
  return thenDays === 0 ? eventAt : wholeDaysAfter(eventAt, thenDays, zone);
}

/** The end of the day that is `days` after the instant's own. */
function wholeDaysAfter(instant: Instant, days: number, zone: string): Instant {
  return endOfDay(addToDate(localDate(instant, zone), { days }), zone);
}

/** The event that gives an order up. */
export const CANCELLED = 'cancelled';

/** Events that mean something to the engine; policies may await others. */
const KNOWN_EVENTS = ['delivered', 'returnWindowOver', CANCELLED];

/** An event's name as it is kept: a known one as it is known, however its letters were written. */
export function eventName(text: string): string {
  return KNOWN_EVENTS.find((known) => wordForm(known) === wordForm(text)) ?? text;
}
