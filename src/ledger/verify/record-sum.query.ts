import { uuidToId, type AccountId } from '../../kernel/ids.js';
import { EMPTY_SUM, RecordSum } from '../../kernel/record-sum.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/pipeline/slice.js';
import { idToUuid } from '../../kernel/ids.js';
import { compare, type Difference } from './difference.js';
import { openingKey, SEALED_CLAIMS, SEALED_TABLES, sealedBytes, type SealedTable } from './sealed-tables.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

const RECORDS = SEALED_TABLES.map((table) => digestsOf(table));

/** A tier change, or an entry of the audit log, that an account wrote for another is found by its own index. */
function digestsOf(table: SealedTable): string {
  const of = (condition: string): string =>
    `SELECT ${table.account} AS account_id, sha256(${sealedBytes(table)}) AS digest FROM ${table.name} x
     WHERE ${condition} AND x.seal IS NOT NULL`;
  if (!table.columns.includes('sealed_by')) return of('x.account_id = ANY($1::uuid[])');
  if (!table.columns.includes('account_id')) return of('x.sealed_by = ANY($1::uuid[])');
  return `${of('x.account_id = ANY($1::uuid[]) AND x.sealed_by IS NULL')}
    UNION ALL ${of('x.sealed_by = ANY($1::uuid[])')}`;
}

/** The claims of some accounts that their records name, each once: an exchange's receipt and return share one. */
const CLAIMS = `SELECT x.account_id, sha256(${sealedBytes(SEALED_CLAIMS)}) AS digest
  FROM (SELECT DISTINCT k.account_id, k.scope, k.key FROM (
      SELECT p.account_id, 'receipt' AS scope, p.source || E'\\n' || p.receipt_no AS key FROM purchases p
        WHERE p.account_id = ANY($1::uuid[])
      UNION ALL SELECT r.account_id, 'return', r.source || E'\\n' || r.receipt_no FROM returns r
        WHERE r.account_id = ANY($1::uuid[])
      UNION ALL SELECT r.account_id, v.scope, v.key FROM redemptions r CROSS JOIN LATERAL (VALUES
          ('redemption', r.external_id),
          (CASE r.status WHEN 'voided' THEN 'void' ELSE 'capture' END, r.redemption_id::text)) v (scope, key)
        WHERE r.account_id = ANY($1::uuid[])
      UNION ALL SELECT t.account_id, 'transfer', t.external_id FROM transfers t
        WHERE t.account_id = ANY($1::uuid[])
      UNION ALL SELECT j.account_id, 'adjustment', j.external_id FROM adjustments j
        WHERE j.account_id = ANY($1::uuid[])
      UNION ALL SELECT l.account_id, 'opening', ${openingKey('l')} FROM lots l
        WHERE l.account_id = ANY($1::uuid[]) AND l.parent_lot_id IS NULL
          AND l.valuation::jsonb -> 'opening' IS NOT NULL) k) named
  JOIN accounts a ON a.account_id = named.account_id
  JOIN claims x ON x.programme_id = a.programme_id AND x.scope = named.scope AND x.key = named.key
  WHERE x.account_id = named.account_id AND x.seal IS NOT NULL`;

const SUMS = `SELECT a.account_id, encode(a.record_sum, 'hex') AS record_sum FROM accounts a
  WHERE a.account_id = ANY($1::uuid[])`;

/** Whether the sealed records of some accounts are those that commands wrote, no more and no fewer. */
export async function* recordSums(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  const values = [accounts.map(idToUuid)];
  const sums = new Map(accounts.map((accountId) => [idToUuid(accountId), new RecordSum(EMPTY_SUM)]));
  for (const sql of [...RECORDS, CLAIMS]) {
    for await (const rows of snapshot.batches(sql, values, BATCH)) {
      for (const row of rows) sums.get(row['account_id'] as string)?.add(digestOf(row));
    }
  }
  const stored = await snapshot.query(SUMS, values);
  yield stored.flatMap((row) => {
    const uuid = row['account_id'] as string;
    const accountId = uuidToId('acc', uuid);
    return compare({ accountId }, 'account.records', String(sums.get(uuid)), row['record_sum'] as string);
  });
}

/** A seal that no release wrote covers nothing that could be in the sum. */
function digestOf(row: Row): string {
  return (row['digest'] as Buffer | null)?.toString('hex') ?? `${'0'.repeat(63)}1`;
}
