import type { PurchaseFacts } from '../kernel/domain-events.js';
import { paidOtherwise } from '../kernel/points-paid.js';
import { ledgerSlice } from '../ledger/index.js';
import { reactor, type Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { liveMember } from '../conditions/index.js';
import { awardPoints } from './award-points.js';
import { basketOf } from './domain/basket.js';
import { evaluateReceipt } from './domain/evaluate-receipt.js';
import { headroomOf } from './domain/headroom.js';
import type { ConditionsOf } from './domain/rule-conditions.js';
import { RECEIPT_TRIGGER, triggerName } from './domain/rule-trigger.js';
import { earningCountersSlice } from './earning-counters.slice.js';
import { rulesTriggeredBy } from './earning-rule.kind.js';
import { historySource } from './history-source.js';
import { saleSource } from '../kernel/sale-source.js';
import { enrolledOn, personSlice } from './person.slice.js';
import { registeredFor } from './registered-for.js';
import { conditionsOver } from './rule-conditions.js';
import { followsSchedule } from './rule-schedules.js';

const RECEIPT = triggerName(RECEIPT_TRIGGER);

/** The conditions of rules over a receipt; the member's values are needed only where a rule reads them. */
function conditionsOf(purchase: PurchaseFacts, tier: string | null, work: Work): ConditionsOf {
  const { timeZone } = work.config;
  const { occurredAt, businessDate: day } = purchase;
  const person = work.member(personSlice);
  const member = liveMember({
    person: person && { ...person, enrolledOn: enrolledOn(person, timeZone) },
    tier,
    day,
  });
  const history = historySource({ day, at: occurredAt, purchaseId: purchase.purchaseId }, work);
  return conditionsOver({ receipt: purchase, member, history, occurredAt, timeZone });
}

/**
 * Works out what a receipt earns, by the rules, the policy and the standing in force when it occurred, under the
 * caps of its own periods and of the balance as it is now. A receipt of an active member is an activity: it
 * moves the end of points that slide, whether it earns or not.
 */
export const earnOnPurchase = reactor({
  name: 'earning.earnOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase, memberActive } }, work) => {
    const { config } = work;
    const { occurredAt, businessDate } = purchase;
    const set = tierSetInForce(config, occurredAt);
    const tier = set ? tierAt(work.member(standingSlice), set.body, occurredAt).key : null;
    const policy = programmePolicyInForce(config, occurredAt);
    const rules = rulesTriggeredBy(config, occurredAt, RECEIPT);
    const { pointsMinor, discountMinor } = paidOtherwise(purchase);
    const basket = basketOf(purchase.lines, pointsMinor, discountMinor, purchase.tenders);
    const results = evaluateReceipt(
      rules,
      {
        basket,
        tier,
        occurredAt,
        memberActive,
        conditionsOf: conditionsOf(purchase, tier, work),
        inSchedule: (rule) => followsSchedule(rule, occurredAt, config.timeZone),
        registeredFor: (rule) => registeredFor(rule, occurredAt, work),
      },
      {
        day: businessDate,
        counters: work.member(earningCountersSlice),
        headroom: headroomOf(policy.maximumBalance, work.account(ledgerSlice)),
      },
    );
    return awardPoints(
      { source: saleSource(purchase), results, tier, memberActive, extendsExpiry: true },
      work,
    );
  },
});
