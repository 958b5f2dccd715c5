import type { FieldError } from '../kernel/problem.js';
import { addToDate, type LocalDate } from '../kernel/time.js';
import type { RuleSchedule } from './domain/rule-schedule.js';
import { MAX_RECURRENCE_YEARS, recurrenceDates } from './domain/recurrence.js';
import { preparedSchedule } from './rule-schedules.js';

/** The time of a rule: RFC 3339 in UTC, or the days that such texts begin with; null is open. */
interface Running {
  readonly from: string | null;
  readonly until: string | null;
}

/** Later than any recurrence reaches; beyond it days are not four digits of a year for long. */
const LAST_START = '2200-01-01';

/** What keeps a schedule from being published, with where each fault stands. */
export function scheduleFaults(schedule: RuleSchedule | undefined, running: Running): readonly FieldError[] {
  if (schedule === undefined) return [];
  const faults = [...hourFaults(schedule), ...recurrenceFaults(schedule), ...blackOutFaults(schedule)];
  if (faults.length > 0 || happens(schedule, running)) return faults;
  const detail = 'No day is left of the schedule, so the rule would never give points.';
  return [{ pointer: '/schedule', code: 'NEVER_HAPPENS', detail }];
}

function hourFaults({ hours }: RuleSchedule): readonly FieldError[] {
  return hours.flatMap(({ from, to }, index) => {
    if (from !== to) return [];
    const detail = 'The hours end when they begin. Leave hours out for the whole day.';
    return [{ pointer: `/schedule/hours/${index}`, code: 'EMPTY_HOURS', detail }];
  });
}

function recurrenceFaults({ recurrences }: RuleSchedule): readonly FieldError[] {
  return recurrences.flatMap((recurrence, index) => {
    const pointer = `/schedule/recurrences/${index}`;
    if (recurrence.startsOn >= LAST_START || recurrence.startsOn < '1970') {
      const detail = 'A recurrence starts between the years 1970 and 2200.';
      return [{ pointer: `${pointer}/startsOn`, code: 'OUT_OF_RANGE', detail }];
    }
    const dates = recurrenceDates(recurrence);
    return dates.ok ? [] : [{ pointer: `${pointer}/rule`, ...dates.refusal }];
  });
}

function blackOutFaults({ blackOuts }: RuleSchedule): readonly FieldError[] {
  return blackOuts.flatMap(({ from, until }, index) => {
    if (from <= until) return [];
    const detail = 'The black-out ends before it begins.';
    return [{ pointer: `/schedule/blackOuts/${index}/until`, code: 'ENDS_BEFORE_IT_BEGINS', detail }];
  });
}

/** Whether a day of the schedule is left while the rule runs, as far as that is known; zones differ by a day. */
function happens(schedule: RuleSchedule, { from, until }: Running): boolean {
  const { isDay } = preparedSchedule(schedule);
  const first = from === null ? null : addToDate(from.slice(0, 10), { days: -1 });
  const last = until === null ? null : addToDate(until.slice(0, 10), { days: 1 });
  const isRunning = (day: LocalDate) => (first === null || first <= day) && (last === null || day <= last);
  if (schedule.recurrences.length > 0) {
    const days = schedule.recurrences.flatMap((each) => {
      const dates = recurrenceDates(each);
      return dates.ok ? dates.value : [];
    });
    return days.some((day) => isRunning(day) && isDay(day));
  }
  if (first === null) return true;
  const end = addToDate(first, { months: 12 * MAX_RECURRENCE_YEARS });
  for (let day = first; day < end && isRunning(day); day = addToDate(day, { days: 1 }))
    if (isDay(day)) return true;
  return false;
}
