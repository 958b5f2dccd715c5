import type { Row } from '../platform/database/row.js';
import type { DebtChange } from './domain/debt-history.js';

/** What the movements of accounts did to their debts, in the order in which they were recorded (`movements_debts`). */
export const DEBT_CHANGES = `SELECT m.account_id, m.occurred_at,
    CASE WHEN m.to_bucket = 'debt' OR m.from_bucket = 'settled' THEN m.points ELSE -m.points END AS points
  FROM movements m
  WHERE m.account_id = ANY($1::uuid[])
    AND (m.to_bucket IN ('debt', 'settled') OR m.from_bucket IN ('debt', 'settled'))
  ORDER BY m.account_id, m.sequence`;

export function readDebtChange(row: Row): DebtChange {
  return { at: (row['occurred_at'] as Date).getTime(), points: Number(row['points']) };
}
