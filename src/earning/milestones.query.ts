/** Steps of milestones of a member `of` and of all who were merged into it. */
const OWN = (of: string): string => `(s.member_id = ${of}.member_id
      OR s.member_id IN (SELECT d.member_id FROM members d WHERE d.merged_into = ${of}.member_id))`;

/** The steps that milestones gave a member `m` in periods from `c.milestones_from` on. Nothing is read where it is null. */
export const MILESTONES_SELECT = `CASE WHEN c.milestones_from IS NOT NULL THEN (
    SELECT json_agg(json_build_array(s.milestone_id, s.rule_id, s.rule_version, s.run, s.first_day, s.award_id,
      s.purchase_id, s.return_id, s.steps, s.points, s.gone, s.lot_ids,
      (extract(epoch FROM s.occurred_at) * 1000)::bigint) ORDER BY s.milestone_id)
    FROM milestone_steps s WHERE ${OWN('m')} AND s.first_day >= c.milestones_from) END AS milestones`;

/**
 * The lots of milestones of a member `of` in periods that began by a day: goods that come back may lower what they
 * counted.
 */
export function milestoneLots(of: string, day: string): string {
  return `(SELECT json_agg(x.lot_id) FROM milestone_steps s
    CROSS JOIN LATERAL json_array_elements_text(s.lot_ids) AS x(lot_id)
    WHERE ${OWN(of)} AND s.first_day <= ${day})`;
}
