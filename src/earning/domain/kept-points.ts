import type { Points } from '../../kernel/points.js';
import { beatenOf } from './combine.js';
import type { EarningRule } from './earning-rule.js';
import { figureOf } from './gives.js';
import type { RuleTrace } from './rule-trace.js';

/** A rule that competed at the sale, and what it comes to for what is left: never more than it came to then. */
export interface AssessedAgain {
  readonly rule: EarningRule;
  /** Of the sale. */
  readonly trace: RuleTrace;
  readonly points: Points;
}

/**
 * What is kept of a rule's points when the contest that it won is held again over what is left. Where a rule wins that
 * was beaten at the sale, its points are kept of those of the rule that beat it, for it has none of its own.
 * @param again in the order in which they were evaluated.
 */
export function keptOf(again: readonly AssessedAgain[], ruleId: string): Points {
  const contenders = again
    .filter(({ points }) => points > 0)
    .map(({ rule, trace, points }) => ({ ref: trace.rule, rule, points }));
  const beaten = beatenOf(contenders);
  const beatenBy = new Map(again.map(({ trace }) => [trace.rule.id, trace.beatenBy]));
  const winners = contenders.filter(
    ({ ref }) => !beaten.has(ref.id) && holderOf(ref.id, beatenBy) === ruleId,
  );
  const own = again.find(({ trace }) => trace.rule.id === ruleId)?.trace;
  const given = own ? figureOf(own) : 0;
  return Math.min(
    given,
    winners.reduce((sum, { points }) => sum + points, 0),
  );
}

/** The rule that has the points for which a rule competed: itself, or who beat it, or who beat that one. */
function holderOf(ruleId: string, beatenBy: ReadonlyMap<string, string | undefined>): string {
  const by = beatenBy.get(ruleId);
  return by === undefined ? ruleId : holderOf(by, beatenBy);
}
