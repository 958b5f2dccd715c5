import { idToUuid, uuidToId, type AccountId } from '../../kernel/ids.js';
import { EMPTY_SUM, RecordSum } from '../../kernel/record-sum.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { compare, type Difference } from './difference.js';
import { openingKey, SEALED_CLAIMS, SEALED_TABLES, sealedBytes, type SealedTable } from './sealed-tables.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

/** Rows of some accounts with their digests, or without a seal. */
interface Records {
  readonly name: string;
  readonly sql: string;
}

function digest(table: SealedTable, account = table.account): string {
  return `SELECT ${account} AS account_id, x.seal IS NULL AS unsealed, sha256(${sealedBytes(table)}) AS digest`;
}

/** A tier change, or an entry of the audit log, that an account wrote for another is found by its own index. */
function recordsOf(table: SealedTable): Records {
  const of = (condition: string): string => `${digest(table)} FROM ${table.name} x WHERE ${condition}`;
  const { name, columns } = table;
  if (!columns.includes('sealed_by')) return { name, sql: of('x.account_id = ANY($1::uuid[])') };
  if (!columns.includes('account_id')) return { name, sql: of('x.sealed_by = ANY($1::uuid[])') };
  return {
    name,
    sql: `${of('x.account_id = ANY($1::uuid[]) AND x.sealed_by IS NULL')}
    UNION ALL ${of('x.sealed_by = ANY($1::uuid[])')}`,
  };
}

/** The claims of some accounts that their records name, each once: an exchange's receipt and return share one. */
const CLAIMS = `WITH own AS MATERIALIZED (
    SELECT a.account_id, a.programme_id FROM accounts a WHERE a.account_id = ANY($1::uuid[]))
  ${digest(SEALED_CLAIMS)}
  FROM (SELECT DISTINCT k.account_id, k.scope, k.key FROM (
      SELECT p.account_id, 'receipt' AS scope, p.source || E'\\n' || p.receipt_no AS key FROM purchases p
        WHERE p.account_id = ANY($1::uuid[])
      UNION ALL SELECT r.account_id, 'return', r.source || E'\\n' || r.receipt_no FROM returns r
        WHERE r.account_id = ANY($1::uuid[])
      UNION ALL SELECT y.account_id, 'activity', y.source || E'\\n' || y.external_id FROM activities y
        WHERE y.account_id = ANY($1::uuid[])
      UNION ALL SELECT y.account_id, 'activityCancellation', y.activity_id::text FROM activity_cancellations y
        WHERE y.account_id = ANY($1::uuid[])
      UNION ALL SELECT y.account_id, 'registrationCancellation', y.registration_id::text FROM campaign_cancellations y
        WHERE y.account_id = ANY($1::uuid[])
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
  JOIN own ON own.account_id = named.account_id
  JOIN claims x ON x.programme_id = own.programme_id AND x.scope = named.scope AND x.key = named.key
  WHERE x.account_id = named.account_id`;

/** Those that no record names have an index of their own. */
const CLAIMS_WITHOUT_RECORD = `${digest(SEALED_CLAIMS)} FROM claims x
  WHERE x.account_id = ANY($1::uuid[]) AND x.scope IN ('idempotency-key', 'command')`;

const EVENTS = `SELECT x.account_id, true AS unsealed FROM events x
  WHERE x.account_id = ANY($1::uuid[]) AND x.seal IS NULL`;

/** What an adjustment's row is says the audit log. */
const ADJUSTMENTS = `SELECT x.account_id, true AS unsealed FROM adjustments x
  WHERE x.account_id = ANY($1::uuid[])
    AND NOT EXISTS (SELECT FROM audit_log l WHERE l.subject_id = x.adjustment_id)`;

const RECORDS: readonly Records[] = [
  ...SEALED_TABLES.map(recordsOf),
  { name: 'claims', sql: CLAIMS },
  { name: 'claims', sql: CLAIMS_WITHOUT_RECORD },
  { name: 'events', sql: EVENTS },
  { name: 'adjustments', sql: ADJUSTMENTS },
];

/** Rows that get a seal, or an entry, when they are changed: of those of before there may be fewer now. */
const CHANGEABLE = ['redemptions', 'adjustments'];

const NOTED = `SELECT a.account_id, encode(a.record_sum, 'hex') AS record_sum, a.counted IS TRUE AS counted, a.unsealed
  FROM accounts a WHERE a.account_id = ANY($1::uuid[])`;

/** What is there of an account's records. */
interface Found {
  readonly sum: RecordSum;
  /** Rows without a seal, by table. */
  readonly unsealed: Map<string, number>;
}

/**
 * Whether the sealed records of some accounts are those that commands wrote, no more and no fewer, and as many without
 * a seal as there were of before. An account that was not counted is of before with all it had then.
 */
export async function* recordSums(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  const values = [accounts.map(idToUuid)];
  const found = new Map<string, Found>(
    accounts.map((accountId) => [
      idToUuid(accountId),
      { sum: new RecordSum(EMPTY_SUM), unsealed: new Map() },
    ]),
  );
  for (const { name, sql } of RECORDS) {
    for await (const rows of snapshot.batches(sql, values, BATCH)) {
      for (const row of rows) {
        const account = found.get(row['account_id'] as string);
        if (row['unsealed'] === true) account?.unsealed.set(name, (account.unsealed.get(name) ?? 0) + 1);
        else account?.sum.add(digestOf(row));
      }
    }
  }
  for (const row of await snapshot.query(NOTED, values)) {
    const uuid = row['account_id'] as string;
    const subject = { accountId: uuidToId('acc', uuid) };
    const { sum, unsealed } = found.get(uuid) as Found;
    yield compare(subject, 'account.records', String(sum), row['record_sum'] as string);
    if (row['counted'] !== true) continue;
    const noted = new Map(Object.entries((row['unsealed'] ?? {}) as Record<string, number>));
    for (const name of new Set([...noted.keys(), ...unsealed.keys()])) {
      const [before, now] = [noted.get(name) ?? 0, unsealed.get(name) ?? 0];
      if (now < before && CHANGEABLE.includes(name)) continue;
      yield compare(subject, 'account.unsealed', `${before} ${name}`, `${now} ${name}`);
    }
  }
}

/** A seal that no release wrote covers nothing that could be in the sum. */
function digestOf(row: Row): string {
  return (row['digest'] as Buffer | null)?.toString('hex') ?? `${'0'.repeat(63)}1`;
}
