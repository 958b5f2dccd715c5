import type { Row } from '../../platform/database/row.js';
import { uuidToId } from '../../kernel/ids.js';
import { compare, type Difference } from './difference.js';

/**
 * What each award used of a budget against the points that were issued for it. Points that came back are movements of
 * their own, so that only what was drawn is looked at. `$1` are the accounts.
 */
export const BUDGET_DRAWS = `SELECT b.account_id, b.budget_id, b.drawn::text AS drawn, coalesce(i.issued, 0)::text AS issued
  FROM (SELECT x.account_id, x.budget_id, x.source_type, x.source_id, x.rule_id, x.rule_version, sum(x.points) AS drawn
    FROM budget_movements x WHERE x.account_id = ANY($1::uuid[]) AND x.points > 0
    GROUP BY x.account_id, x.budget_id, x.source_type, x.source_id, x.rule_id, x.rule_version) b
  LEFT JOIN (SELECT m.account_id, m.cause_type, m.cause_id, l.rule_id, l.rule_version, sum(m.points) AS issued
    FROM movements m JOIN lots l ON l.account_id = m.account_id AND l.lot_id = m.lot_id
    WHERE m.account_id = ANY($1::uuid[]) AND m.from_bucket = 'issued' AND l.rule_id IS NOT NULL
      AND EXISTS (SELECT FROM budget_movements y WHERE y.account_id = m.account_id)
    GROUP BY m.account_id, m.cause_type, m.cause_id, l.rule_id, l.rule_version) i
    ON i.account_id = b.account_id AND i.cause_type = b.source_type AND i.cause_id = b.source_id
      AND i.rule_id = b.rule_id AND i.rule_version = b.rule_version
  WHERE i.issued IS DISTINCT FROM b.drawn`;

/** Reads a row of `BUDGET_DRAWS`. */
export function budgetDraw(row: Row): readonly Difference[] {
  const subject = { accountId: uuidToId('acc', row['account_id'] as string) };
  return compare(subject, 'budget.draw', row['issued'] as string, row['drawn'] as string);
}

/** What rules are said to have used of budgets, against the awards. `$1` is the programme. */
const BUDGET_USES = `SELECT 'budget.used' AS what, coalesce(m.budget_id, u.budget_id) || ' ' || coalesce(m.rule_id, u.rule_id) AS of,
    coalesce(m.figures, '0 0 0') AS expected, coalesce(u.figures, '0 0 0') AS actual
  FROM (SELECT x.budget_id, x.rule_id, concat_ws(' ', sum(x.points), sum(x.uses), sum(x.cost)) AS figures
    FROM budget_movements x WHERE x.programme_id = $1 GROUP BY x.budget_id, x.rule_id) m
  FULL JOIN (SELECT x.budget_id, x.rule_id, concat_ws(' ', sum(x.points), sum(x.uses), sum(x.cost)) AS figures
    FROM budget_uses x WHERE x.programme_id = $1 GROUP BY x.budget_id, x.rule_id) u
    ON u.budget_id = m.budget_id AND u.rule_id = m.rule_id
  WHERE coalesce(m.figures, '0 0 0') <> coalesce(u.figures, '0 0 0')`;

const figures = (points: string, uses: string, cost: string) =>
  [points, uses, cost].map((part) => `coalesce((${part})::text, 'no limit')`).join(` || ' ' || `);

/** What is left of budgets in all slices, against the last version's limits without what is used. */
const BUDGETS_LEFT = `SELECT 'budget.left' AS what, coalesce(b.key, s.budget_id) AS of,
    ${figures(
      `(b.body->>'points')::numeric - coalesce(u.points, 0)`,
      `(b.body->>'uses')::numeric - coalesce(u.uses, 0)`,
      `(b.body->>'moneyMinor')::numeric * 1000000000000 - coalesce(u.cost, 0)`,
    )} AS expected,
    ${figures('s.points', 's.uses', 's.cost')} AS actual
  FROM (SELECT DISTINCT ON (c.key) c.key, c.body FROM config_versions c
    WHERE c.programme_id = $1 AND c.kind = 'budget' AND c.status = 'published'
    ORDER BY c.key, c.version DESC) b
  FULL JOIN (SELECT x.budget_id, sum(x.points) AS points, sum(x.uses) AS uses, sum(x.cost) AS cost
    FROM budget_slices x WHERE x.programme_id = $1 GROUP BY x.budget_id) s ON s.budget_id = b.key
  LEFT JOIN (SELECT x.budget_id, sum(x.points) AS points, sum(x.uses) AS uses, sum(x.cost) AS cost
    FROM budget_movements x WHERE x.programme_id = $1 GROUP BY x.budget_id) u ON u.budget_id = b.key`;

/** Statements about the budgets of a programme; a row for each difference, with `what`, `of`, `expected`, `actual`. */
export const BUDGET_CHECKS: readonly string[] = [
  BUDGET_USES,
  `SELECT * FROM (${BUDGETS_LEFT}) f WHERE f.expected <> f.actual`,
];
