import type { Award } from '../kernel/domain-events.js';
import { expiryOf } from '../kernel/expiry-policy.js';
import { MAX_POINTS } from '../kernel/points.js';
import { ok, refuse } from '../kernel/result.js';
import { reactor } from '../platform/pipeline/command.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { evaluateRule } from './domain/evaluate.js';
import { earningRuleKind } from './earning-rule.kind.js';
import { earningProblems } from './problems.js';

/** Works out what a receipt earns, by the rules and the standing in force when it occurred. */
export const earnOnPurchase = reactor({
  name: 'earning.earnOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase, memberActive } }, work) => {
    const { config } = work;
    const { occurredAt } = purchase;
    const set = tierSetInForce(config, occurredAt);
    const tier = set ? tierAt(work.member(standingSlice), set.body, occurredAt).key : null;
    const expiry = programmePolicyInForce(config, occurredAt).expiry;
    const input = { lines: purchase.lines, tier, occurredAt, memberActive };
    const results = config.inForce(earningRuleKind, occurredAt).map(({ key, version, body }) => ({
      rule: body,
      ...evaluateRule(body, { id: key, version }, input),
    }));
    const awards: Award[] = results
      .filter(({ trace }) => trace.points > 0)
      .map(({ rule, trace, lines }) => ({
        rule: trace.rule,
        origin: rule.origin,
        points: trace.points,
        lines,
        availableAt: occurredAt,
        expiresAt: expiryOf(rule.expiry ?? expiry, occurredAt, config.timeZone),
      }));
    if (awards.reduce((sum, { points }) => sum + points, 0) > MAX_POINTS) {
      return refuse(
        earningProblems.problem('TOO_MANY_POINTS', `A receipt may earn at most ${MAX_POINTS} points.`),
      );
    }
    const explanation = results.map(({ trace }) => trace);
    return ok([{ type: 'points.awarded', data: { purchase, awards, explanation } }]);
  },
});
