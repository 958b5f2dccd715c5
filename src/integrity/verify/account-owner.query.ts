/** Whether an account `a` has a member whose membership is open; asked of few. */
const IS_OPEN = `EXISTS (SELECT FROM members m WHERE m.account_id = a.account_id AND m.status NOT IN ('closed', 'merged'))`;

/**
 * Accounts whose row says otherwise than the members and households that have them: whose account it is, how many
 * share it, and when its sliding points are next looked at. The account that a member was enrolled with stays theirs, in
 * a household or merged. An account of before the count has no owner to be held to. The members are read once a page.
 * When its points are forfeited, the last event about its grace tells; where none does, an account of closed members may
 * have kept points from before, which are forfeited when they are next looked at.
 */
export const OWNERS = `WITH homes AS MATERIALIZED (
    SELECT m.home_account_id AS account_id, count(*) AS members, min(m.member_id::text) AS head
    FROM members m WHERE m.home_account_id = ANY($1::uuid[]) GROUP BY m.home_account_id),
  shared AS MATERIALIZED (
    SELECT m.account_id, count(*) AS members, count(*) FILTER (WHERE m.household_role = 'head') AS heads,
      min(m.member_id::text) FILTER (WHERE m.household_role = 'head') AS head
    FROM members m WHERE m.account_id = ANY($1::uuid[]) AND m.household_role IS NOT NULL GROUP BY m.account_id)
  SELECT a.account_id, a.head_member_id::text AS noted_head,
    CASE WHEN o.heads > 1 THEN 'one of ' || o.heads ELSE coalesce(o.head, 'none') END AS head,
    a.household_size::text AS noted_size, o.size::text AS size,
    a.sliding_due_at::text AS noted_due, s.due::text AS due,
    a.forfeits_at::text AS noted_forfeits,
    CASE WHEN g.told OR a.forfeits_at IS NULL OR ${IS_OPEN} THEN g.forfeits_at::text ELSE a.forfeits_at::text END AS forfeits
  FROM accounts a
  LEFT JOIN households h ON h.account_id = a.account_id
  LEFT JOIN homes e ON e.account_id = a.account_id
  LEFT JOIN shared x ON x.account_id = a.account_id
  CROSS JOIN LATERAL (SELECT coalesce(x.heads, 0) AS heads, coalesce(e.members, 0) AS homes,
    CASE WHEN h.account_id IS NULL THEN e.head ELSE x.head END AS head,
    CASE WHEN h.account_id IS NOT NULL THEN coalesce(x.members, 0) END AS size) o
  LEFT JOIN LATERAL (SELECT true AS told, (y.data->>'forfeitsAt')::timestamptz AS forfeits_at FROM events y
    WHERE y.account_id = a.account_id AND y.type IN ('closing.graceBegan', 'closing.graceEnded')
    ORDER BY y.sequence DESC LIMIT 1) g ON true
  CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM lots l WHERE l.account_id = a.account_id AND l.slides
      AND l.available > 0 AND l.available + l.held + l.pending + l.undelivered > 0)
    THEN a.sliding_expires_at END AS due) s
  WHERE a.account_id = ANY($1::uuid[])
    AND (a.sliding_due_at IS DISTINCT FROM s.due
      OR CASE WHEN g.told THEN a.forfeits_at IS DISTINCT FROM g.forfeits_at
        ELSE a.forfeits_at IS NOT NULL AND ${IS_OPEN} END
      OR a.counted AND (
      h.account_id IS NULL AND o.homes <> 1
      OR o.heads > 1 OR a.household_size IS DISTINCT FROM o.size
      OR o.head IS NOT NULL AND a.head_member_id::text IS DISTINCT FROM o.head))`;
