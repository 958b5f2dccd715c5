/** An account's redemptions on hold, and those that commands name whatever their status. */
export const HOLDS_AND_SUBJECTS = `SELECT r.* FROM unnest($1::uuid[]) AS u(account_id)
      JOIN redemptions r ON r.account_id = u.account_id AND r.status = 'authorised'
      UNION ALL
      SELECT r.* FROM unnest($2::uuid[]) AS s(redemption_id)
      JOIN redemptions r ON r.redemption_id = s.redemption_id AND r.account_id = ANY($1) AND r.status <> 'authorised'`;

/** What is left of stocked rewards. */
export const REWARD_STOCK_BY_KEY = `SELECT s.programme_id, s.reward_id AS key, s.remaining
    FROM unnest($1::uuid[], $2::text[]) AS u(programme_id, reward_id)
    JOIN reward_stock s ON s.programme_id = u.programme_id AND s.reward_id = u.reward_id`;
