import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { ENGINE } from '../kernel/domain-events.js';
import { idToUuid, uuidToId, type IdSource, type ProgrammeId, type UndoId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { appendAudit } from '../platform/audit/audit.store.js';
import type { Row } from '../platform/database/row.js';
import { timeListStatement, type TimeList, type TimeListPage } from '../platform/database/time-list.js';
import { DATA_SOURCE } from '../platform/tokens.js';
import type { ReceiptPosition } from '../purchases/index.js';
import type { Undo, UndoState } from './domain/undo.js';
import { undoView } from './undo-view.js';

const LIST: TimeList = {
  select: 'SELECT x.* FROM undos x WHERE x.programme_id = $1',
  table: 'undos',
  at: 'x.started_at',
  id: 'x.undo_id',
};

const ADD = `INSERT INTO undos (undo_id, programme_id, rule_id, version, from_at, until_at, reason, state, started_by,
    started_at, receipts)
  VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8, $9, $10)`;

/** Only from where this run had read on, so that of two processes one goes on. */
const ADVANCE = `UPDATE undos x SET refused = x.refused + $2, cursor_at = $3, cursor_id = $4
  WHERE x.undo_id = $1 AND x.state = 'running' AND x.cursor_id IS NOT DISTINCT FROM $5::uuid
  RETURNING x.undo_id`;

const END = `UPDATE undos x SET state = $2, ended_by = $3, ended_at = $4
  WHERE x.undo_id = $1 AND x.state = 'running' RETURNING x.*`;

/** An undo with where its job has come to. */
export interface RunningUndo extends Undo {
  readonly cursor: ReceiptPosition | null;
}

/** What a part of the work came to. */
interface UndoProgress {
  readonly refused: number;
  /** The last receipt that was looked at. */
  readonly cursor: ReceiptPosition;
}

/** Reads and writes undos. */
@Injectable()
export class UndoStore {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /** Begins an undo, in the transaction that approves it. */
  async add(manager: EntityManager, undo: Undo): Promise<void> {
    const { undoId, programmeId, rule, from, until, reason, startedBy, startedAt, receipts } = undo;
    await manager.query(ADD, [
      ...[idToUuid(undoId), idToUuid(programmeId), rule.id, rule.version, new Date(from), new Date(until)],
      ...[reason, startedBy, new Date(startedAt), receipts],
    ]);
  }

  async find(programmeId: ProgrammeId, undoId: UndoId): Promise<Undo | null> {
    const sql = 'SELECT x.* FROM undos x WHERE x.undo_id = $1 AND x.programme_id = $2';
    const [row] = await this.dataSource.query<Row[]>(sql, [idToUuid(undoId), idToUuid(programmeId)]);
    return row ? readUndo(row) : null;
  }

  /** Newest first. */
  async page(programmeId: ProgrammeId, page: TimeListPage): Promise<readonly Undo[]> {
    const { sql, values } = timeListStatement(LIST, idToUuid(programmeId), page, []);
    return (await this.dataSource.query<Row[]>(sql, [...values])).map(readUndo);
  }

  /** Those that are to go on, oldest first. */
  async running(): Promise<readonly RunningUndo[]> {
    const sql = `SELECT x.* FROM undos x WHERE x.state = 'running' ORDER BY x.undo_id`;
    return (await this.dataSource.query<Row[]>(sql)).map(readUndo);
  }

  /** @param before from where the work was done. @returns false where it is not to go on: it ended, or another run did. */
  async advance(undoId: UndoId, before: ReceiptPosition | null, progress: UndoProgress): Promise<boolean> {
    const { refused, cursor } = progress;
    const values = [
      ...[idToUuid(undoId), refused, new Date(cursor.at), idToUuid(cursor.purchaseId)],
      before && idToUuid(before.purchaseId),
    ];
    const [rows] = await this.dataSource.query<[Row[], number]>(ADVANCE, values);
    return rows.length > 0;
  }

  /** Everything of the span was looked at. */
  async finish(undoId: UndoId, now: Instant): Promise<void> {
    await this.dataSource.query(END, [idToUuid(undoId), 'done' satisfies UndoState, ENGINE, new Date(now)]);
  }

  /** Ends an undo before its end. @returns it; null where it has ended before. */
  async cancel(undo: Undo, actor: string, now: Instant, ids: IdSource): Promise<Undo | null> {
    return this.dataSource.transaction(async (manager) => {
      const values = [idToUuid(undo.undoId), 'cancelled' satisfies UndoState, actor, new Date(now)];
      const [[row]] = await manager.query<[Row[], number]>(END, values);
      if (!row) return null;
      const cancelled = readUndo(row);
      await appendAudit(manager, {
        auditId: idToUuid(ids.next('adt')),
        programmeId: idToUuid(undo.programmeId),
        at: new Date(now),
        ...{ actor, action: 'undo.cancelled' },
        subject: undo.undoId,
        before: undoView(undo),
        after: undoView(cancelled),
        record: null,
      });
      return cancelled;
    });
  }
}

function readUndo(row: Row): RunningUndo {
  const instant = (value: unknown): Instant | null => (value === null ? null : (value as Date).getTime());
  const cursorAt = instant(row['cursor_at']);
  return {
    undoId: uuidToId('und', row['undo_id'] as string),
    programmeId: uuidToId('prg', row['programme_id'] as string),
    rule: { id: row['rule_id'] as string, version: row['version'] as number },
    from: instant(row['from_at']) ?? 0,
    until: instant(row['until_at']) ?? 0,
    reason: row['reason'] as string,
    state: row['state'] as UndoState,
    startedBy: row['started_by'] as string,
    startedAt: instant(row['started_at']) ?? 0,
    receipts: row['receipts'] as number,
    refused: row['refused'] as number,
    endedBy: row['ended_by'] as string | null,
    endedAt: instant(row['ended_at']),
    cursor:
      cursorAt === null ? null : { at: cursorAt, purchaseId: uuidToId('pur', row['cursor_id'] as string) },
  };
}
