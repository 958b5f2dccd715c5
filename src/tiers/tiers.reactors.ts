import { ok } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { reactor } from '../platform/pipeline/command.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { stepDownAfterReturn } from './domain/return-reevaluation.js';
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

/** Promotes at once where what the duplicate did lifts the survivor; what two members had does not demote one. */
export const promoteOnMerge = reactor({
  name: 'tiers.promoteOnMerge',
  on: 'member.merged',
  react: ({ data: { survivor, duplicate }, memberId }, work) => {
    const set = tierSetInForce(work.config, work.now);
    if (!set || memberId !== survivor.memberId) return ok([]);
    const today = { day: localDate(work.now, work.config.timeZone), at: work.now };
    const promotion = promotionFrom(work.member(standingSlice), set.body, today, today);
    if (!promotion) return ok([]);
    return ok([
      {
        type: 'tier.changed',
        data: {
          from: promotion.from.key,
          to: promotion.to.key,
          since: promotion.since,
          tierSet: { id: set.key, version: set.version },
          cause: { type: 'merge', id: duplicate.memberId },
        },
      },
    ]);
  },
});

/**
 * Takes back a promotion that only the returned receipt caused, unless the programme lets it stand until the
 * next roll (`onReturn: keep`, by the policy of when the receipt occurred).
 */
export const reevaluateOnReturn = reactor({
  name: 'tiers.reevaluateOnReturn',
  on: 'purchase.returned',
  react: ({ data: { returned, purchase, counted, points }, occurredAt }, work) => {
    const set = tierSetInForce(work.config, work.now);
    const { onReturn } = programmePolicyInForce(work.config, purchase.occurredAt);
    if (!set || !counted || onReturn === 'keep') return ok([]);
    const { purchaseId, businessDate: day } = purchase;
    const taken = { purchaseId, day, spendMinor: returned.amountMinor, points };
    const step = stepDownAfterReturn(
      work.member(standingSlice),
      set.body,
      taken,
      occurredAt,
      work.config.timeZone,
    );
    if (!step) return ok([]);
    return ok([
      {
        type: 'tier.changed',
        data: {
          from: step.from.key,
          to: step.to.key,
          since: step.since,
          tierSet: { id: set.key, version: set.version },
          cause: { type: 'return', id: returned.returnId, purchaseId },
        },
      },
    ]);
  },
});
