/**
 * Accounts whose row says otherwise than the members and households that have them: whose account it is, how many
 * share it, and when its sliding points are next looked at. The account that a member was enrolled with stays theirs, in
 * a household or merged. An account of before the count has no owner to be held to. The members are read once a page.
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
    a.sliding_due_at::text AS noted_due, s.due::text AS due
  FROM accounts a
  LEFT JOIN households h ON h.account_id = a.account_id
  LEFT JOIN homes e ON e.account_id = a.account_id
  LEFT JOIN shared x ON x.account_id = a.account_id
  CROSS JOIN LATERAL (SELECT coalesce(x.heads, 0) AS heads, coalesce(e.members, 0) AS homes,
    CASE WHEN h.account_id IS NULL THEN e.head ELSE x.head END AS head,
    CASE WHEN h.account_id IS NOT NULL THEN coalesce(x.members, 0) END AS size) o
  CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM lots l WHERE l.account_id = a.account_id AND l.slides
      AND l.available > 0 AND l.available + l.held + l.pending + l.undelivered > 0)
    THEN a.sliding_expires_at END AS due) s
  WHERE a.account_id = ANY($1::uuid[])
    AND (a.sliding_due_at IS DISTINCT FROM s.due OR a.counted AND (
      h.account_id IS NULL AND o.homes <> 1
      OR o.heads > 1 OR a.household_size IS DISTINCT FROM o.size
      OR o.head IS NOT NULL AND a.head_member_id::text IS DISTINCT FROM o.head))`;
