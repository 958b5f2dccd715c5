/** Receipts of a member `m` and of all who were merged into it, on business days from `c.history_day` on. */
const RECEIPTS = `SELECT json_agg(json_build_array(p.purchase_id, (extract(epoch FROM p.occurred_at) * 1000)::bigint,
      p.business_date, p.amount_minor - coalesce((SELECT sum((x->>'amountMinor')::bigint)
        FROM returns t CROSS JOIN LATERAL json_array_elements(t.lines) x WHERE t.purchase_id = p.purchase_id), 0),
      NOT EXISTS (SELECT FROM json_array_elements(p.lines) l CROSS JOIN LATERAL (
          SELECT coalesce(sum((x->>'quantity')::numeric), 0) AS goods, coalesce(sum((x->>'amountMinor')::bigint), 0) AS money,
            coalesce(sum((x->>'amountMinor')::bigint) FILTER (WHERE (x->>'quantity')::numeric = 0), 0) AS only_money
          FROM returns t CROSS JOIN LATERAL json_array_elements(t.lines) x
          WHERE t.purchase_id = p.purchase_id AND x->>'lineNo' = l->>'lineNo') back
        WHERE NOT ((l->>'quantity')::numeric > 0 AND back.goods = (l->>'quantity')::numeric)
          AND NOT (back.money = (l->>'amountMinor')::bigint
            AND (back.only_money > 0 OR (l->>'quantity')::numeric = 0)))
      ) ORDER BY p.occurred_at, p.purchase_id)
    FROM members owner JOIN purchases p ON p.member_id = owner.member_id
    WHERE (owner.member_id = m.member_id OR owner.merged_into = m.member_id)
      AND p.occurred_at >= c.history_day - 2 AND p.business_date >= c.history_day
      AND coalesce(p.counted, NOT p.explanation::jsonb @> '[{"why": "memberNotActive"}]')`;

/**
 * What a member `m` did: days from `c.history_from` on, the last day before them with a purchase, and the totals of
 * years. Nothing is read where the day is null. Receipts are found along their index by the instant, which is at most a
 * day from the business day.
 */
export const HISTORY_SELECT = `CASE WHEN c.history_from IS NOT NULL THEN json_build_object(
    'account', m.home_account_id, 'from', c.history_from, 'keepsYears', coalesce(c.history_years, false),
    'days', (SELECT json_agg(json_build_array(d.day, d.spend_minor, d.points, d.visits, d.status)) FROM qualifying_days d
      WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id AND d.day >= c.history_from),
    'hasEarlier', EXISTS (SELECT FROM qualifying_days d
      WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id AND d.day < c.history_from),
    'visitBefore', (SELECT d.day FROM qualifying_days d
      WHERE d.account_id = m.home_account_id AND d.member_id = m.member_id AND d.day < c.history_from AND d.visits > 0
      ORDER BY d.day DESC LIMIT 1),
    'years', CASE WHEN c.history_years THEN (
      SELECT json_agg(json_build_array(y.year, y.spend_minor, y.points, y.purchases, y.visits, y.status)) FROM qualifying_years y
      WHERE y.account_id = m.home_account_id AND y.member_id = m.member_id) END,
    'receipts', (${RECEIPTS})) END AS history`;
