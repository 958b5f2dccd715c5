import { idToUuid, uuidToId, type ProgrammeId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { compare, type Difference } from './difference.js';
import { openingKey } from './sealed-tables.js';

/** Where the records of claims of each scope are, as SQL of their id and of the key that claims them. */
const RECORDS = {
  receipt: { table: 'purchases', id: 'purchase_id', key: `x.source || E'\\n' || x.receipt_no` },
  return: { table: 'returns', id: 'return_id', key: `x.source || E'\\n' || x.receipt_no` },
  redemption: { table: 'redemptions', id: 'redemption_id', key: 'x.external_id' },
  capture: { table: 'redemptions', id: 'redemption_id', key: 'x.redemption_id::text' },
  void: { table: 'redemptions', id: 'redemption_id', key: 'x.redemption_id::text' },
  transfer: { table: 'transfers', id: 'transfer_id', key: 'x.external_id' },
  adjustment: { table: 'adjustments', id: 'adjustment_id', key: 'x.external_id' },
  activity: { table: 'activities', id: 'activity_id', key: `x.source || E'\\n' || x.external_id` },
  activityCancellation: { table: 'activity_cancellations', id: 'activity_id', key: 'x.activity_id::text' },
  registrationCancellation: {
    table: 'campaign_cancellations',
    id: 'registration_id',
    key: 'x.registration_id::text',
  },
  opening: { table: 'lots', id: 'lot_id', key: openingKey('x') },
} as const;
type Scope = keyof typeof RECORDS;

/** A page of the claims that have a record, in the order of their key. */
const CLAIMS = `SELECT c.programme_id, c.scope, c.key, c.account_id, c.answer FROM claims c
  WHERE ($1::uuid IS NULL OR c.programme_id = $1)
    AND ($2::uuid IS NULL OR (c.programme_id, c.scope, c.key) > ($2, $3::text, $4::text))
    AND c.scope NOT IN ('idempotency-key', 'command')
  ORDER BY c.programme_id, c.scope, c.key LIMIT $5`;

export interface ClaimsPage {
  readonly differences: readonly Difference[];
  readonly after: string | null;
}

/** Whether each claim stands for the record that its answer names, by its own key and on its own account. */
export async function claimsPage(
  snapshot: Snapshot,
  programmeId: ProgrammeId | null,
  after: string | null,
  limit: number,
): Promise<ClaimsPage> {
  const place = after === null ? [null, null, null] : (JSON.parse(after) as string[]);
  const programme = programmeId === null ? null : idToUuid(programmeId);
  const rows = await snapshot.query(CLAIMS, [programme, ...place, limit]);
  const differences: Difference[] = [];
  for (const scope of new Set(rows.map((row) => row['scope'] as string))) {
    const claims = rows.filter((row) => row['scope'] === scope);
    differences.push(...(await checkScope(snapshot, scope, claims)));
  }
  const last = rows.length < limit ? undefined : rows.at(-1);
  const next = last ? JSON.stringify([last['programme_id'], last['scope'], last['key']]) : null;
  return { differences, after: next };
}

async function checkScope(
  snapshot: Snapshot,
  scope: string,
  claims: readonly Row[],
): Promise<readonly Difference[]> {
  const known = RECORDS[scope as Scope] as (typeof RECORDS)[Scope] | undefined;
  const named = claims.map((claim) => recordsOf(claim['answer'] as string | null));
  const ids = named.flat();
  const found = new Set<string>();
  if (known && ids.length > 0) {
    const { table, id, key } = known;
    const sql = `SELECT x.${id} AS id, x.account_id, ${key} AS key FROM ${table} x WHERE x.${id} = ANY($1::uuid[])`;
    for (const row of await snapshot.query(sql, [ids]))
      found.add(placeOf(row['id'], row['account_id'], row['key']));
  }
  return claims.flatMap((claim, index) => {
    const records = named[index] ?? [];
    const isFound = (id: string) => found.has(placeOf(id, claim['account_id'], claim['key']));
    const isThere = records.length > 0 && records.every(isFound);
    const subject = {
      programmeId: uuidToId('prg', claim['programme_id'] as string),
      accountId: uuidToId('acc', claim['account_id'] as string),
      claim: `${scope} ${String(claim['key']).replace('\n', ' ')}`,
    };
    return isThere ? [] : compare(subject, 'claim.record', 'a record', 'none');
  });
}

/** The records that an answer names: its own, of an exchange the receipt, of goods from several receipts each return. */
function recordsOf(answer: string | null): readonly string[] {
  try {
    const body = JSON.parse(answer ?? 'null') as Answer | null;
    const ids = [body?.id ?? body?.purchase?.id, ...(body?.returns ?? []).map(({ id }) => id)];
    return ids.filter((id) => id !== undefined).map((id) => idToUuid(id));
  } catch {
    return [];
  }
}

interface Answer {
  readonly id?: string;
  readonly purchase?: { readonly id?: string };
  readonly returns?: readonly { readonly id?: string }[];
}

function placeOf(id: unknown, accountId: unknown, key: unknown): string {
  return `${String(id)} ${String(accountId)} ${String(key)}`;
}
