import type { BucketPoints, DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { Points } from '../kernel/points.js';
import { ok } from '../kernel/result.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { planTakeBack } from '../purchases/index.js';
import { heldSince, standingSlice, tierSetInForce } from '../tiers/index.js';
import type { GiftTakenBack, TakenBackBy } from './domain-events.js';
import { rankOf, type Gift } from './domain/gift.js';
import { giftsOf, promotionGiftsSlice } from './promotion-gifts.slice.js';

/**
 * Takes back the gifts for promotions that only the returned goods had caused. All that the return did to the standing
 * is known by then.
 */
export const recallOnReturn = reactor({
  name: 'promotionGifts.recallOnReturn',
  on: 'purchase.returned',
  react: (event, work) => {
    const { returned, exchanged } = event.data;
    return ok(exchanged ? [] : recalled(event, { type: 'return', id: returned.returnId }, work));
  },
});

/** The same for an exchange, once the new receipt counts. */
export const recallOnExchange = reactor({
  name: 'promotionGifts.recallOnExchange',
  on: 'purchase.exchanged',
  react: (event, work) => ok(recalled(event, { type: 'return', id: event.data.returned.returnId }, work)),
});

/** The same for points that were cancelled while they waited. */
export const recallOnCancellation = reactor({
  name: 'promotionGifts.recallOnCancellation',
  on: 'awards.cancelled',
  react: (event, work) => ok(recalled(event, { type: 'cancellation', id: event.data.purchaseId }, work)),
});

/** The same for points that an undo of a rule took back. */
export const recallOnUndo = reactor({
  name: 'promotionGifts.recallOnUndo',
  on: 'awards.undone',
  react: (event, work) => ok(recalled(event, { type: 'undo', id: event.data.undone.undoId }, work)),
});

/** The gifts whose rung the member, after what an event led to, never held since it was given. */
function recalled(event: DomainEvent, by: TakenBackBy, work: Work): readonly Emission[] {
  const since = work.events.lastIndexOf(event);
  if (!work.events.slice(since).some(isStepBack)) return [];
  const set = tierSetInForce(work.config, work.now);
  if (!set) return [];
  const standing = work.member(standingSlice);
  const rungs = set.body.tiers.map(({ key }) => key);
  return giftsOf(work.member(promotionGiftsSlice))
    .filter(({ takenBack }) => !takenBack)
    .filter((gift) => {
      const { key } = heldSince(standing, set.body, gift.since);
      return rankOf(rungs, key) < rankOf(rungs, gift.tier);
    })
    .map((gift) => ({ type: 'promotion.giftRecalled', data: { gift, by } }));
}

function isStepBack(event: DomainEvent): boolean {
  if (event.type !== 'tier.changed') return false;
  const { type } = event.data.cause;
  return type === 'return' || type === 'cancellation' || type === 'undo';
}

/**
 * Takes the points of a gift back as a return takes those of a receipt: out of its own lots and what continues them
 * here; what was spent becomes a debt or is forgiven, by the policy of when it was given. The refund was worked out
 * before, so `deductFromRefund` leaves a debt.
 */
export const takeBackGift = reactor({
  name: 'promotionGifts.takeBack',
  on: 'promotion.giftRecalled',
  react: ({ data }, work) => ok(takenBack(data, work)),
});

function takenBack(
  { gift, by }: DomainEventOf<'promotion.giftRecalled'>['data'],
  work: Work,
): readonly Emission[] {
  const cause = { type: 'promotionReversal', id: gift.giftId } as const;
  const lots = lotsOf(gift, work);
  const { moves, gone, short } = planTakeBack(gift.points, lots, 0, false);
  const isForgiven = programmePolicyInForce(work.config, gift.occurredAt).returnPolicy === 'forgive';
  const debt = isForgiven ? 0 : short;
  const reopened = sum(moves.filter(({ from }) => from === 'settled'));
  const cancelled = lots.reduce((total, lot) => total + lot.cancelled, 0);
  const expired = lots.reduce((total, lot) => total + lot.expired, 0);
  const award = {
    ...{ ruleId: gift.rule.id, ruleVersion: gift.rule.version },
    // What was cancelled went back to limits and budgets when it was.
    ...{ points: gift.points - cancelled, expired, whole: cancelled < gift.points },
  };
  const facts: GiftTakenBack = {
    ...{ gift, by, gone, pointsTaken: sum(moves) - reopened },
    ...{ debt: debt + reopened, forgiven: short - debt },
    awards: award.points > 0 ? [award] : [],
  };
  return [
    ...(moves.length === 0 ? [] : [{ type: 'points.returned' as const, data: { cause, lots: moves } }]),
    ...(debt === 0 ? [] : [{ type: 'debt.incurred' as const, data: { cause, points: debt } }]),
    { type: 'promotion.giftTakenBack', data: facts },
  ];
}

function sum(moves: readonly BucketPoints[]): Points {
  return moves.reduce((total, { points }) => total + points, 0);
}

/** The lots of a gift, and what continues them here. @throws NeedsMoreRows where they are not loaded. */
function lotsOf({ lotIds }: Gift, work: Work): readonly Lot[] {
  const { lots, complete } = work.account(ledgerSlice);
  if (!complete && lotIds.some((lotId) => !lots.has(lotId)))
    throw new NeedsMoreRows(work.accountId, 'the lots of a gift', 'everything');
  return [...lots.values()]
    .filter((lot) => lotIds.includes(lot.rootLotId ?? lot.lotId))
    .sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
}
