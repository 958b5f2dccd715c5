import { idToUuid, uuidToId } from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import type { UndoableReceiptsQuery } from '../purchases/index.js';
import type { Undo } from './domain/undo.js';

/** An undo as the API shows it, without what it took back. */
export function undoView(undo: Undo) {
  const { undoId, rule, from, until, reason, state, receipts, refused } = undo;
  return {
    id: undoId,
    changeRequestId: uuidToId('chr', idToUuid(undoId)),
    ruleId: rule.id,
    version: rule.version,
    from: formatInstant(from),
    until: formatInstant(until),
    ...{ reason, state, receipts, refused },
    startedBy: undo.startedBy,
    startedAt: formatInstant(undo.startedAt),
    endedBy: undo.endedBy,
    endedAt: undo.endedAt === null ? null : formatInstant(undo.endedAt),
  };
}

/** The same with what it took back so far. */
export function wholeUndoView(undo: Undo, undone: Awaited<ReturnType<UndoableReceiptsQuery['undone']>>) {
  return { ...undoView(undo), undone };
}
