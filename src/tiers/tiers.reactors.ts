import { ok } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { reactor } from '../platform/pipeline/command.js';
import { promotionFrom } from './domain/standing.js';
import { tierSetInForce } from './tier-set.kind.js';
import { standingSlice } from './tiers.slice.js';

/**
 * Promotes in the decision of the purchase that earned it, on the ladder that is in force now: a receipt of the
 * time of an older ladder counts for the windows of today's, and its own day only where today's ladder was in
 * force by then. Runs after everything the purchase caused, so that points it earned are counted; a demotion
 * never follows from a purchase.
 */
export const promoteOnPurchase = reactor({
  name: 'tiers.promoteOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase, memberActive }, occurredAt }, work) => {
    const set = tierSetInForce(work.config, work.now);
    if (!set || !memberActive) return ok([]);
    const today = { day: localDate(work.now, work.config.timeZone), at: work.now };
    const happened = set.effectiveAt <= occurredAt ? { day: purchase.businessDate, at: occurredAt } : today;
    const promotion = promotionFrom(work.member(standingSlice), set.body, happened, today);
    if (!promotion) return ok([]);
    return ok([
      {
        type: 'tier.changed',
        data: {
          from: promotion.from.key,
          to: promotion.to.key,
          since: promotion.since,
          tierSet: { id: set.key, version: set.version },
          cause: { type: 'purchase', id: purchase.purchaseId },
        },
      },
    ]);
  },
});
