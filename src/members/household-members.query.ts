/** Of an account `a` that a household shares: its members, for each the survivor, and that one's home account. */
export const HOUSEHOLD_MEMBERS = `CASE WHEN a.household_size IS NOT NULL THEN (
    SELECT json_agg(json_build_array(h.member_id, o.member_id, o.home_account_id))
    FROM members h JOIN members o ON o.member_id = coalesce(h.merged_into, h.member_id)
    WHERE h.account_id = a.account_id) END AS household_members`;
