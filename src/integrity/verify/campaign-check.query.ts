import type { Row } from '../../platform/database/row.js';
import { uuidToId } from '../../kernel/ids.js';
import { compare, type Difference } from './difference.js';

/**
 * Registrations against the points that were issued for them, and cancellations against their registrations. `$1` are
 * the accounts.
 */
export const REGISTRATION_POINTS = `SELECT r.account_id, r.campaign_id, r.points_granted::text AS granted,
    coalesce(sum(m.points), 0)::text AS issued
  FROM campaign_registrations r
  LEFT JOIN movements m ON m.account_id = r.account_id AND m.cause_type = 'registration'
    AND m.cause_id = r.registration_id AND m.from_bucket = 'issued'
    AND EXISTS (SELECT FROM json_array_elements_text(r.lot_ids) y WHERE y::uuid = m.lot_id)
  WHERE r.account_id = ANY($1::uuid[])
  GROUP BY r.account_id, r.registration_id, r.campaign_id, r.points_granted
  HAVING r.points_granted <> coalesce(sum(m.points), 0)`;

/** Reads a row of `REGISTRATION_POINTS`. */
export function registrationPoints(row: Row): readonly Difference[] {
  const subject = { accountId: uuidToId('acc', row['account_id'] as string) };
  return compare(subject, 'campaign.points', row['issued'] as string, row['granted'] as string);
}

/** Registrations in force of a programme `$1`. */
const IN_FORCE = `SELECT r.campaign_id, r.business_date::text AS day, count(*) AS taken FROM campaign_registrations r
  WHERE r.programme_id = $1
    AND NOT EXISTS (SELECT FROM campaign_cancellations x WHERE x.registration_id = r.registration_id)
  GROUP BY r.campaign_id, r.business_date`;

/** The last version of each campaign of a programme `$1`. */
const CAMPAIGNS = `SELECT DISTINCT ON (c.key) c.key, c.body FROM config_versions c
  WHERE c.programme_id = $1 AND c.kind = 'campaign' AND c.status = 'published' ORDER BY c.key, c.version DESC`;

/** The places left in all slices together; null where a version does not limit them. */
const SLICES = `SELECT p.campaign_id, p.day, sum(p.places) AS places FROM campaign_places p
  WHERE p.programme_id = $1 AND p.places IS NOT NULL GROUP BY p.campaign_id, p.day`;

/**
 * Statements about the campaigns of a programme; a row for each difference, with `what`, `of`, `expected`, `actual`:
 * the places left in all, and of each day that has any, against the version's without the registrations in force; and
 * cancellations that name no registration of theirs.
 */
export const CAMPAIGN_CHECKS: readonly string[] = [
  `SELECT 'campaign.places' AS what, coalesce(c.key, s.campaign_id) AS of,
     coalesce(((c.body->'places'->>'inAll')::numeric - coalesce(t.taken, 0))::text, 'no limit') AS expected,
     coalesce(s.places::text, 'no limit') AS actual
   FROM (${CAMPAIGNS}) c
   FULL JOIN (SELECT x.* FROM (${SLICES}) x WHERE x.day = '') s ON s.campaign_id = c.key
   LEFT JOIN (SELECT x.campaign_id, sum(x.taken) AS taken FROM (${IN_FORCE}) x GROUP BY x.campaign_id) t
     ON t.campaign_id = coalesce(c.key, s.campaign_id)
   WHERE coalesce(((c.body->'places'->>'inAll')::numeric - coalesce(t.taken, 0))::text, 'no limit')
     <> coalesce(s.places::text, 'no limit')`,
  `SELECT 'campaign.places' AS what, s.campaign_id || ' ' || s.day AS of,
     coalesce(((c.body->'places'->>'perDay')::numeric - coalesce(t.taken, 0))::text, 'no limit') AS expected,
     s.places::text AS actual
   FROM (${SLICES}) s
   LEFT JOIN (${CAMPAIGNS}) c ON c.key = s.campaign_id
   LEFT JOIN (${IN_FORCE}) t ON t.campaign_id = s.campaign_id AND t.day = s.day
   WHERE s.day <> ''
     AND (c.body->'places'->>'perDay')::numeric - coalesce(t.taken, 0) IS DISTINCT FROM s.places`,
  `SELECT 'campaign.registration' AS what, x.registration_id::text AS of, 'a registration' AS expected,
     'none' AS actual
   FROM campaign_cancellations x WHERE x.programme_id = $1
     AND NOT EXISTS (SELECT FROM campaign_registrations r WHERE r.registration_id = x.registration_id
       AND r.programme_id = x.programme_id AND r.campaign_id = x.campaign_id)`,
];
