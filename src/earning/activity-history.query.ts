/** What the load selects for a member's activities. */
export const ACTIVITY_HISTORY_SELECT =
  'c.activity_types AS activity_types, ah.activities AS activity_history';

/** Activities of each type that conditions know of, the latest. */
export const MAX_ACTIVITIES_KNOWN = 1_000;

/**
 * The latest activities of a member `m`, and of the members that were merged into it, of the types in
 * `c.activity_types`, without those that were cancelled. Reads nothing where that is null.
 */
export const ACTIVITY_HISTORY_JOIN = `LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(d.type, (extract(epoch FROM d.occurred_at) * 1000)::bigint)) AS activities
    FROM unnest(string_to_array(c.activity_types, E'\\n')) AS t(type)
    CROSS JOIN LATERAL (
      SELECT ac.type, ac.occurred_at FROM activities ac
      WHERE ac.type = t.type AND ac.member_id IN (
          SELECT m.member_id UNION ALL SELECT dm.member_id FROM members dm WHERE dm.merged_into = m.member_id)
        AND NOT EXISTS (SELECT FROM activity_cancellations x WHERE x.activity_id = ac.activity_id)
      ORDER BY ac.occurred_at DESC LIMIT ${MAX_ACTIVITIES_KNOWN}) d) ah ON c.activity_types IS NOT NULL`;
