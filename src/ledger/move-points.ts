import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { planChildren, type ChildTerms, type OpenPart } from './domain/children.js';
import type { TransferFacts, TransferKind } from './domain/transfer-facts.js';
import { ledgerSlice } from './ledger.slice.js';
import { requireFewLots } from './problems.js';

/** What goes from one account to another, and on which terms. */
export interface Move {
  readonly kind: TransferKind;
  readonly parts: readonly OpenPart[];
  readonly terms: ChildTerms;
  /** Whether what the giver owes is owed by the receiver from now on. */
  readonly withDebt: boolean;
  /** The date on which the receiver's sliding points end at the earliest; null leaves it as it is. */
  readonly slidingExpiresAt: Instant | null;
  readonly note?: string | null;
  readonly externalId?: string | null;
}

/**
 * Moves points, and debt, between the accounts of a command on two: one transfer, on record at both.
 * @returns the transfer; null where there was nothing to move.
 */
export function movePoints(giver: Work, receiver: Work, move: Move): Result<TransferFacts | null, Problem> {
  const { parts, terms, withDebt, slidingExpiresAt } = move;
  const state = giver.account(ledgerSlice);
  const debt = withDebt ? state.debt : 0;
  if (parts.length === 0 && debt === 0) return ok(null);
  const few = requireFewLots(parts.length);
  if (!few.ok) return few;
  const { sent, received } = planChildren(state, parts, giver.ids, terms);
  const transferId = giver.ids.next('trf');
  const cause = { type: 'transfer', id: transferId } as const;
  const given: readonly Emission[] = [
    ...(sent.length === 0 ? [] : [{ type: 'points.sent' as const, data: { cause, lots: sent } }]),
    ...(debt === 0 ? [] : [{ type: 'debt.moved' as const, data: { cause, points: debt } }]),
  ];
  // The date comes first: what slides and arrives ends with it.
  const taken: readonly Emission[] = [
    ...(slidingExpiresAt === null
      ? []
      : [{ type: 'expiry.slid' as const, data: { cause, expiresAt: slidingExpiresAt } }]),
    ...(received.length === 0 ? [] : [{ type: 'lots.received' as const, data: { cause, lots: received } }]),
    ...(debt === 0 ? [] : [{ type: 'debt.incurred' as const, data: { cause, points: debt } }]),
  ];
  const moved = emitAll(giver, given);
  if (!moved.ok) return moved;
  const arrived = emitAll(receiver, taken);
  if (!arrived.ok) return arrived;
  const { lots } = receiver.account(ledgerSlice);
  const transfer: TransferFacts = {
    transferId,
    kind: move.kind,
    points: total(sent),
    debt,
    from: { accountId: giver.accountId, memberId: giver.memberId },
    to: { accountId: receiver.accountId, memberId: receiver.memberId },
    lots: received.map(({ lotId, parentLotId, state: from, points }) => ({
      lotId: parentLotId,
      childLotId: lotId,
      from,
      points,
      expiresAt: lots.get(lotId)?.expiresAt ?? null,
    })),
    note: move.note ?? null,
    externalId: move.externalId ?? null,
    transferredAt: giver.now,
  };
  for (const work of [giver, receiver]) {
    const told = work.emit({ type: 'transfer.completed', data: { transfer } });
    if (!told.ok) return told;
  }
  return ok(transfer);
}

function emitAll(work: Work, emissions: readonly Emission[]): Result<void, Problem> {
  for (const emission of emissions) {
    const emitted = work.emit(emission);
    if (!emitted.ok) return emitted;
  }
  return ok(undefined);
}

function total(lots: readonly { readonly points: Points }[]): Points {
  return lots.reduce((sum, { points }) => sum + points, 0);
}
