/** Of an account `a` that a household shares: its members whose memberships are not closed, in the order of their ids. */
export const OPEN_MEMBERS = `CASE WHEN a.household_size IS NOT NULL THEN (
    SELECT json_agg(h.member_id ORDER BY h.member_id) FROM members h
    WHERE h.account_id = a.account_id AND h.status NOT IN ('closed', 'merged')) END AS open_members`;
