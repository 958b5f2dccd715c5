import type { ProgrammeId } from '../kernel/ids.js';
import { addToDate, localDate, startOfDay, type Instant, type LocalDate } from '../kernel/time.js';
import { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { TIER_SET_KEY, TIER_SET_KIND } from '../programmes/index.js';
import type { QualifyingDay } from './domain/counted-day.js';
import { nextDue, type Place } from './domain/place.js';
import { replay } from './domain/replay.js';
import { countedOf, type LadderVersion } from './domain/timed-standing.js';
import type { TierSet } from './domain/tier-set.js';
import { ladderVersions } from './ladder-versions.js';

/** A published ladder as it is stored. */
export interface StoredLadder {
  readonly version: number;
  readonly effectiveAt: Instant;
  readonly body: TierSet;
}

/** What a place is recounted from, and as of when. */
export interface PlaceToRecount {
  readonly programmeId: ProgrammeId;
  readonly timeZone: string;
  readonly ladders: readonly StoredLadder[];
  readonly enrolledAt: Instant;
  readonly days: ReadonlyMap<LocalDate, QualifyingDay>;
  /** The version on which the place stands, the day through which it was worked out, and when it is due. */
  readonly version: number;
  readonly rolledTo: LocalDate | null;
  readonly dueAt: Instant | null;
}

/**
 * A place out of all days of a member and the published ladders, by the last day on which the stored one must hold: the
 * day before it is due. Null where the version was not published, or no ladder reaches that far.
 */
export function recountedPlace(
  stored: PlaceToRecount,
): { readonly place: Place; readonly dueAt: Instant | null } | null {
  const { timeZone, programmeId, enrolledAt, days, dueAt } = stored;
  const published = stored.ladders.map((ladder) => ({
    ...{ kind: TIER_SET_KIND, key: TIER_SET_KEY },
    ...ladder,
  }));
  const versions = ladderVersions(new ConfigSnapshot(programmeId, '', timeZone, 0, published));
  const index = versions.findIndex(({ version }) => version === stored.version);
  if (index < 0) return null;
  const counted = countedOf({ enrolledAt, days }, timeZone);
  const dayBefore = dueAt === null ? null : addToDate(localDate(dueAt, timeZone), { days: -1 });
  const last = [stored.rolledTo, dayBefore, counted.days.at(-1)].map((day) => day ?? counted.enrolledOn);
  const through = last.reduce((latest, day) => (day > latest ? day : latest));
  const place = replay(versions.slice(0, index + 1), counted, through)?.place;
  if (!place) return null;
  const due = nextDue(place, (versions[index] as LadderVersion).ladder, counted);
  return { place, dueAt: due === null ? null : startOfDay(due, timeZone) };
}
