/** What the load selects for a member's counters of limited rules. */
export const COUNTERS_SELECT = 'm.home_account_id AS earning_account_id, ec.counts AS earning_counts';

/**
 * The join for the counters of a member `m`: of each rule that `<from>` names, an object of days by rule, the
 * days from its own on. Reads nothing where that is null: `OFFSET 0` keeps the planner from reading all of a
 * member's days first and asking afterwards whether a rule wants them.
 */
export function countersJoin(from: string): string {
  return `LEFT JOIN LATERAL (
      SELECT json_agg(json_build_array(e.rule_id, e.day, e.points, e.times)) AS counts
      FROM json_each_text(${from}) w CROSS JOIN LATERAL (
        SELECT d.rule_id, d.day, d.points, d.times FROM earning_days d
        WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id AND d.rule_id = w.key
          AND d.day >= w.value::date
        OFFSET 0) e) ec ON true`;
}
