/** A member's dates, the days that were looked at, and the last gifts, also of members who were merged into them. */
export const CELEBRATED = `CASE WHEN c.calendar THEN (SELECT json_build_object(
    'birthDate', m.birth_date,
    'birthDateSince', (extract(epoch FROM m.birth_date_since) * 1000)::bigint,
    'enrolledAt', (extract(epoch FROM m.enrolled_at) * 1000)::bigint,
    'createdAt', (extract(epoch FROM m.created_at) * 1000)::bigint,
    'attributes', m.attributes,
    'over', m.status IN ('closed', 'merged'),
    'dueAt', (extract(epoch FROM d.due_at) * 1000)::bigint,
    'lookedUntil', (extract(epoch FROM d.looked_until) * 1000)::bigint,
    'last', (SELECT json_object_agg(l.rule_id, l.day) FROM (SELECT g.rule_id, max(g.day) AS day
      FROM calendar_gifts g WHERE g.points > 0 AND (g.member_id = m.member_id OR g.member_id::text IN (
        SELECT json_array_elements_text(
          CASE WHEN json_typeof(m.merged_from) = 'array' THEN m.merged_from ELSE '[]'::json END))) GROUP BY g.rule_id) l))
    FROM (SELECT 1) one LEFT JOIN calendar_days d ON d.member_id = m.member_id) END AS calendar`;

/** Members whose next anniversary came, with the account on which they act now. */
export const FIND_GIFT_DAYS = `SELECT m.account_id, m.member_id, d.due_at
  FROM calendar_days d JOIN members m ON m.member_id = d.member_id
  WHERE d.due_at <= $1 AND m.status <> 'merged' ORDER BY d.due_at LIMIT $2`;
