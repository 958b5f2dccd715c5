import { formatInstant } from '../kernel/time.js';
import type { UnmatchedReceipt } from './domain/unmatched-receipt.js';
import type { KeptReceipt } from './unmatched-receipt.store.js';

/** A kept receipt as its sender sees it. @param withCode whether the sender asked for the code that claims it. */
export function keptView(receipt: UnmatchedReceipt, withCode: boolean) {
  const { receiptId, body, amountMinor, recordedAt, claimableUntil, claimCode } = receipt;
  return {
    id: receiptId,
    source: body.source,
    receiptNo: body.receiptNo,
    occurredAt: formatInstant(body.occurredAt),
    recordedAt: formatInstant(recordedAt),
    currency: body.currency,
    amountMinor,
    claimableUntil: formatInstant(claimableUntil),
    claimCode: withCode ? claimCode : null,
  };
}

/** A kept receipt in a list: what became of it, and no code. */
export function unmatchedView(kept: KeptReceipt) {
  const { claimCode: _, ...shown } = keptView(kept, false);
  return { ...shown, state: kept.state, return: kept.returned, actor: kept.actor };
}
