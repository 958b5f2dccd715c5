/** Accounts with holds that ran out. */
export const FIND_LAPSED_HOLDS = `SELECT r.account_id, NULL::uuid AS member_id, r.hold_expires_at AS due_at
  FROM redemptions r WHERE r.status = 'authorised' AND r.hold_expires_at <= $1
  ORDER BY r.hold_expires_at LIMIT $2`;
