import type { Award, AwardSource, LotOrigin } from '../kernel/domain-events.js';
import type { PendingPolicy } from '../kernel/pending-policy.js';
import { MAX_POINTS, type Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { memberExpiry, programmePolicyInForce } from '../programmes/index.js';
import { awardTerms, slidingEnd } from './domain/award-terms.js';
import { isRunning, type RuleResult } from './domain/assessed.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import type { EarningRule } from './domain/earning-rule.js';
import { figureOf } from './domain/gives.js';
import { isCounted } from './domain/limits.js';
import type { RuleTrace } from './domain/rule-trace.js';
import { MILESTONE, triggerOf } from './domain/rule-trigger.js';
import { earningProblems } from './problems.js';
import { statusAwards } from './status-awards.js';
import { withinBudgets } from './within-budgets.js';

/** What rules gave on one occasion, and for whom. */
interface Awarded {
  readonly source: AwardSource;
  readonly results: readonly (RuleInForce & RuleResult)[];
  /** The member's rung when it occurred; null without a ladder. */
  readonly tier: string | null;
  readonly memberActive: boolean;
  /** Whether it moves the end of points that slide whatever it earns; what it gives slides by its own terms. */
  readonly extendsExpiry: boolean;
  /** Of what was caused by something else, the origin of its points; absent: the rule's. */
  readonly origin?: LotOrigin;
}

/**
 * The points that rules gave, as far as their budgets cover them, with their terms, as they are awarded: by the policy
 * in force when it occurred.
 * @returns what is to be emitted; a refusal where it is more than one occasion may earn.
 */
export function awardPoints(
  { source, results: evaluated, tier, memberActive, extendsExpiry, origin }: Awarded,
  work: Work,
): Result<readonly Emission[], Problem> {
  const { config } = work;
  const { occurredAt } = source;
  const { results, draws } = withinBudgets(evaluated, source, work);
  for (const { ref, trace } of results)
    if (trace.why === 'conditionFailed') work.count({ metric: 'conditionFailed', label: ref.id });
  const granting = results.filter(({ trace }) => trace.points > 0);
  const status = statusAwards(results);
  if (isTooMuch(granting.map(({ trace }) => trace.points)) || isTooMuch(status.map(({ points }) => points))) {
    return refuse(
      earningProblems.problem('TOO_MANY_POINTS', `A receipt may earn at most ${MAX_POINTS} points.`),
    );
  }
  const policy = programmePolicyInForce(config, occurredAt);
  const expiry = memberExpiry(policy, tier);
  const awards = granting.map(({ rule, ref, trace, lines }): Award => {
    const pending = pendingFor(source, rule, rule.pending ?? policy.pending);
    const expires = rule.expiry ?? expiry;
    const terms = awardTerms(pending, expires, occurredAt, config.timeZone);
    return {
      rule: ref,
      origin: origin ?? rule.origin,
      points: trace.points,
      lines,
      availableAt: terms.availableAt,
      expiresAt: terms.expiresAt,
      awaits: terms.awaits,
      slides: terms.slides,
      expiryPolicy: terms.expiryPolicy,
    };
  });
  const sliding = extendsExpiry ? [expiry] : [];
  for (const { rule } of extendsExpiry ? results : [])
    if (rule.expiry && isRunning(rule, occurredAt)) sliding.push(rule.expiry);
  const data = {
    source,
    awards,
    ...(status.length === 0 ? {} : { status }),
    explanation: results.map(({ trace }): RuleTrace => trace),
    counted: results
      .filter(({ rule, trace }) => figureOf(trace) > 0 && isCounted(rule))
      .map(({ ref, trace }) => ({ ruleId: ref.id, points: figureOf(trace) })),
    slidingExpiresAt: memberActive ? slidingEnd(sliding, awards, occurredAt, config.timeZone) : null,
  };
  return ok([...draws, { type: 'points.awarded', data }]);
}

function isTooMuch(parts: readonly Points[]): boolean {
  return parts.reduce((sum, points) => sum + points, 0) > MAX_POINTS;
}

const AT_ONCE: PendingPolicy = { type: 'none' };

/** What is reported of orders, such as their delivery, comes to receipts only, and to what goes with their goods. */
function pendingFor({ kind }: AwardSource, rule: EarningRule, policy: PendingPolicy): PendingPolicy {
  if (policy.type !== 'event') return policy;
  return kind !== 'purchase' || triggerOf(rule).type === MILESTONE ? AT_ONCE : policy;
}
