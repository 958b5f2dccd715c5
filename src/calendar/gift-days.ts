import { CALENDAR, rulesTriggeredBy, triggerOf } from '../earning/index.js';
import { addToDate, endOfDay, localDate, startOfDay, type Instant, type LocalDate } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { calendarRules } from './calendar-rules.js';
import type { CalendarState, Celebrated } from './calendar-state.js';
import type { GiftFacts } from './domain-events.js';
import { isFarFromLast, nextAnniversary, yearsOn } from './domain/anniversary.js';

type On = GiftFacts['on'];

function dateOf(on: On, { birthDate, enrolledAt }: Celebrated, zone: string): LocalDate | null {
  return on === 'birthday' ? birthDate : localDate(enrolledAt, zone);
}

/**
 * The next local midnight of an anniversary that was not looked at, whether or not a rule gives for it; null where
 * none comes. Anniversaries before the first rule about dates, or before the day of the member's recording, are left
 * out.
 */
export function nextMidnight(
  { person, lookedUntil }: CalendarState,
  config: ConfigSnapshot,
  after: Instant | null = lookedUntil,
): Instant | null {
  const rules = calendarRules(config);
  if (!rules || !person || person.over) return null;
  const zone = config.timeZone;
  const recorded = startOfDay(localDate(person.createdAt, zone), zone);
  const from = Math.max(after ?? 0, recorded, rules.from);
  const day = localDate(from, zone);
  const first = startOfDay(day, zone) >= from ? day : addToDate(day, { days: 1 });
  const midnights = rules.triggers.flatMap(({ on, leapDay }) => {
    const date = dateOf(on, person, zone);
    return date === null ? [] : [startOfDay(nextAnniversary(date, first, leapDay), zone)];
  });
  return midnights.length === 0 ? null : Math.min(...midnights);
}

/** What the rules in force at a local midnight give a member for the day that begins. */
export function giftsAt(
  { person, last }: CalendarState,
  at: Instant,
  config: ConfigSnapshot,
): readonly GiftFacts[] {
  if (!person || person.over) return [];
  const zone = config.timeZone;
  const day = localDate(at, zone);
  if (startOfDay(day, zone) !== at || person.createdAt >= endOfDay(day, zone)) return [];
  return rulesTriggeredBy(config, at, CALENDAR).flatMap(({ ref, rule }) => {
    const trigger = triggerOf(rule);
    if (trigger.type !== 'calendar') return [];
    const { on, everyYears, leapDay } = trigger;
    const date = dateOf(on, person, zone);
    if (date === null || !wasKnown(on, person, at)) return [];
    const years = yearsOn(date, day, leapDay);
    if (years === 0 || BigInt(years) % BigInt(everyYears) !== 0n) return [];
    return isFarFromLast(last.get(ref.id), day) ? [{ rule: ref, on, day, years }] : [];
  });
}

/** A date that was entered or changed after the midnight counts from its next anniversary on. */
function wasKnown(on: On, { birthDateSince }: Celebrated, at: Instant): boolean {
  return on === 'enrolment' || birthDateSince === null || birthDateSince <= at;
}
