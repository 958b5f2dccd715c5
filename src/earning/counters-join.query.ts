/** What the load selects for a member's counters of limited rules. */
export const COUNTERS_SELECT = 'm.home_account_id AS earning_account_id, ec.counts AS earning_counts';

/**
 * The join for the counters of a member `m`, of all limited rules from the day `<from>` on: one walk along the
 * primary key, which has the day before the rule. Reads nothing where the day is null.
 */
export function countersJoin(from: string): string {
  return `LEFT JOIN LATERAL (
      SELECT json_agg(json_build_array(d.rule_id, d.day, d.points, d.times)) AS counts FROM earning_days d
      WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id AND d.day >= ${from}) ec ON true`;
}
