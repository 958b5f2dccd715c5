import type { Award, PurchaseFacts } from '../kernel/domain-events.js';
import { MAX_POINTS } from '../kernel/points.js';
import { paidOtherwise } from '../kernel/points-paid.js';
import { ok, refuse } from '../kernel/result.js';
import { ledgerSlice } from '../ledger/index.js';
import { reactor, type Work } from '../platform/pipeline/index.js';
import { memberExpiry, programmePolicyInForce } from '../programmes/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { liveMember } from '../conditions/index.js';
import { awardTerms, slidingEnd } from './domain/award-terms.js';
import { basketOf } from './domain/basket.js';
import { isRunning } from './domain/evaluate.js';
import { evaluateReceipt, headroomOf } from './domain/evaluate-receipt.js';
import type { ConditionsOf } from './domain/rule-conditions.js';
import { countedLimits } from './domain/limits.js';
import { earningCountersSlice } from './earning-counters.slice.js';
import { earningRulesInForce } from './earning-rule.kind.js';
import { saleSource } from '../kernel/sale-source.js';
import { enrolledOn, personSlice } from './person.slice.js';
import { earningProblems } from './problems.js';
import { conditionsOver } from './rule-conditions.js';

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
  return conditionsOver({ receipt: purchase, member, occurredAt, timeZone });
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
    const rules = earningRulesInForce(config, occurredAt);
    const { pointsMinor, discountMinor } = paidOtherwise(purchase);
    const basket = basketOf(purchase.lines, pointsMinor, discountMinor);
    const results = evaluateReceipt(
      rules,
      { basket, tier, occurredAt, memberActive, conditionsOf: conditionsOf(purchase, tier, work) },
      {
        day: businessDate,
        counters: work.member(earningCountersSlice),
        headroom: headroomOf(policy.maximumBalance, work.account(ledgerSlice)),
      },
    );
    for (const { ref, trace } of results)
      if (trace.why === 'conditionFailed') work.count({ metric: 'conditionFailed', label: ref.id });
    const granting = results.filter(({ trace }) => trace.points > 0);
    if (granting.reduce((sum, { trace }) => sum + trace.points, 0) > MAX_POINTS) {
      return refuse(
        earningProblems.problem('TOO_MANY_POINTS', `A receipt may earn at most ${MAX_POINTS} points.`),
      );
    }
    const expiry = memberExpiry(policy, tier);
    const awards = granting.map(({ rule, ref, trace, lines }): Award => {
      const [pending, expires] = [rule.pending ?? policy.pending, rule.expiry ?? expiry];
      const terms = awardTerms(pending, expires, occurredAt, config.timeZone);
      return {
        rule: ref,
        origin: rule.origin,
        points: trace.points,
        lines,
        availableAt: terms.availableAt,
        expiresAt: terms.expiresAt,
        awaits: terms.awaits,
        slides: terms.slides,
        expiryPolicy: terms.expiryPolicy,
      };
    });
    const sliding = [expiry];
    for (const { rule } of rules) if (rule.expiry && isRunning(rule, occurredAt)) sliding.push(rule.expiry);
    const data = {
      source: saleSource(purchase),
      awards,
      explanation: results.map(({ trace }) => trace),
      counted: granting
        .filter(({ rule }) => countedLimits(rule).length > 0)
        .map(({ ref, trace }) => ({ ruleId: ref.id, points: trace.points })),
      slidingExpiresAt: memberActive ? slidingEnd(sliding, awards, occurredAt, config.timeZone) : null,
    };
    return ok([{ type: 'points.awarded', data }]);
  },
});
