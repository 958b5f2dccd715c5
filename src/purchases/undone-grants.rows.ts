import type { DomainEventOf } from '../kernel/domain-events.js';
import { SEAL, type RowSink, type Table } from '../platform/pipeline/index.js';
import type { RecordedReturn } from './domain/recorded-purchase.js';

export const UNDONE_GRANTS: Table = {
  name: 'undone_grants',
  mode: 'insert',
  sealed: true,
  key: ['undone_id', 'account_id'],
  columns: [
    { name: 'undone_id', type: 'id' },
    { name: 'undo_id', type: 'id' },
    { name: 'purchase_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'grants', type: 'json' },
    { name: 'taken_from', type: 'json' },
    { name: 'points_taken', type: 'bigint' },
    { name: 'debt', type: 'bigint' },
    { name: 'forgiven', type: 'bigint' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

/** Writes what undos took out of an account. */
export function addUndoneRows(undone: readonly DomainEventOf<'points.undone'>[], sink: RowSink): void {
  for (const { accountId, memberId, recordedAt, actor, data } of undone) {
    const { undoneId, undoId, purchaseId, grants, takenFrom, pointsTaken, debt, forgiven } = data.undone;
    sink.add(UNDONE_GRANTS, accountId, {
      undone_id: undoneId,
      undo_id: undoId,
      purchase_id: purchaseId,
      member_id: memberId,
      recorded_at: recordedAt,
      grants,
      taken_from: takenFrom,
      points_taken: pointsTaken,
      debt,
      forgiven,
      actor,
    });
  }
}

/** An undo as something that was taken back of a receipt without goods: what it took is taken no second time. */
export function undoneAsReturn({ data, recordedAt }: DomainEventOf<'awards.undone'>): RecordedReturn {
  const { undoneId, grants } = data.undone;
  return { returnId: undoneId, occurredAt: recordedAt, lines: [], grants, redemptions: [], status: [] };
}
