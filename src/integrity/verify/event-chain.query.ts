import { createHash } from 'node:crypto';
import { idToUuid, uuidToId, type AccountId } from '../../kernel/ids.js';
import { EMPTY_SUM } from '../../kernel/record-sum.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import { compare, type Difference } from './difference.js';
import { CHAINED_EVENTS, sealedBytes } from './sealed-tables.js';

/** Events fetched at once while streaming. */
const BATCH = 1000;

const EVENTS = `SELECT x.account_id, ${sealedBytes(CHAINED_EVENTS)} AS bytes FROM events x
  WHERE x.account_id = ANY($1::uuid[]) AND x.seal IS NOT NULL ORDER BY x.account_id, x.sequence`;

const HEADS = `SELECT a.account_id, encode(a.event_head, 'hex') AS event_head FROM accounts a
  WHERE a.account_id = ANY($1::uuid[])`;

/** Whether the events of some accounts are those that were written, in their order. */
export async function* eventChains(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  const values = [accounts.map(idToUuid)];
  const heads = new Map<string, string>();
  for await (const rows of snapshot.batches(EVENTS, values, BATCH)) {
    for (const row of rows) {
      const account = row['account_id'] as string;
      heads.set(account, link(heads.get(account) ?? EMPTY_SUM, row['bytes'] as Buffer | null));
    }
  }
  const stored = await snapshot.query(HEADS, values);
  yield stored.flatMap((row) => {
    const uuid = row['account_id'] as string;
    const accountId = uuidToId('acc', uuid);
    return compare(
      { accountId },
      'account.events',
      heads.get(uuid) ?? EMPTY_SUM,
      row['event_head'] as string,
    );
  });
}

/** The next link of a chain over rows. @param bytes null for a seal that no release wrote. */
export function link(head: string, bytes: Buffer | null): string {
  return createHash('sha256')
    .update(head, 'hex')
    .update(bytes ?? '')
    .digest('hex');
}
