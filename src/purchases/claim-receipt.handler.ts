import type { CommandHandler } from '../platform/pipeline/index.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import type { UnmatchedId } from './domain/unmatched-receipt.js';
import { postPurchase } from './post-purchase.handler.js';
import { purchaseProblems } from './problems.js';

/** A kept receipt as it was sent, and which one it is. */
export interface ClaimBody extends PurchaseBody {
  readonly unmatchedId: UnmatchedId;
}

/**
 * Posts a receipt that was kept without a member as that of the member who claims it. It holds the claim of the
 * receipt's number, as any receipt does: of two members who claim it at once, one gets it.
 */
export const claimReceipt: CommandHandler<ClaimBody> = {
  ...postPurchase,
  type: 'purchase.claim',
  naturalConflict: ({ source, receiptNo }) => {
    const detail = `Receipt ${receiptNo} of ${source} was claimed, or posted with a member, before.`;
    return purchaseProblems.problem('RECEIPT_ALREADY_CLAIMED', detail);
  },
  decide: ({ unmatchedId, ...receipt }, work, counterparty) => {
    const posted = postPurchase.decide(receipt, work, counterparty);
    if (!posted.ok) return posted;
    const purchaseId = posted.value.body['id'] as `pur_${string}`;
    const { source, receiptNo, occurredAt } = receipt;
    const data = { unmatchedId, purchaseId, source, receiptNo };
    const claimed = work.emit({ type: 'receipt.claimed', data, occurredAt });
    return claimed.ok ? posted : claimed;
  },
};
