import { localDate, startOfDay, type Instant, type LocalDate } from '../../kernel/time.js';
import { FIRST_DAY, windowStart } from '../../kernel/window.js';
import type { QualifyingDay } from './counted-day.js';
import { windowsOf, type Counted, type Ladder, type MeasureName } from './ladder.js';
import { nextDue, type Place } from './place.js';
import { live, replay, type LadderFrom, type Replayed } from './replay.js';
import type { TierChange } from './standing.js';

/** A published version of a ladder in time. */
export interface LadderVersion extends LadderFrom {
  readonly version: number;
  readonly effectiveAt: Instant;
  readonly timed: boolean;
}

/** What a member's standing on a ladder with time follows from. */
export interface TimedState {
  readonly enrolledAt: Instant;
  readonly daysFrom: LocalDate;
  readonly days: ReadonlyMap<LocalDate, QualifyingDay>;
  readonly changes: readonly TierChange[];
  readonly place: Place | null;
  /** The version of the ladder on which the place stands. */
  readonly placeVersion: number | null;
}

/** Something that counted, or was taken off; null where only time passed. */
export interface Occurrence {
  readonly day: LocalDate;
  readonly at: Instant;
  /** Something was taken off, so what it had led to may be gone. */
  readonly lowers: boolean;
}

/** A standing as it is now, and the changes of tier that are not known yet. */
export interface Decided {
  readonly place: Place;
  readonly version: number;
  readonly dueAt: Instant | null;
  readonly renewed: boolean;
  readonly changes: readonly { readonly from: string | null; readonly to: string; readonly since: Instant }[];
}

/** Less is loaded than a decision needs: all days of the member are needed. */
export const LACKS_DAYS = Symbol('lacks days');

/**
 * Decides a standing once something counted, or time passed. What happens in order goes on from the place that is
 * known; what comes late, is taken off, or meets a new version, is replayed from all days.
 * @param versions those in force by `now`, in the order of their days; the last one is in force, and one is timed.
 */
export function decideStanding(
  state: TimedState,
  versions: readonly LadderVersion[],
  occurrence: Occurrence | null,
  now: Instant,
  zone: string,
): Decided | typeof LACKS_DAYS {
  const version = versions.at(-1) as LadderVersion;
  const today = localDate(now, zone);
  const counted = countedOf(state, zone);
  const from = occurrence?.day ?? today;
  const { place } = state;
  const goesOn =
    place !== null &&
    state.placeVersion === version.version &&
    occurrence?.lowers !== true &&
    place.rolledTo <= from &&
    place.validFrom <= from;
  if (goesOn) {
    if (firstNeeded(version.ladder, place, counted.enrolledOn) < state.daysFrom) return LACKS_DAYS;
    const after = live(place, version.ladder, counted, from, today);
    return decided(state, version, counted, after, changesAlong(state, after, occurrence, zone), zone);
  }
  if (state.daysFrom > FIRST_DAY) return LACKS_DAYS;
  const after = replay(versions, counted, today) as Replayed;
  const since = startOfDay((versions.find(({ timed }) => timed) as LadderVersion).from, zone);
  return decided(state, version, counted, after, corrections(state, after, since, occurrence, zone), zone);
}

function decided(
  { place: before }: TimedState,
  { ladder, version }: LadderVersion,
  counted: Counted,
  { place, steps }: Replayed,
  changes: Decided['changes'],
  zone: string,
): Decided {
  const due = nextDue(place, ladder, counted);
  const renewed =
    before !== null &&
    before.rung === place.rung &&
    steps.some(({ type }) => type === 'renewed' || type === 'extended');
  return { place, version, dueAt: due === null ? null : startOfDay(due, zone), renewed, changes };
}

/** What a member did, as requirements count it. */
export function countedOf(
  { enrolledAt, days }: Pick<TimedState, 'enrolledAt' | 'days'>,
  zone: string,
): Counted {
  return {
    enrolledOn: localDate(enrolledAt, zone),
    days: [...days]
      .filter(([, counted]) => counts(counted))
      .map(([day]) => day)
      .sort(),
    valueOf: (measure, from, through) => {
      let sum = 0;
      const value = VALUES[measure];
      for (const [day, counted] of days) if (day >= from && day <= through) sum += value(counted);
      return sum;
    },
  };
}

function counts({ spendMinor, points, visits, status }: QualifyingDay): boolean {
  return spendMinor !== 0 || points !== 0 || visits !== 0 || status !== 0;
}

/** What is counted of a day, by the name of the measure. A visit is a day with a receipt that was not returned whole. */
const VALUES: Readonly<Record<MeasureName, (day: QualifyingDay) => number>> = {
  spend: ({ spendMinor }) => spendMinor,
  points: ({ points }) => points,
  purchases: ({ visits }) => visits,
  visits: ({ visits }) => (visits > 0 ? 1 : 0),
  status: ({ status }) => status,
};

/** The first day that a place needs to be decided further; it looks at what ended since it was worked on last. */
function firstNeeded(
  ladder: Ladder,
  { rolledTo, since, validFrom }: Place,
  enrolledOn: LocalDate,
): LocalDate {
  const starts = windowsOf(ladder).map((window) =>
    window.type === 'validity' ? validFrom : windowStart(window, rolledTo, { enrolledOn, tierSince: since }),
  );
  return starts.reduce((first, start) => (start < first ? start : first), rolledTo);
}

/** The changes that steps bring which follow what is known. */
function changesAlong(state: TimedState, { steps }: Replayed, occurrence: Occurrence | null, zone: string) {
  return steps
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, day }) => ({ from, to, since: sinceOf(state, to, day, occurrence, zone) }));
}

/** From when on a rung is held: from the occurrence that reached it, as it is known, else from the day's beginning. */
function sinceOf(
  { changes, enrolledAt }: TimedState,
  to: string,
  day: LocalDate,
  occurrence: Occurrence | null,
  zone: string,
): Instant {
  const known = changes.findLast((change) => change.to === to && localDate(change.since, zone) === day);
  if (known) return known.since;
  const at = occurrence?.day === day && !occurrence.lowers ? occurrence.at : startOfDay(day, zone);
  return Math.max(at, enrolledAt);
}

/** What has to be recorded so that, from an instant on, the changes tell the replayed standing at every instant. */
function corrections(
  state: TimedState,
  { place, steps }: Replayed,
  since: Instant,
  occurrence: Occurrence | null,
  zone: string,
): Decided['changes'] {
  const moved = steps.filter(({ from, to }) => from !== to);
  const first = moved[0]?.from ?? place.rung;
  const wanted = moved.map(({ to, day }) => ({ to, since: sinceOf(state, to, day, occurrence, zone) }));
  const rungAt = (at: Instant) => wanted.findLast((each) => each.since <= at)?.to ?? first;
  const known = [...state.changes] as Pick<TierChange, 'to' | 'since'>[];
  const knownAt = (at: Instant): string | undefined => {
    let latest: (typeof known)[number] | undefined;
    for (const change of known)
      if (change.since <= at && (latest === undefined || change.since >= latest.since)) latest = change;
    return latest?.to;
  };
  const made: { from: string | null; to: string; since: Instant }[] = [];
  const instants = [since, ...known.map((change) => change.since), ...wanted.map((change) => change.since)];
  for (const at of [...new Set(instants)].filter((each) => each >= since).sort((a, b) => a - b)) {
    const [is, should] = [knownAt(at) ?? first, rungAt(at)];
    if (is === should) continue;
    made.push({ from: is, to: should, since: at });
    known.push({ to: should, since: at });
  }
  return made;
}
