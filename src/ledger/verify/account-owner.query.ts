/**
 * Accounts whose row says otherwise than the members and households that have them: whose account it is, how many
 * share it, and when its sliding points are next looked at. The account that a member was enrolled with stays theirs, in
 * a household or merged. An account of before the count has no owner to be held to.
 */
export const OWNERS = `SELECT a.account_id, a.head_member_id::text AS noted_head, CASE WHEN o.heads > 1 THEN 'one of ' || o.heads ELSE coalesce(o.head, 'none') END AS head,
    a.household_size::text AS noted_size, o.size::text AS size,
    a.sliding_due_at::text AS noted_due, s.due::text AS due
  FROM accounts a
  LEFT JOIN households h ON h.account_id = a.account_id
  CROSS JOIN LATERAL (SELECT
    CASE WHEN h.account_id IS NULL
      THEN (SELECT min(m.member_id::text) FROM members m WHERE m.home_account_id = a.account_id)
      ELSE (SELECT min(m.member_id::text) FROM members m WHERE m.account_id = a.account_id AND m.household_role = 'head')
    END AS head,
    (SELECT count(*) FROM members m WHERE m.account_id = a.account_id AND m.household_role = 'head') AS heads,
    CASE WHEN h.account_id IS NOT NULL THEN (SELECT count(*) FROM members m
      WHERE m.account_id = a.account_id AND m.household_role IS NOT NULL) END AS size,
    (SELECT count(*) FROM members m WHERE m.home_account_id = a.account_id) AS homes) o
  CROSS JOIN LATERAL (SELECT CASE WHEN EXISTS (SELECT FROM lots l WHERE l.account_id = a.account_id AND l.slides
      AND l.available > 0 AND l.available + l.held + l.pending + l.undelivered > 0)
    THEN a.sliding_expires_at END AS due) s
  WHERE a.account_id = ANY($1::uuid[])
    AND (a.sliding_due_at IS DISTINCT FROM s.due OR a.counted AND (
      h.account_id IS NULL AND o.homes <> 1
      OR o.heads > 1 OR a.household_size IS DISTINCT FROM o.size
      OR o.head IS NOT NULL AND a.head_member_id::text IS DISTINCT FROM o.head))`;
