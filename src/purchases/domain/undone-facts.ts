/** An undo of what a version of a rule gave, as domain events tell it. */
import type { PurchaseId, UndoId, UndoneId } from '../../kernel/ids.js';
import type { LotPoints } from '../../kernel/lot-facts.js';
import type { Points } from '../../kernel/points.js';
import type { ReturnedGrant } from './return-facts.js';

/** What an undo took back of one receipt, out of one account. */
export interface UndoneFacts {
  readonly undoneId: UndoneId;
  readonly undoId: UndoId;
  readonly purchaseId: PurchaseId;
  readonly grants: readonly ReturnedGrant[];
  /** Points that left the account, the receipt's own and those that filled the debt at once, by lot. */
  readonly takenFrom: readonly LotPoints[];
  readonly pointsTaken: Points;
  /** By how much the account's debt grew. */
  readonly debt: Points;
  readonly forgiven: Points;
}
