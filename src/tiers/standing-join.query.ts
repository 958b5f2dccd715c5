/**
 * What the load selects for a standing; queries outside the pipeline use the same.
 * @param timed whether time has a part in the programme's ladder, in SQL; the place is read only then.
 */
export function standingSelect(timed: string): string {
  return `m.enrolled_at AS tier_enrolled_at, m.home_account_id AS tier_account_id, td.days AS tier_days,
    tc.changes AS tier_changes, CASE WHEN ${timed} THEN (
      SELECT json_build_array(tp.ladder_version, tp.rung, tp.since, tp.valid_from, tp.valid_until, tp.grace_until,
        tp.rolled_to, (extract(epoch FROM tp.due_at) * 1000)::bigint)
      FROM tier_places tp
      WHERE tp.account_id = m.home_account_id AND tp.member_id = m.member_id AND tp.ladder = 'main') END AS tier_place`;
}

/** Joins for the standing of a member `m`; days count from `<from>`. */
export function standingJoin(from: string): string {
  return `LEFT JOIN LATERAL (
      SELECT json_agg(json_build_array(d.day, d.spend_minor, d.points, d.visits, d.status)) AS days FROM qualifying_days d
      WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id AND d.day >= ${from}) td ON true
    LEFT JOIN LATERAL (
      SELECT json_agg(json_build_array(h.sequence, h.from_tier, h.to_tier, (extract(epoch FROM h.since) * 1000)::bigint,
        (extract(epoch FROM h.recorded_at) * 1000)::bigint, h.tier_set_id, h.tier_set_version, h.purchase_id,
        h.return_id, h.cause_type)
        ORDER BY h.sequence) AS changes
      FROM tier_changes h WHERE h.account_id = m.home_account_id AND h.member_id = m.member_id) tc ON true`;
}
