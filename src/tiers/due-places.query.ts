/** Standings that time changes, of members who are still there; closed ones have none that matters. */
export const FIND_DUE_PLACES = `SELECT m.account_id, m.member_id, p.due_at
  FROM tier_places p JOIN members m ON m.member_id = p.member_id
  WHERE p.due_at <= $1 AND m.merged_into IS NULL AND m.status <> 'closed'
  ORDER BY p.due_at LIMIT $2`;
