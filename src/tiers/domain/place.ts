import { addToDate, type LocalDate } from '../../kernel/time.js';
import { leavesWindow } from '../../kernel/window.js';
import { isMet, leavesOf, type Counted, type Ladder, type Rung } from './ladder.js';
import { graceEnd, nextPeriod, validityEnd, type Beginning } from './validity.js';

/**
 * A member's automatic place on one ladder. Days are business days of the programme's zone: a standing is exact to the
 * day.
 */
export interface Place {
  readonly rung: string;
  /** The first day of the standing. */
  readonly since: LocalDate;
  /** The day on which its validity began: that of the promotion, or of the last renewal or extension. */
  readonly validFrom: LocalDate;
  /** The day at whose first instant it is evaluated; null while none is set. */
  readonly until: LocalDate | null;
  /** The condition to keep was not met, and the rung is held up to the first instant of this day; else null. */
  readonly graceUntil: LocalDate | null;
  /** The last day whose first instant was worked on. */
  readonly rolledTo: LocalDate;
}

export type StepType = 'promoted' | 'renewed' | 'extended' | 'graceBegan' | 'demoted';

/** What happened to a place at the first instant of a day, or by what counted on it. */
export interface Step {
  readonly type: StepType;
  readonly day: LocalDate;
  readonly from: string;
  readonly to: string;
}

export interface Moved {
  readonly place: Place;
  readonly step: Step | null;
}

/** The place of a member who enrols on a day: the first rung, without an end. */
export function firstPlace(ladder: Ladder, day: LocalDate): Place {
  const { key } = ladder.rungs[0] as Rung;
  return { rung: key, since: day, validFrom: day, until: null, graceUntil: null, rolledTo: day };
}

/** The rank of a rung, from 0; a rung that the ladder does not have counts as the first. */
export function rankOf({ rungs }: Ladder, key: string): number {
  return Math.max(
    0,
    rungs.findIndex((rung) => rung.key === key),
  );
}

/**
 * Works on the first instants of all days up to and including `day` at which something is due: promotions of a period,
 * ends of validity and of grace, days that leave a window. What counts on `day` itself has no part in it.
 * @param counted everything that counts before `day`, as far back as the windows of the place go.
 */
export function roll(
  place: Place,
  ladder: Ladder,
  counted: Counted,
  day: LocalDate,
): { readonly place: Place; readonly steps: readonly Step[] } {
  const steps: Step[] = [];
  let current = place;
  for (let due = nextDue(current, ladder, counted); due !== null && due <= day;) {
    const moved = atMidnight({ ...current, rolledTo: due }, ladder, counted, due);
    if (moved.step) steps.push(moved.step);
    current = moved.place;
    due = nextDue(current, ladder, counted);
  }
  return { place: current.rolledTo < day ? { ...current, rolledTo: day } : current, steps };
}

/** The next day at whose first instant something may be due; null for none. It may be too early, never too late. */
export function nextDue(place: Place, ladder: Ladder, counted: Counted): LocalDate | null {
  const { until, graceUntil, rolledTo } = place;
  const ends = graceUntil ?? until;
  const others = [nextPromotion(place, ladder, counted), nextLeaving(place, ladder, counted)];
  return [ends, ...others].reduce<LocalDate | null>(
    (next, day) => (day !== null && day > rolledTo && (next === null || day < next) ? day : next),
    null,
  );
}

/** The next beginning of a period for a period in which something counted. */
function nextPromotion({ rolledTo }: Place, { promotion }: Ladder, { days }: Counted): LocalDate | null {
  if (promotion === 'atOnce') return null;
  for (const day of days) {
    const next = nextPeriod(promotion, day);
    if (next > rolledTo) return next;
  }
  return null;
}

/** The next day on which a rung that is held while qualified has less to count than on the day before. */
function nextLeaving(place: Place, ladder: Ladder, { days, enrolledOn }: Counted): LocalDate | null {
  const rung = ladder.rungs[rankOf(ladder, place.rung)] as Rung;
  const requirement = rung.keep ?? rung.reach;
  if (rung.validity.type !== 'whileQualified' || requirement === null || place.graceUntil !== null)
    return null;
  let next: LocalDate | null = null;
  for (const { window } of leavesOf(requirement)) {
    if (window.type === 'validity') continue;
    for (const day of days) {
      const leaves = leavesWindow(window, day, { enrolledOn, tierSince: place.since });
      if (leaves !== null && leaves > place.rolledTo && (next === null || leaves < next)) next = leaves;
    }
  }
  return next;
}

/** What the first instant of a day brings: a promotion of the period before it, else what ends. */
function atMidnight(place: Place, ladder: Ladder, counted: Counted, day: LocalDate): Moved {
  const before = addToDate(day, { days: -1 });
  if (ladder.promotion !== 'atOnce' && nextPeriod(ladder.promotion, before) === day) {
    const promoted = promotion(place, ladder, counted, { day: before, from: day });
    if (promoted) return promoted;
  }
  const rung = ladder.rungs[rankOf(ladder, place.rung)] as Rung;
  const isOver = place.graceUntil === day;
  // The night may have another reason: a rung that is held while qualified is evaluated as a day leaves its window.
  const isHeld = rung.validity.type === 'whileQualified';
  const qualifies =
    isHeld && (isOver || nextLeaving({ ...place, rolledTo: before }, ladder, counted) === day);
  if (!isOver && place.until !== day && !qualifies) return { place, step: null };
  // A validity ends with the day before. A day leaves a window at this instant, with nothing of today known.
  const evaluated: Evaluated = { day: qualifies ? day : before, through: before };
  if (isOver && !qualifies) return demoted(place, ladder, counted, evaluated, day);
  if (isKept(place, rung, counted, evaluated))
    return qualifies ? kept(place) : renewed(place, rung, counted, day);
  if (rung.noDowngrade || ladder.demotion === 'none')
    return qualifies ? kept(place) : renewed(place, rung, counted, day);
  const end = isOver || ladder.grace === null ? day : graceEnd(ladder.grace, day, place.since);
  if (end <= day) return demoted(place, ladder, counted, evaluated, day);
  return moved({ ...place, graceUntil: end }, 'graceBegan', day, place);
}

/** Up to when something counts that is evaluated, and the day that windows end with. */
interface Evaluated {
  readonly day: LocalDate;
  readonly through: LocalDate;
}

function isKept(
  { validFrom, since }: Place,
  { keep, reach }: Rung,
  counted: Counted,
  evaluated: Evaluated,
): boolean {
  const requirement = keep ?? reach;
  return requirement === null || isMet(requirement, counted, { ...evaluated, validFrom, tierSince: since });
}

function kept(place: Place): Moved {
  return { place: place.graceUntil === null ? place : { ...place, graceUntil: null }, step: null };
}

function renewed(place: Place, rung: Rung, counted: Counted, day: LocalDate): Moved {
  const until = validityEnd(rung.validity, day, 'midnight', counted.enrolledOn);
  return moved({ ...place, validFrom: day, until, graceUntil: null }, 'renewed', day, place);
}

/** One rung down, or to the highest rung below that is kept; rungs that no member enters are passed over. */
function demoted(
  place: Place,
  ladder: Ladder,
  counted: Counted,
  evaluated: Evaluated,
  day: LocalDate,
): Moved {
  const below = ladder.rungs.slice(0, rankOf(ladder, place.rung)).filter(({ retired }) => retired === null);
  const to =
    ladder.demotion === 'oneDown'
      ? below.at(-1)
      : below.findLast((rung) => isKept(place, rung, counted, evaluated));
  return moved(placed(to ?? (ladder.rungs[0] as Rung), day, 'midnight', counted), 'demoted', day, place);
}

/**
 * What counted on a day brings: a promotion to the highest rung whose requirement is met, also over rungs between; or,
 * where the requirement of the present rung is met, a later end. Nothing is due by the first instant of the day.
 * Counting a day once more, with more on it, is the same as counting it once.
 */
export function count(place: Place, ladder: Ladder, counted: Counted, day: LocalDate): Moved {
  const promoted =
    ladder.promotion === 'atOnce' ? promotion(place, ladder, counted, { day, from: day }) : null;
  if (promoted) return promoted;
  const rung = ladder.rungs[rankOf(ladder, place.rung)] as Rung;
  const { validFrom, since: tierSince, until, graceUntil } = place;
  if (rung.reach === null || (until === null && graceUntil === null)) return { place, step: null };
  if (!isMet(rung.reach, counted, { day, through: day, validFrom, tierSince })) return { place, step: null };
  const end = validityEnd(rung.validity, day, 'during', counted.enrolledOn);
  if (graceUntil === null && (end === null || until === null || end <= until)) return { place, step: null };
  return moved({ ...place, validFrom: day, until: end, graceUntil: null }, 'extended', day, place);
}

/** @param when the day that counts last, and the one on which the higher rung begins. */
function promotion(
  place: Place,
  ladder: Ladder,
  counted: Counted,
  { day, from }: { readonly day: LocalDate; readonly from: LocalDate },
): Moved | null {
  const { validFrom, since: tierSince } = place;
  const days = { day, through: day, validFrom, tierSince };
  const above = ladder.rungs.slice(rankOf(ladder, place.rung) + 1);
  const to = above.findLast(
    ({ reach, retired }) => retired === null && reach !== null && isMet(reach, counted, days),
  );
  const beginning = from === day ? 'during' : 'midnight';
  return to ? moved(placed(to, from, beginning, counted), 'promoted', from, place) : null;
}

/** The beginning of a standing on a rung. */
export function placed(
  rung: Rung,
  day: LocalDate,
  beginning: Beginning,
  { enrolledOn }: Pick<Counted, 'enrolledOn'>,
): Place {
  const until = validityEnd(rung.validity, day, beginning, enrolledOn);
  return { rung: rung.key, since: day, validFrom: day, until, graceUntil: null, rolledTo: day };
}

function moved(place: Place, type: StepType, day: LocalDate, before: Place): Moved {
  return { place, step: { type, day, from: before.rung, to: place.rung } };
}
