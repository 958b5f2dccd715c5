import type { AccountId, LotId, MemberId, PurchaseId } from '../../kernel/ids.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import { accountedFor } from './points-back.js';
import { undoable } from './plan-undo.js';
import type { RecordedReturn } from './recorded-purchase.js';

/** A lot that a version of a rule opened for a receipt, or one that continues it. */
export interface GrantedPart {
  /** The lot that the receipt opened, and how many points it was opened with. */
  readonly opened: LotId;
  readonly openedPoints: Points;
  readonly accountId: AccountId;
  /** Waiting and usable points. */
  readonly there: Points;
  /** Expired and cancelled points. */
  readonly gone: Points;
  /** The liability that goes with the points that are there, sub-ledger units. */
  readonly liability: SubLedgerAmount;
}

/** A receipt for which a version of a rule gave points that were not taken back, and what became of them. */
export interface UndoableReceipt {
  readonly purchaseId: PurchaseId;
  readonly occurredAt: Instant;
  /** The buyer, or the survivor of a merge, and the account on which that member acts now. */
  readonly memberId: MemberId;
  readonly accountId: AccountId;
  readonly lotIds: readonly LotId[];
  /** Points that were not taken back yet. */
  readonly points: Points;
  /** Of these, what is there, what expired or was cancelled, and what was used or is on hold. */
  readonly there: Points;
  readonly gone: Points;
  readonly used: Points;
  readonly liability: SubLedgerAmount;
  /** Other accounts in which points are. */
  readonly places: readonly { readonly accountId: AccountId; readonly points: Points }[];
}

/** @returns null where nothing is left to be taken back. */
export function undoableReceipt(
  receipt: Pick<UndoableReceipt, 'purchaseId' | 'occurredAt' | 'memberId' | 'accountId'>,
  parts: readonly GrantedPart[],
  returns: readonly Pick<RecordedReturn, 'grants'>[],
): UndoableReceipt | null {
  const opened = new Map(parts.map((part) => [part.opened, part.openedPoints]));
  const lotIds = [...opened.keys()];
  const given = [...opened.values()].reduce((sum, points) => sum + points, 0);
  const points = undoable({ lotIds, points: given }, returns);
  if (points === 0) return null;
  const sum = (of: (part: GrantedPart) => Points) => parts.reduce((total, part) => total + of(part), 0);
  const there = Math.min(
    points,
    sum((part) => part.there),
  );
  const goneBefore = accountedFor({ lotIds }, returns).gone;
  const gone = Math.min(points - there, Math.max(0, sum((part) => part.gone) - goneBefore));
  const away = parts.filter((part) => part.accountId !== receipt.accountId && part.there > 0);
  const places = [...new Set(away.map(({ accountId }) => accountId))].map((accountId) => ({
    accountId,
    points: away.reduce((total, part) => total + (part.accountId === accountId ? part.there : 0), 0),
  }));
  const liability = parts.reduce((total, part) => total + part.liability, 0n);
  return { ...receipt, lotIds, points, there, gone, used: points - there - gone, liability, places };
}
