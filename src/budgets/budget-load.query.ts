/** What budgets have left in each slice, and which of their states were announced. */
export const BUDGETS_BY_KEY = `SELECT u.programme_id, u.key,
    (SELECT json_agg(json_build_array(s.points, s.uses, s.cost::text) ORDER BY s.slice) FROM budget_slices s
      WHERE s.programme_id = u.programme_id AND s.budget_id = u.key) AS slices,
    (SELECT json_agg(json_build_array(n.version, n.notice)) FROM budget_notices n
      WHERE n.programme_id = u.programme_id AND n.budget_id = u.key) AS notices
  FROM unnest($1::uuid[], $2::text[]) AS u(programme_id, key)`;
