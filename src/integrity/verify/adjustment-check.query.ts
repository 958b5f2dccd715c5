import { uuidToId } from '../../kernel/ids.js';
import { digestSql } from '../../platform/audit/audit.store.js';
import type { Row } from '../../platform/database/row.js';
import { compare, type Difference } from './difference.js';

/** What the first digests of adjustments covered, in the order of the writer. */
const FIRST_COLUMNS = [
  ...[
    'account_id',
    'adjustment_id',
    'programme_id',
    'member_id',
    'kind',
    'reason_id',
    'lot_id',
    'debit_kind',
  ],
  ...['corrects_id', 'expiring_by', 'expires_at', 'occurred_at', 'evidence', 'approved_by', 'external_id'],
  ...['requested_by', 'requested_at', 'lapses_at', 'status', 'points', 'reason_version', 'origin', 'lots'],
  ...['outcome', 'decided_by', 'decided_at', 'decision_note'],
];

/** What they cover now; `test/sealed-tables.spec.ts` holds it. */
export const ADJUSTMENT_COLUMNS = [...FIRST_COLUMNS, 'purchase_id'];

/**
 * Adjustments that are not as the last entry of the audit log about them left them, and entries whose adjustment is
 * not there. Digests of before do not know of receipts, as their adjustments do not. One without an entry is of before
 * there were any, and counted (`record-sum.query.ts`).
 */
export const ADJUSTMENTS = `SELECT v.account_id, v.adjustment_id, 'another' AS found
  FROM (SELECT x.account_id, x.adjustment_id,
      ${digestOf(ADJUSTMENT_COLUMNS)} AS digest, CASE WHEN x.purchase_id IS NULL THEN ${digestOf(FIRST_COLUMNS)} END AS first
    FROM adjustments x WHERE x.account_id = ANY($1::uuid[])) v
  CROSS JOIN LATERAL (SELECT l.record FROM audit_log l WHERE l.subject_id = v.adjustment_id
    ORDER BY l.at DESC, l.audit_id DESC LIMIT 1) e
  WHERE e.record IS DISTINCT FROM v.digest AND e.record IS DISTINCT FROM v.first
  UNION ALL
  SELECT l.sealed_by, l.subject_id, 'none' FROM audit_log l
  WHERE l.sealed_by = ANY($1::uuid[]) AND l.action LIKE 'adjustment.%'
    AND NOT EXISTS (SELECT FROM adjustments x WHERE x.adjustment_id = l.subject_id)`;

function digestOf(columns: readonly string[]): string {
  return digestSql(columns.map((name) => `x.${name}`).join(', '));
}

/** What is wrong with an adjustment that was found. */
export function adjusted(row: Row): readonly Difference[] {
  const accountId = uuidToId('acc', row['account_id'] as string);
  const adjustmentId = uuidToId('adj', row['adjustment_id'] as string);
  const subject = { accountId, adjustmentId };
  return compare(subject, 'adjustment.record', 'as the audit log has it', String(row['found']));
}
