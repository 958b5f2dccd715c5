import type { DomainEvent } from '../kernel/domain-events.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import type { PurchaseBody } from './domain/purchase-body.js';
import type { ReturnBody } from './domain/return-body.js';
import { postPurchase } from './post-purchase.handler.js';
import { accountAfter, decideReturns, postReturn, type FieldPlaces } from './post-return.handler.js';
import { tierChangeView } from './tier-change-view.js';

/** Goods that come back and a new receipt, together or not at all. */
export interface ExchangeBody {
  /** Carries the new receipt's source, number and instant. */
  readonly return: ReturnBody;
  readonly purchase: PurchaseBody;
  readonly occurredAt: number;
  readonly measuresAt: number;
  /** As for a return. */
  readonly wholeStanding: true;
}

const FIELDS: FieldPlaces = {
  occurredAt: '/purchase/occurredAt',
  lines: '/return/lines',
  redemptions: '/return/redemptionIds',
};

/**
 * Takes goods back and records a new receipt in one command. The return comes first, so that what it gives back
 * (points of redemptions, room under caps) is there for the new receipt. The member's tier is looked at once both are
 * recorded: the new receipt earns by the standing that the member came with.
 */
export const exchange: CommandHandler<ExchangeBody> = {
  type: 'purchase.exchange',
  awards: true,
  needsLazyRows: () => true,
  // It records a receipt, and a member's receipts keep their order.
  inOrder: true,
  preload: 'referenced',
  cacheable: true,
  referencedIds: (body) => [...body.return.lookedUp.referencedIds, ...body.purchase.redemptionIds],
  unknownTarget: ({ return: returned, measuresAt, wholeStanding }, setting) =>
    postReturn.unknownTarget({ ...returned, measuresAt, wholeStanding }, setting),
  // The body names a receipt, not a member: the receipt gives the member and the account where its points wait.
  unknownCounterparty: ({ return: returned, measuresAt, wholeStanding }, setting) =>
    postReturn.unknownTarget({ ...returned, measuresAt, wholeStanding }, setting),
  naturalConflict: (body) => postPurchase.naturalConflict(body.purchase),
  decide: (body, work) => {
    const first = work.events.length;
    const returned = decideReturns(body.return, FIELDS, work, true);
    if (!returned.ok) return returned;
    const bought = postPurchase.decide(body.purchase, work, null);
    if (!bought.ok) return bought;
    const looked = lookAtStanding(work.events.slice(first), work);
    if (!looked.ok) return looked;
    const [back] = returned.value;
    const tierChange = tierChangeView(work.events.slice(first));
    return ok({
      status: 201,
      body: { return: back, purchase: bought.value.body, tierChange, ...accountAfter(work) },
    });
  },
};

/** The member's tier, now that what came back is off and what was bought counts. */
function lookAtStanding(events: readonly DomainEvent[], work: Work): Result<void, Problem> {
  for (const event of events) {
    if (event.type !== 'purchase.returned') continue;
    const { returned, purchase, counted } = event.data;
    const { occurredAt } = event;
    const data = { returned, purchase, counted };
    const looked = work.emit({ type: 'purchase.exchanged', data, occurredAt });
    if (!looked.ok) return looked;
  }
  return ok(undefined);
}
