/** Gifts with points of a member, and of those who were merged into them, and what was taken back of them. */
export const GIFTS_OF_MEMBER = `CASE WHEN c.promotion_gifts THEN (SELECT coalesce(json_agg(json_build_array(
    g.gift_id, g.rule_id, g.rule_version, g.tier, (extract(epoch FROM g.since) * 1000)::bigint,
    (extract(epoch FROM g.occurred_at) * 1000)::bigint, g.business_date, g.purchase_id, g.points, g.lot_ids,
    r.forgiven) ORDER BY g.gift_id), '[]')
  FROM promotion_gifts g LEFT JOIN promotion_gift_reversals r ON r.gift_id = g.gift_id
  WHERE g.points > 0 AND (g.member_id = m.member_id OR g.member_id::text IN (
    SELECT json_array_elements_text(
      CASE WHEN json_typeof(m.merged_from) = 'array' THEN m.merged_from ELSE '[]'::json END)))) END AS promotion_gifts`;
