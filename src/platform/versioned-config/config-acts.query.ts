import type { EntityManager } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import type { Row } from '../database/row.js';
import type { ConfigActRecord } from './config-acts.js';

const ACTS = `SELECT x.kind, x.key, x.version, x.act, x.at, x.by, x.note FROM config_acts x
  WHERE x.programme_id = $1 AND ($2::text IS NULL OR x.kind = $2) AND ($3::text IS NULL OR x.key = $3)
  ORDER BY x.at, x.act_id`;

/** What was done to a programme's configuration, of one kind or key or of all, in its order. */
export async function actsIn(
  manager: Pick<EntityManager, 'query'>,
  programmeId: ProgrammeId,
  { kind = null, key = null }: { readonly kind?: string | null; readonly key?: string | null } = {},
): Promise<readonly ConfigActRecord[]> {
  const rows = await manager.query<Row[]>(ACTS, [idToUuid(programmeId), kind, key]);
  return rows.map((row) => ({
    kind: row['kind'] as string,
    key: row['key'] as string,
    version: row['version'] as number | null,
    act: row['act'] as ConfigActRecord['act'],
    at: (row['at'] as Date).getTime(),
    by: row['by'] as string,
    note: row['note'] as string | null,
  }));
}
