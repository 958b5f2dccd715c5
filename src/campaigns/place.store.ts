import { inSlices } from '../budgets/index.js';
import { idToUuid, type ProgrammeId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { addToDate, localDate, parseInstant, type Instant, type LocalDate } from '../kernel/time.js';
import type { Publication, Reader } from '../platform/versioned-config/config.store.js';
import type { Campaign } from './domain/campaign.js';
import { ALL_DAYS } from './places.slice.js';
import { campaignProblems } from './problems.js';

/** Registrations in force, by the day on which the members registered. */
const TAKEN = `SELECT r.business_date::text AS day, count(*)::int AS taken FROM campaign_registrations r
  WHERE r.programme_id = $1 AND r.campaign_id = $2
    AND NOT EXISTS (SELECT FROM campaign_cancellations x WHERE x.registration_id = r.registration_id)
  GROUP BY r.business_date`;

/** Rows that a version does not name have no limit in it. */
const CLEAR = `UPDATE campaign_places SET places = NULL WHERE programme_id = $1 AND campaign_id = $2`;

const SET_PLACES = `INSERT INTO campaign_places AS p (programme_id, campaign_id, day, slice, places)
  SELECT $1, $2, u.day, u.slice, u.places FROM unnest($3::text[], $4::int[], $5::bigint[]) AS u(day, slice, places)
  ON CONFLICT (programme_id, campaign_id, day, slice) DO UPDATE SET places = excluded.places`;

/** What registrations took so far, by day, in the transaction of the reader. */
async function takenOf(
  reader: Reader,
  programmeId: ProgrammeId,
  campaignId: string,
): Promise<ReadonlyMap<LocalDate, number>> {
  const values = [idToUuid(programmeId), campaignId];
  const rows = await reader.query<{ day: string; taken: number }[]>(TAKEN, values);
  return new Map(rows.map(({ day, taken }) => [day, taken]));
}

/** The refusal of a change that is planned for later: what is left is one figure, so it changes when it is published. */
export function changedLater({ published, effectiveAt }: Publication, now: Instant): Problem | null {
  if (published.length === 0 || effectiveAt <= now) return null;
  const detail =
    'A campaign changes for all members when it is published. Publish the change when it is to hold.';
  const errors = [{ pointer: '/effectiveAt', code: 'CAMPAIGN_CHANGES_AT_ONCE', detail }];
  return campaignProblems.problem('CAMPAIGN_CHANGES_AT_ONCE', detail, { errors });
}

/** The refusal of a version with fewer places than are taken already, in all or today. Writes must wait meanwhile. */
export async function belowTaken(
  { draft, config, reader }: Publication,
  now: Instant,
): Promise<Problem | null> {
  const { places } = draft.body as unknown as Campaign;
  const taken = await takenOf(reader, config.programmeId, draft.key);
  const inAll = [...taken.values()].reduce((sum, count) => sum + count, 0);
  const today = taken.get(localDate(now, config.timeZone)) ?? 0;
  const over = [
    ...(places.inAll !== null && places.inAll < inAll ? [['inAll', inAll] as const] : []),
    ...(places.perDay !== null && places.perDay < today ? [['perDay', today] as const] : []),
  ];
  if (over.length === 0) return null;
  const errors = over.map(([field, count]) => ({
    pointer: `/places/${field}`,
    code: 'PLACES_BELOW_TAKEN',
    detail: `${count} members are registered already.`,
  }));
  const detail = 'More members are registered than this version has places for.';
  return campaignProblems.problem('PLACES_BELOW_TAKEN', detail, { errors });
}

/** Puts the places that a version leaves into slices: in all, and of each day from today on. */
export async function fillPlaces({ draft, config, reader }: Publication, now: Instant): Promise<void> {
  const campaign = draft.body as unknown as Campaign;
  const { inAll, perDay } = campaign.places;
  const taken = await takenOf(reader, config.programmeId, draft.key);
  const all = [...taken.values()].reduce((sum, count) => sum + count, 0);
  const left: (readonly [day: string, places: number])[] = inAll === null ? [] : [[ALL_DAYS, inAll - all]];
  if (perDay !== null)
    for (const day of openDays(campaign, config.timeZone, now))
      left.push([day, perDay - (taken.get(day) ?? 0)]);
  const campaignOf = [idToUuid(config.programmeId), draft.key];
  await reader.query(CLEAR, campaignOf);
  const rows = left.flatMap(([day, places]) =>
    inSlices(BigInt(places)).map((part, slice) => ({ day, slice, part: String(part) })),
  );
  await reader.query(SET_PLACES, [
    ...campaignOf,
    rows.map(({ day }) => day),
    rows.map(({ slice }) => slice),
    rows.map(({ part }) => part),
  ]);
}

/** The local days on which members may still register. */
function openDays({ opensAt, closesAt }: Campaign, timeZone: string, now: Instant): readonly LocalDate[] {
  const from = Math.max(parseInstant(opensAt) as number, now);
  const last = localDate((parseInstant(closesAt) as number) - 1, timeZone);
  const days: LocalDate[] = [];
  for (let day = localDate(from, timeZone); day <= last; day = addToDate(day, { days: 1 })) days.push(day);
  return days;
}
