import { uuidToId } from '../../kernel/ids.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import type { Row } from '../../platform/database/row.js';
import { recountedPlace, type StoredLadder } from '../../tiers/index.js';
import { compare, type Difference } from './difference.js';

/**
 * A page of members with their places on ladders with time, and what these follow from. Of members who were ever in a
 * household pending points may have been cancelled by another's command, which looks at their standing only later; and
 * where returns leave tiers as they are (`onReturn: keep`), a standing follows from more than the days.
 */
export const PLACES = `SELECT m.member_id, m.programme_id, p.time_zone, (extract(epoch FROM m.enrolled_at) * 1000)::bigint::text AS enrolled_at, t.places,
    t.places IS NOT NULL AND m.merged_into IS NULL AND m.status <> 'closed' AND m.account_id = m.home_account_id
      AND NOT EXISTS (SELECT FROM events e WHERE e.member_id = m.member_id AND e.type = 'household.left')
      AND NOT EXISTS (SELECT FROM config_versions c WHERE c.programme_id = m.programme_id
        AND c.kind = 'programme-policy' AND c.status = 'published' AND c.body->>'onReturn' = 'keep') AS recounts,
    CASE WHEN t.places IS NOT NULL THEN (
      SELECT json_agg(json_build_array(d.day::text, d.spend_minor, d.points, d.visits, d.status)) FROM qualifying_days d
      WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id) END AS days,
    CASE WHEN t.places IS NOT NULL THEN (
      SELECT json_agg(json_build_object('version', c.version,
        'effectiveAt', (extract(epoch FROM c.effective_at) * 1000)::bigint, 'body', c.body))
      FROM config_versions c WHERE c.programme_id = m.programme_id AND c.kind = 'tier-set' AND c.status = 'published'
        AND NOT EXISTS (SELECT FROM config_acts x WHERE x.programme_id = c.programme_id AND x.kind = c.kind
          AND x.key = c.key AND x.version = c.version AND x.act = 'withdrawn')) END AS ladders
  FROM (SELECT p.* FROM members p
    WHERE ($1::uuid IS NULL OR p.programme_id = $1) AND ($2::uuid IS NULL OR p.member_id > $2)
    ORDER BY p.member_id LIMIT $3) m
  LEFT JOIN programmes p ON p.programme_id = m.programme_id
  LEFT JOIN LATERAL (SELECT json_agg(json_build_array(x.ladder, x.ladder_version, x.rung, x.since, x.valid_from,
      x.valid_until, x.grace_until, x.rolled_to, (extract(epoch FROM x.due_at) * 1000)::bigint)) AS places
    FROM tier_places x WHERE x.account_id = m.home_account_id AND x.member_id = m.member_id) t ON true
  ORDER BY m.member_id`;

type StoredPlace = readonly [
  ladder: string,
  version: number,
  rung: string,
  since: LocalDate,
  validFrom: LocalDate,
  until: LocalDate | null,
  graceUntil: LocalDate | null,
  rolledTo: LocalDate | null,
  dueAt: Instant | null,
];
type StoredDay = readonly [
  day: LocalDate,
  spendMinor: number,
  points: number,
  visits: number,
  status: number,
];

/** Differences between the places of a member and those that all days and the published ladders give. */
export function checkPlaces(row: Row): readonly Difference[] {
  if (row['recounts'] !== true) return [];
  const memberId = uuidToId('mbr', row['member_id'] as string);
  const days = new Map(
    ((row['days'] ?? []) as StoredDay[]).map(
      ([day, spendMinor, points, visits, status]) => [day, { spendMinor, points, visits, status }] as const,
    ),
  );
  return (row['places'] as StoredPlace[]).flatMap((stored) => {
    const [ladder, version, rung, since, validFrom, until, graceUntil, rolledTo, dueAt] = stored;
    const recounted = recountedPlace({
      programmeId: uuidToId('prg', row['programme_id'] as string),
      timeZone: row['time_zone'] as string,
      ladders: (row['ladders'] ?? []) as StoredLadder[],
      enrolledAt: Number(row['enrolled_at']),
      ...{ days, version, rolledTo, dueAt },
    });
    const actual = [ladder, rung, since, validFrom, until, graceUntil, dueAt].join(' ');
    if (recounted === null) return compare({ memberId }, 'tier.place', 'a published ladder', actual);
    const { place } = recounted;
    const dates = [place.since, place.validFrom, place.until, place.graceUntil];
    const expected = ['main', place.rung, ...dates, recounted.dueAt].join(' ');
    return compare({ memberId }, 'tier.place', expected, actual);
  });
}
