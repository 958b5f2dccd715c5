import type { DataSource } from 'typeorm';
import { idToUuid, type AccountId, type LotId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { byBucket, LOT_BUCKETS, type LotBucket } from './domain/lot.js';

const SUMS = LOT_BUCKETS.map((bucket) => `coalesce(sum(l.${bucket}), 0)::bigint AS ${bucket}`).join(', ');

/** Where the points of some lots of an account are now, added up by bucket. */
export async function lotsNow(
  dataSource: DataSource,
  accountId: AccountId,
  lotIds: readonly LotId[],
): Promise<Readonly<Record<LotBucket, number>>> {
  const [row] = await dataSource.query<Row[]>(
    `SELECT ${SUMS} FROM lots l WHERE l.account_id = $1 AND l.lot_id = ANY($2::uuid[])`,
    [idToUuid(accountId), lotIds.map(idToUuid)],
  );
  return byBucket((bucket) => Number(row?.[bucket] ?? 0));
}
