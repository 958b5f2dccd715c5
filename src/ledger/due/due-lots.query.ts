/** Accounts whose points wait no longer. */
export const FIND_ACTIVATIONS = `SELECT a.account_id, NULL::uuid AS member_id, a.next_pending_at AS due_at
  FROM accounts a WHERE a.next_pending_at <= $1 ORDER BY a.next_pending_at LIMIT $2`;

/** Accounts with usable points that ended: lots with a date of their own, and points that slide together. */
export const FIND_EXPIRIES = [
  `SELECT l.account_id, NULL::uuid AS member_id, l.expires_at AS due_at FROM lots l
  WHERE l.available > 0 AND l.expires_at IS NOT NULL AND l.expires_at <= $1 ORDER BY l.expires_at LIMIT $2`,
  `SELECT a.account_id, NULL::uuid AS member_id, a.sliding_due_at AS due_at
  FROM accounts a WHERE a.sliding_due_at <= $1 ORDER BY a.sliding_due_at LIMIT $2`,
];
