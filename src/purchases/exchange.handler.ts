import { ok } from '../kernel/result.js';
import type { CommandHandler } from '../platform/pipeline/command.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import type { ReturnBody } from './domain/return-body.js';
import { postPurchase } from './post-purchase.handler.js';
import { accountAfter, decideReturns, postReturn, type FieldPlaces } from './post-return.handler.js';

/** Goods that come back and a new receipt, together or not at all. */
export interface ExchangeBody {
  /** Carries the new receipt's source, number and instant. */
  readonly return: ReturnBody;
  readonly purchase: PurchaseBody;
  readonly occurredAt: number;
  readonly measuresAt: number;
}

const FIELDS: FieldPlaces = { occurredAt: '/purchase/occurredAt', lines: '/return/lines' };

/**
 * Takes goods back and records a new receipt in one command. The return comes first, so that what it gives back
 * (points of redemptions, room under caps) is there for the new receipt.
 */
export const exchange: CommandHandler<ExchangeBody> = {
  type: 'purchase.exchange',
  needsDetails: () => true,
  // It records a receipt, and a member's receipts keep their order.
  inOrder: true,
  front: 'named',
  resumable: true,
  subjects: (body) => [...body.return.lookedUp.subjects, ...body.purchase.redemptionIds],
  unknownTarget: (body) => postReturn.unknownTarget({ ...body.return, measuresAt: body.measuresAt }),
  naturalConflict: (body) => postPurchase.naturalConflict(body.purchase),
  decide: (body, work) => {
    const returned = decideReturns(body.return, FIELDS, work);
    if (!returned.ok) return returned;
    const bought = postPurchase.decide(body.purchase, work, null);
    if (!bought.ok) return bought;
    const [back] = returned.value;
    return ok({ status: 201, body: { return: back, purchase: bought.value.body, ...accountAfter(work) } });
  },
};
