/** Accounts of closed memberships whose days of grace ended. */
export const FIND_ENDED_GRACE = `SELECT a.account_id, NULL::uuid AS member_id, a.forfeits_at AS due_at
  FROM accounts a WHERE a.forfeits_at <= $1 ORDER BY a.forfeits_at LIMIT $2`;
