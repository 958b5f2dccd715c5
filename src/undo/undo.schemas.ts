import { amount, instant, nullable, object, oneOf, page, ref, text, whole } from '../kernel/json-schema.js';
import { UNDO_STATES } from './domain/undo.js';

const undo = {
  id: text,
  changeRequestId: text,
  ruleId: text,
  version: whole,
  from: instant,
  until: instant,
  reason: text,
  state: oneOf(UNDO_STATES),
  receipts: whole,
  refused: whole,
  startedBy: text,
  startedAt: instant,
  endedBy: nullable(text),
  endedAt: nullable(instant),
};

/** What undos answer, by name. */
export const undoSchemas = {
  UndoPreview: object({
    ruleId: text,
    version: whole,
    from: instant,
    until: instant,
    receipts: whole,
    members: whole,
    points: whole,
    there: whole,
    gone: whole,
    used: whole,
    liability: amount,
  }),
  UndoListed: object(undo),
  Undos: page(ref('UndoListed')),
  Undo: object({
    ...undo,
    undone: object({ receipts: whole, members: whole, pointsTaken: whole, debt: whole, forgiven: whole }),
  }),
};
