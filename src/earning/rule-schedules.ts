import type { Instant } from '../kernel/time.js';
import type { EarningRule } from './domain/earning-rule.js';
import {
  isInSchedule,
  prepareSchedule,
  type PreparedSchedule,
  type RuleSchedule,
} from './domain/rule-schedule.js';
import { recurrenceDates } from './domain/recurrence.js';

/** Published schedules never change, so each is made ready once in a process or thread, when a receipt first asks. */
const prepared = new WeakMap<RuleSchedule, PreparedSchedule>();

/** A schedule made ready; a recurrence that an earlier release took and this one refuses names no day. */
export function preparedSchedule(schedule: RuleSchedule): PreparedSchedule {
  const known = prepared.get(schedule);
  if (known) return known;
  const made = prepareSchedule(schedule, (recurrence) => {
    const dates = recurrenceDates(recurrence);
    return dates.ok ? dates.value : [];
  });
  prepared.set(schedule, made);
  return made;
}

/** Whether a rule gives points at an instant of a zone, by its schedule; a rule without one always does. */
export function followsSchedule({ schedule }: EarningRule, at: Instant, zone: string): boolean {
  return schedule === undefined || isInSchedule(preparedSchedule(schedule), at, zone);
}
