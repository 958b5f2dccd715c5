import type { FieldError } from '../../kernel/problem.js';
import { refuse, ok, type Result } from '../../kernel/result.js';
import { addToDate, startOfDay, type Instant, type LocalDate } from '../../kernel/time.js';
import { MAX_DAYS } from './limits.js';

/** Which days, as a caller says it: the last ones before today, or from one until another. */
export interface AskedWindow {
  readonly days?: number;
  readonly from?: LocalDate;
  readonly until?: LocalDate;
}

/** Business days in the programme's zone. */
export interface SimulatedWindow {
  /** Inclusive. */
  readonly from: LocalDate;
  /** Exclusive. */
  readonly until: LocalDate;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/**
 * @param today the business day that is not over; `days` ends with the day before it.
 * @returns the window, or what is wrong with it by pointers into the request.
 */
export function simulatedWindow(
  asked: AskedWindow,
  today: LocalDate,
  zone: string,
): Result<SimulatedWindow, readonly FieldError[]> {
  const { days } = asked;
  if (
    (days === undefined) === (asked.from === undefined) ||
    (days !== undefined && asked.until !== undefined)
  )
    return refuse([fault('/window', 'WINDOW_UNCLEAR', 'Give days, or from and until.')]);
  const from = days === undefined ? (asked.from as LocalDate) : addToDate(today, { days: -days });
  const until = asked.until ?? today;
  if (until > addToDate(today, { days: 1 }))
    return refuse([fault('/window/until', 'WINDOW_IN_FUTURE', 'until may be tomorrow at the latest.')]);
  if (from >= until)
    return refuse([fault('/window/from', 'WINDOW_EMPTY', `from must be before until, which is ${until}.`)]);
  if (addToDate(from, { days: MAX_DAYS }) < until)
    return refuse([fault('/window', 'WINDOW_TOO_LONG', `A window has ${MAX_DAYS} days at most.`)]);
  return ok({ from, until, startsAt: startOfDay(from, zone), endsAt: startOfDay(until, zone) });
}

function fault(pointer: string, code: string, detail: string): FieldError {
  return { pointer, code, detail };
}
