import type { DomainEventMap, DomainEventOf } from '../kernel/domain-events.js';
import type { PurchaseId } from '../kernel/ids.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import { ok } from '../kernel/result.js';
import { localDate, type Instant } from '../kernel/time.js';
import { FIRST_DAY } from '../kernel/window.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { changeAt, promotionAt, promotionFrom, tierAt } from './domain/standing.js';
import { stepDown } from './domain/step-down.js';
import { ladderVersionsBy } from './ladder-versions.js';
import { placeStanding, type Placing } from './place-standing.js';
import { laddersUntil, tierSetInForce } from './tier-set.kind.js';
import { standingSlice } from './tiers.slice.js';

/**
 * Promotes in the decision of the purchase that earned it, on the ladder that is in force now: a receipt of the
 * time of an older ladder counts for the windows of today's, and its own day only where today's ladder was in
 * force by then. Runs once the receipt's points are awarded, so that they are counted, and before they are valued, so
 * that gifts for the new tier share the price; a demotion never follows from a purchase.
 */
export const promoteOnPurchase = reactor({
  name: 'tiers.promoteOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase, memberActive }, occurredAt }, work) => {
    const set = tierSetInForce(work.config, work.now);
    if (!set || !memberActive) return ok([]);
    const cause = { type: 'purchase', id: purchase.purchaseId } as const;
    const versions = ladderVersionsBy(work.config, work.now);
    if (versions.length > 0) {
      const occurrence = { day: purchase.businessDate, at: occurredAt, lowers: false };
      return ok(placedIn(work, { versions, occurrence, cause }));
    }
    const now = today(work);
    const happened = set.effectiveAt <= occurredAt ? { day: purchase.businessDate, at: occurredAt } : now;
    const promotion = promotionFrom(work.member(standingSlice), set.body, happened, now);
    if (!promotion) return ok([]);
    return ok([
      {
        type: 'tier.changed',
        data: {
          from: promotion.from.key,
          to: promotion.to.key,
          since: promotion.since,
          tierSet: { id: set.key, version: set.version },
          cause,
        },
      },
    ]);
  },
});

/**
 * Promotes at once where what the duplicate did lifts the survivor, as if one member had done all of it: by any window
 * of the time of the ladder in force now, or to the tier that the duplicate had. What two members had demotes neither.
 */
export const promoteOnMerge = reactor({
  name: 'tiers.promoteOnMerge',
  on: 'member.merged',
  react: ({ data: { survivor, duplicate, tier }, memberId }, work) => {
    const set = tierSetInForce(work.config, work.now);
    if (!set || memberId !== survivor.memberId) return ok([]);
    const cause = { type: 'merge', id: duplicate.memberId } as const;
    const versions = ladderVersionsBy(work.config, work.now);
    if (versions.length > 0)
      return ok(placedIn(work, { versions, occurrence: { ...today(work), lowers: true }, cause }));
    const state = work.member(standingSlice);
    const since = localDate(set.effectiveAt, work.config.timeZone);
    const days = [...state.days.keys()].filter((day) => day >= since);
    const candidates = [...days, localDate(work.now, work.config.timeZone)];
    const own = promotionAt(
      state,
      set.body,
      candidates.map((day) => ({ day, at: work.now })),
    );
    const brought = set.body.tiers.find(({ key }) => key === tier?.key);
    const from = tierAt(state, set.body, Infinity);
    const bringsMore = brought !== undefined && brought.threshold > (own?.to ?? from).threshold;
    const to = bringsMore ? brought : own?.to;
    if (!to) return ok([]);
    const latest = changeAt(state, Infinity);
    return ok([
      {
        type: 'tier.changed',
        data: {
          from: from.key,
          to: to.key,
          since: Math.max(work.now, latest?.since ?? 0),
          tierSet: bringsMore && tier ? tier.tierSet : { id: set.key, version: set.version },
          cause,
        },
      },
    ]);
  },
});

/**
 * Takes back a promotion that only the returned goods caused, unless the programme lets it stand until the next roll
 * (`onReturn: keep`, by the policy of when the receipt occurred). Goods that are exchanged are looked at together with
 * those that were bought for them.
 */
export const reevaluateOnReturn = reactor({
  name: 'tiers.reevaluateOnReturn',
  on: 'purchase.returned',
  react: (event, work) => ok(event.data.exchanged ? [] : afterReturn(event, work)),
});

/** The same for an exchange, once the new receipt counts. */
export const reevaluateOnExchange = reactor({
  name: 'tiers.reevaluateOnExchange',
  on: 'purchase.exchanged',
  react: (event, work) => ok(afterReturn(event, work)),
});

/** The same for points that were cancelled while they waited: they no longer count as earned. */
export const reevaluateOnCancellation = reactor({
  name: 'tiers.reevaluateOnCancellation',
  on: 'awards.cancelled',
  react: ({ data: { memberId, purchaseId, earnedAt, points, status = 0 }, occurredAt }, work) => {
    // Of another member of the household the standing is not loaded: their next return or cancellation looks at it.
    if (memberId !== work.memberId || (points === 0 && status === 0)) return ok([]);
    const cause = { type: 'cancellation', purchaseId } as const;
    return ok(lowered(cause, { gone: null, purchasedAt: earnedAt, at: occurredAt }, work));
  },
});

/** The same for points that an undo of a rule took back. */
export const reevaluateOnUndo = reactor({
  name: 'tiers.reevaluateOnUndo',
  on: 'awards.undone',
  react: ({ data: { undone, purchase, counted, points }, occurredAt: at }, work) => {
    if (!counted || points === 0) return ok([]);
    const { purchaseId, occurredAt: purchasedAt } = purchase;
    const cause = { type: 'undo', id: undone.undoId, purchaseId } as const;
    return ok(lowered(cause, { gone: null, purchasedAt, at }, work));
  },
});

function afterReturn(
  { data, occurredAt }: DomainEventOf<'purchase.returned'> | DomainEventOf<'purchase.exchanged'>,
  work: Work,
): readonly Emission[] {
  const { returned, purchase, counted } = data;
  if (!counted) return [];
  const { purchaseId, occurredAt: purchasedAt } = purchase;
  const cause = { type: 'return', id: returned.returnId, purchaseId } as const;
  return lowered(cause, { gone: returned.whole ? purchaseId : null, purchasedAt, at: occurredAt }, work);
}

/** The events of a standing on a ladder with time. */
function placedIn(work: Work, placing: Omit<Placing, 'now' | 'accountId'>): readonly Emission[] {
  const { now, accountId, config } = work;
  return placeStanding(work.member(standingSlice), config, { ...placing, now, accountId });
}

function today({ now, config }: Work) {
  return { day: localDate(now, config.timeZone), at: now };
}

/** The step down that follows from what was taken off, if any. */
function lowered(
  cause: DomainEventMap['tier.changed']['cause'],
  taken: { readonly gone: PurchaseId | null; readonly purchasedAt: Instant; readonly at: Instant },
  work: Work,
): readonly Emission[] {
  const { config, now } = work;
  const set = tierSetInForce(config, now);
  const state = work.member(standingSlice);
  const { onReturn } = programmePolicyInForce(config, taken.purchasedAt);
  const versions = ladderVersionsBy(config, now);
  if (versions.length > 0) {
    const occurrence = {
      day: localDate(taken.purchasedAt, config.timeZone),
      at: taken.purchasedAt,
      lowers: true,
    };
    return onReturn === 'keep' ? [] : placedIn(work, { versions, occurrence, cause });
  }
  if (!set || onReturn === 'keep' || tierAt(state, set.body, Infinity).threshold === 0) return [];
  if (state.daysFrom > FIRST_DAY)
    throw new NeedsMoreRows(work.accountId, 'the days of the whole standing', 'standing');
  const ladders = laddersUntil(config, now);
  const step = stepDown(state, set.body, ladders, taken.gone, taken.at, config.timeZone);
  if (!step) return [];
  return [
    {
      type: 'tier.changed',
      data: {
        from: step.from.key,
        to: step.to.key,
        since: step.since,
        tierSet: { id: set.key, version: set.version },
        cause,
      },
    },
  ];
}
