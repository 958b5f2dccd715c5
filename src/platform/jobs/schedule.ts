import {
  addToDate,
  atTimeOfDay,
  isTimeOfDay,
  isTimeZone,
  localDate,
  type Instant,
} from '../../kernel/time.js';

/** A length of time; the parts add up. */
export interface Duration {
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** A time of every day in a zone, such as 02:30 in Asia/Taipei. */
export interface DailyTime {
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** IANA name. */
  readonly zone: string;
}

/** When a job is due: so long after its last run, or once a day. */
export type Schedule = { readonly every: Duration } | { readonly at: DailyTime };

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** A run is put off by up to this share of its interval, so that jobs and processes do not all begin at once. */
const JITTER_SHARE = 0.1;
/** The most by which a run is put off. */
export const LONGEST_JITTER_MS = 30 * SECOND_MS;
/** A job that failed waits so long for its next run, twice as long each time, up to the longest. */
export const RETRY_MS = { first: 10 * SECOND_MS, longest: 5 * MINUTE_MS };
/** A day with a clock set back by two hours, which is more than any zone does. */
const LONGEST_DAY_MS = 26 * HOUR_MS;

/** @returns milliseconds. */
export function milliseconds({ hours = 0, minutes = 0, seconds = 0 }: Duration): number {
  return hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS;
}

/** @throws Error for an interval that is not positive, a time of day or a zone that does not exist. */
export function requireSchedule(schedule: Schedule): void {
  if ('every' in schedule) {
    if (!(milliseconds(schedule.every) > 0)) throw new Error('the interval of a job is positive');
    return;
  }
  const { time, zone } = schedule.at;
  if (!isTimeOfDay(time)) throw new Error(`${time} is no time of day: HH:MM`);
  if (!isTimeZone(zone)) throw new Error(`${zone} is no time zone`);
}

/** How a schedule is shown, and by which a changed one is noticed: `every 5 s`, `at 02:30 Asia/Taipei`. */
export function describeSchedule(schedule: Schedule): string {
  if ('at' in schedule) return `at ${schedule.at.time} ${schedule.at.zone}`;
  return `every ${milliseconds(schedule.every) / SECOND_MS} s`;
}

/** When a job begins that never ran: at once where it runs at intervals, else at its time. */
export function firstRun(schedule: Schedule, now: Instant, random: number): Instant {
  return 'every' in schedule ? now : nextRun(schedule, now, random);
}

/**
 * When a job runs next after a run that ended at `after`.
 * @param random from 0 up to, but not including, 1: where in the jitter the run begins.
 */
export function nextRun(schedule: Schedule, after: Instant, random: number): Instant {
  return regular(schedule, after) + Math.floor(random * (longestJitter(schedule) + 1));
}

/**
 * When a job runs next after its run failed at `after`: an interval shorter than the pause waits for the pause, a daily
 * job does not wait for the next day.
 * @param failures in a row, 1 and more.
 */
export function nextAfterFailure(
  schedule: Schedule,
  after: Instant,
  failures: number,
  random: number,
): Instant {
  const pause = Math.min(RETRY_MS.longest, RETRY_MS.first * 2 ** (failures - 1));
  const next = nextRun(schedule, after, random);
  return 'every' in schedule ? Math.max(next, after + pause) : Math.min(next, after + pause);
}

/**
 * Whether a job is due. A run planned further ahead than its schedule ever plans was planned by a clock that has been
 * set back since, so it is due as well.
 */
export function isDue(schedule: Schedule, planned: Instant, now: Instant): boolean {
  const furthest =
    'every' in schedule
      ? Math.max(milliseconds(schedule.every) + LONGEST_JITTER_MS, RETRY_MS.longest)
      : LONGEST_DAY_MS;
  return planned <= now || planned > now + furthest;
}

/** The most milliseconds by which a run is put off. */
function longestJitter(schedule: Schedule): number {
  if ('at' in schedule) return LONGEST_JITTER_MS;
  return Math.min(LONGEST_JITTER_MS, Math.floor(milliseconds(schedule.every) * JITTER_SHARE));
}

function regular(schedule: Schedule, after: Instant): Instant {
  if ('every' in schedule) return after + milliseconds(schedule.every);
  const { time, zone } = schedule.at;
  let day = localDate(after, zone);
  // A zone that moves over the date line skips a whole day, so more than the next one is looked at.
  for (;;) {
    const at = atTimeOfDay(day, time, zone);
    if (at > after) return at;
    day = addToDate(day, { days: 1 });
  }
}
