import {
  awardsOfOccasion,
  nothingOfOccasion,
  PROMOTION,
  rulesTriggeredBy,
  triggerOf,
} from '../earning/index.js';
import type { AwardSource, DomainEventOf } from '../kernel/domain-events.js';
import { ok } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { memberSlice, statusAt } from '../members/index.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import { tierSetKind } from '../tiers/index.js';
import { rungsPassed, wasGivenLately } from './domain/gift.js';
import { giftsOf, promotionGiftsSlice } from './promotion-gifts.slice.js';

type TierChanged = DomainEventOf<'tier.changed'>;
type GivingCause = Extract<TierChanged['data']['cause'], { readonly type: 'purchase' | 'merge' | 'roll' }>;

/**
 * Each rule about promotions gives once for each promotion that it is about: one that names a rung where that rung is
 * reached or passed, any other for the rung that is reached. What is taken back gives nothing.
 */
export const givePromotionGifts = reactor({
  name: 'promotionGifts.give',
  on: 'tier.changed',
  react: (event, work) => {
    const { cause } = event.data;
    return ok(isGiving(cause) ? giftsFor(event, cause, work) : []);
  },
});

function isGiving(cause: TierChanged['data']['cause']): cause is GivingCause {
  return cause.type === 'purchase' || cause.type === 'merge' || cause.type === 'roll';
}

function giftsFor({ data, occurredAt }: TierChanged, cause: GivingCause, work: Work): readonly Emission[] {
  const { config } = work;
  const { from, to, since, tierSet } = data;
  // A roll that is worked out late happened when the rung began.
  const at = cause.type === 'roll' ? since : occurredAt;
  const rules = rulesTriggeredBy(config, at, PROMOTION);
  const ladder = rules.length > 0 && config.version(tierSetKind, tierSet.id, tierSet.version);
  if (!ladder) return [];
  const rungs = ladder.body.tiers.map(({ key }) => key);
  const passed = rungsPassed(rungs, from, to);
  const dayOf = (instant: number) => localDate(instant, config.timeZone);
  const { status, statusChanges } = work.member(memberSlice);
  const memberActive = statusAt(status, statusChanges, at) === 'active';
  const gifts = giftsOf(work.member(promotionGiftsSlice));
  return rules.flatMap(({ ref, rule }): readonly Emission[] => {
    const trigger = triggerOf(rule);
    if (trigger.type !== 'promotion' || passed.length === 0) return [];
    const tier = trigger.tier ?? to;
    if (!passed.includes(tier)) return [];
    const occasion = { ruleId: ref.id, tier, day: dayOf(since) };
    const gift = {
      giftId: work.ids.next('gft'),
      rule: ref,
      ...{ tier, since, occurredAt: at, businessDate: dayOf(at) },
      purchaseId: cause.type === 'purchase' ? cause.id : null,
      cause: { type: cause.type, id: cause.type === 'roll' ? null : cause.id },
      reached: to,
      memberActive,
      givenLately: wasGivenLately(gifts, occasion, rungs, dayOf),
    };
    return [{ type: 'promotion.giftCame', data: gift, occurredAt: at }];
  });
}

/**
 * Works out what a gift comes to, by the version of the rule and the policy of when what brought the promotion
 * occurred, and by the rung that it brought. What a receipt brought has a part in its price.
 */
export const earnOnPromotion = reactor({
  name: 'promotionGifts.earn',
  on: 'promotion.giftCame',
  react: ({ data }, work) => {
    const { giftId: id, rule, occurredAt, businessDate, purchaseId, memberActive, reached } = data;
    const rules = rulesTriggeredBy(work.config, occurredAt, PROMOTION).filter(
      ({ ref }) => ref.id === rule.id,
    );
    const sale = purchaseId === null ? {} : { purchaseId };
    const source: AwardSource = { kind: 'promotion', id, occurredAt, businessDate, ...sale };
    if (data.givenLately && memberActive)
      return ok(rules.map((inForce) => nothingOfOccasion(source, inForce, 'givenLately')));
    const origin = purchaseId === null ? 'non_purchase' : 'purchase';
    const occasion = { source, memberActive, extendsExpiry: false, tier: reached, origin } as const;
    return awardsOfOccasion(occasion, rules, work);
  },
});

/** A survivor gets no second gift for what the duplicate got one for; the load after the merge finds the same. */
export const carryPromotionGifts = reactor({
  name: 'promotionGifts.carry',
  on: 'member.merged',
  react: ({ data: { survivor }, memberId }, work) => {
    const { other } = work;
    if (memberId !== survivor.memberId || !other) return ok([]);
    const gifts = giftsOf(other.member(promotionGiftsSlice));
    return ok(gifts.length === 0 ? [] : [{ type: 'promotion.giftsCarried', data: { gifts } }]);
  },
});
