import type { DataSource } from 'typeorm';
import { idToUuid, type ProgrammeId } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import type { Row } from '../../platform/database/row.js';
import { readAnchor, type StoredAnchor } from '../anchors/anchor.store.js';
import type { AnchoredMovement } from './anchor-check.js';

/** Movements read at once. */
const BATCH = 5000;

/** The programme of the next anchors after `<programme> <day>`, those anchors, and the one before them. */
const ANCHORS = `WITH place AS (
    SELECT x.programme_id FROM anchors x
    WHERE ($1::uuid IS NULL OR x.programme_id = $1)
      AND ($2::uuid IS NULL OR (x.programme_id, x.day) > ($2, $3::date))
    ORDER BY x.programme_id, x.day LIMIT 1)
  SELECT a.*, p.time_zone FROM place
    JOIN programmes p ON p.programme_id = place.programme_id
    CROSS JOIN LATERAL (
      (SELECT b.* FROM anchors b WHERE b.programme_id = place.programme_id
        AND place.programme_id = $2 AND b.day = $3::date)
      UNION ALL
      (SELECT n.* FROM anchors n WHERE n.programme_id = place.programme_id
        AND (place.programme_id IS DISTINCT FROM $2::uuid OR n.day > $3::date)
        ORDER BY n.day LIMIT $4)) a
  ORDER BY a.day`;

/** In the order of the primary key, so that each page begins where the one before ended. */
const MOVEMENTS = `SELECT m.account_id, m.sequence, m.recorded_at, m.hash
  FROM movements m JOIN accounts a ON a.account_id = m.account_id
  WHERE a.programme_id = $1 AND (m.account_id, m.sequence) > ($2::uuid, $3::bigint) AND m.recorded_at < $4
  ORDER BY m.account_id, m.sequence LIMIT $5`;

export interface AnchorsToCheck {
  readonly programmeId: ProgrammeId;
  readonly timeZone: string;
  readonly anchors: readonly StoredAnchor[];
  readonly previous: StoredAnchor | null;
}

/**
 * The next anchors of one programme, of all programmes in order or of the given one.
 * @param after where the ones before ended: `<programme uuid> <day>`.
 */
export async function nextAnchors(
  dataSource: DataSource,
  programmeId: ProgrammeId | null,
  after: string | null,
  limit: number,
): Promise<AnchorsToCheck | null> {
  const [uuid = null, day = null] = after?.split(' ') ?? [];
  const values = [programmeId === null ? null : idToUuid(programmeId), uuid, day, limit];
  const rows = await dataSource.query<Row[]>(ANCHORS, values);
  const anchors = rows.map(readAnchor);
  const [first] = anchors;
  if (!first) return null;
  const hasPrevious = idToUuid(first.programmeId) === uuid && first.day === day;
  return {
    programmeId: first.programmeId,
    timeZone: rows[0]?.['time_zone'] as string,
    anchors: hasPrevious ? anchors.slice(1) : anchors,
    previous: hasPrevious ? first : null,
  };
}

/** A programme's movements recorded before an instant, by account and sequence, in batches. */
export async function* movementsBefore(
  dataSource: DataSource,
  programmeId: ProgrammeId,
  before: Instant,
): AsyncGenerator<readonly AnchoredMovement[]> {
  let [account, sequence] = ['00000000-0000-0000-0000-000000000000', 0];
  for (;;) {
    const values: unknown[] = [idToUuid(programmeId), account, sequence, new Date(before), BATCH];
    const rows: AnchoredMovement[] = (await dataSource.query<Row[]>(MOVEMENTS, values)).map((row) => ({
      accountUuid: row['account_id'] as string,
      sequence: Number(row['sequence']),
      recordedAt: (row['recorded_at'] as Date).getTime(),
      hash: (row['hash'] as Buffer).toString('hex'),
    }));
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    [account, sequence] = [last.accountUuid, last.sequence];
  }
}

/** The place after an anchor. */
export function afterAnchor({ programmeId, day }: StoredAnchor): string {
  return `${idToUuid(programmeId)} ${day}`;
}
