import { groupBy } from '../../kernel/group-by.js';
import type { MemberId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import { addToDate, localDate, startOfDay, type Instant, type LocalDate } from '../../kernel/time.js';

/** What is asked of a lot to announce its expiry. */
export interface EndingLot {
  readonly memberId: MemberId;
  readonly available: Points;
  readonly availableAt: Instant;
  /** Exclusive end; null never ends. */
  readonly expiresAt: Instant | null;
  /** Not null where it was given another end after it was granted. */
  readonly firstExpiresAt: Instant | null;
  readonly slides: boolean;
}

/** Before every day that is asked about. */
const FIRST_DAY: LocalDate = '1970-01-01';

export interface Announcement {
  /** The first midnight from which the date is near. */
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly points: Points;
  /** The members who earned the points, in the order of their ids. */
  readonly memberIds: readonly MemberId[];
}

export interface AnnouncementTerms {
  readonly now: Instant;
  readonly timeZone: string;
  /** How many days before points expire it is announced, by what is in force at a midnight; 0 announces nothing. */
  readonly daysAt: (midnight: Instant) => number;
}

/** The longest that a policy may have points announced ahead, in days. */
const MAX_ANNOUNCE_DAYS = 365;

/**
 * The expiries to be announced by `now`, earliest first: of each date that was not announced, all points that end
 * then, as of the first midnight (programme zone) at which so many days or fewer were left of them. Asked late,
 * it finds the same midnight; dates that are over by then are no news.
 */
export function planAnnouncements(
  lots: Iterable<EndingLot>,
  announced: readonly Instant[],
  terms: AnnouncementTerms,
): readonly Announcement[] {
  const ending = [...lots].filter(({ available, expiresAt }) => {
    return available > 0 && expiresAt !== null && expiresAt > terms.now && !announced.includes(expiresAt);
  });
  const byDate = groupBy(ending, ({ expiresAt }) => expiresAt as Instant);
  return [...byDate]
    .sort(([a], [b]) => a - b)
    .flatMap(([expiresAt, due]) => {
      const at = firstMidnightNear(expiresAt, knownFrom(due, terms), terms);
      if (at === null) return [];
      const points = due.reduce((sum, { available }) => sum + available, 0);
      return [{ at, expiresAt, points, memberIds: [...new Set(due.map(({ memberId }) => memberId))].sort() }];
    });
}

/**
 * Whether points that end at an instant could be announced by `now`, whenever they were granted. Where they could not,
 * nothing that ends later could.
 */
export function couldBeNear(expiresAt: Instant, terms: AnnouncementTerms): boolean {
  return firstMidnightNear(expiresAt, FIRST_DAY, terms) !== null;
}

/**
 * The first day on which points were known to end on their date. Nothing says when lots got another end, so they
 * are news of today; sliding lots got theirs with the last activity, which is no earlier than the latest of them.
 */
function knownFrom(lots: readonly EndingLot[], { now, timeZone }: AnnouncementTerms): LocalDate {
  const since = ({ availableAt, firstExpiresAt }: EndingLot): LocalDate =>
    firstExpiresAt === null ? firstMidnightFrom(availableAt, timeZone) : localDate(now, timeZone);
  const sliding = lots.filter(({ slides }) => slides).map(since);
  const fixed = lots.filter(({ slides }) => !slides).map(since);
  return [...fixed, ...sliding.sort().slice(-1)].reduce((first, day) => (day < first ? day : first));
}

function firstMidnightNear(
  expiresAt: Instant,
  known: LocalDate,
  { now, timeZone, daysAt }: AnnouncementTerms,
): Instant | null {
  const today = localDate(now, timeZone);
  // The day on which points end counts whole.
  const end = addToDate(localDate(expiresAt - 1, timeZone), { days: 1 });
  const furthest = addToDate(end, { days: -MAX_ANNOUNCE_DAYS });
  for (let day = known > furthest ? known : furthest; day <= today; day = addToDate(day, { days: 1 })) {
    const midnight = startOfDay(day, timeZone);
    const days = daysAt(midnight);
    if (days > 0 && end <= addToDate(day, { days })) return midnight;
  }
  return null;
}

/** The first day that begins at or after an instant. */
function firstMidnightFrom(instant: Instant, timeZone: string): LocalDate {
  const day = localDate(instant, timeZone);
  return startOfDay(day, timeZone) === instant ? day : addToDate(day, { days: 1 });
}
