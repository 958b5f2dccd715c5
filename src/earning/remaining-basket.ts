import type { VersionRef } from '../kernel/domain-events.js';
import type { Points } from '../kernel/points.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { isContested } from './domain/combine.js';
import { figureOf } from './domain/gives.js';
import { keptOf, type AssessedAgain } from './domain/kept-points.js';
import { triggerOf } from './domain/rule-trigger.js';
import { goesByLines } from './domain/rule-amount.js';
import type { EarningRule } from './domain/earning-rule.js';
import { earningRuleVersion } from './earning-rule.kind.js';
import { pointsAgain, type RemainingBasket } from './assess-again.js';
import { readsBasket } from './rule-conditions.js';
import { readExplanation } from './stored-explanation.js';

/**
 * What the remaining basket would still get of a rule whose points do not go by lines: one with a threshold, with a
 * condition that reads the basket, in a group of which one wins, or exclusive. The very versions that were evaluated
 * are evaluated again (never today's), with the values that were stored with them; caps are not.
 * @returns null for a rule whose points go by their lines.
 */
export function pointsKept(config: ConfigSnapshot, ref: VersionRef, basket: RemainingBasket): Points | null {
  const rule = earningRuleVersion(config, ref)?.body;
  if (!rule) return null;
  if (rule.exclusive || isContested(rule)) return keptOfContest(config, ref, basket);
  return isAssessedAgain(config, rule, basket) ? pointsAgain(config, ref, basket) : null;
}

function isAssessedAgain(config: ConfigSnapshot, rule: EarningRule, basket: RemainingBasket): boolean {
  if (!goesByLines(rule.amount) || readsBasket(rule)) return true;
  const { amount } = rule;
  if (amount.type !== 'multiplierOnBase') return false;
  const traces = readExplanation(basket.trace, config) ?? [];
  return traces.some((trace) => {
    if (!amount.of.includes(trace.rule.id)) return false;
    const base = earningRuleVersion(config, trace.rule)?.body;
    return base !== undefined && (!goesByLines(base.amount) || readsBasket(base));
  });
}

/** What is kept where several rules competed: those that were beaten at the sale may win now. */
function keptOfContest(config: ConfigSnapshot, ref: VersionRef, basket: RemainingBasket): Points | null {
  const traces = readExplanation(basket.trace, config);
  if (!traces) return null;
  const again = traces.flatMap((trace): readonly AssessedAgain[] => {
    const rule = earningRuleVersion(config, trace.rule)?.body;
    const entered = trace.limited ?? figureOf(trace);
    if (!rule || entered === 0 || triggerOf(rule).type !== 'receipt') return [];
    return [{ rule, trace, points: Math.min(entered, pointsAgain(config, trace.rule, basket)) }];
  });
  return keptOf(again, ref.id);
}
