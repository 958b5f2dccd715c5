import { presentMember } from '../members/index.js';
import type { TargetResolver } from '../platform/pipeline/index.js';
import { GONE_ELSEWHERE } from '../purchases/index.js';

/** How commands about an activity find its account: the present one of its member, or of the survivor. */
export const activityTarget: TargetResolver = {
  kind: 'activity',
  sql: `SELECT now.account_id, now.member_id FROM activities ac
    ${presentMember('ac', 'c.programme_id')}
    WHERE c.kind = 'activity' AND ac.activity_id = c.ref_id`,
};

/**
 * The lots that a row opened, as `readGrants` reads them.
 * @param row the alias of the row, which has `account_id` and `lot_ids`.
 */
export function grantsSql(row: string): string {
  return `(SELECT json_agg(json_build_array(l.lot_id, l.rule_id, l.rule_version, l.origin, l.points, ${GONE_ELSEWHERE})
        ORDER BY l.lot_id)
      FROM json_array_elements_text(${row}.lot_ids) AS y CROSS JOIN LATERAL (SELECT o.* FROM lots o
        WHERE o.account_id = ${row}.account_id AND o.lot_id = y::uuid LIMIT 1) l)`;
}

/** Activities that commands name, under the accounts their members have now, with the lots that they opened. */
export const ACTIVITIES_WITH_LOTS = `SELECT now.account_id, ac.activity_id, now.member_id, ac.type, ac.type_version,
    ac.source, ac.external_id, ac.occurred_at, ac.business_date, ac.attributes, ac.counted,
    EXISTS (SELECT FROM activity_cancellations x WHERE x.activity_id = ac.activity_id) AS cancelled,
    ${grantsSql('ac')} AS grants
  FROM unnest($2::uuid[]) AS s(id)
  JOIN activities ac ON ac.activity_id = s.id
  ${presentMember('ac')}
  WHERE now.account_id = ANY($1::uuid[])`;
