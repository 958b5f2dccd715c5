import type { FieldError } from '../../kernel/problem.js';
import type { EarningRule } from './earning-rule.js';

/** A rule that holds beside the one that is to be published, at any time from then on. */
export interface OtherRule {
  readonly id: string;
  readonly rule: EarningRule;
}

/**
 * What keeps a rule from being published beside others: a group that is combined otherwise, and a multiplier of rules
 * that do not exist, of itself, or of another multiplier.
 * @param others the versions of other rules that are in force when it begins, and those that begin later.
 */
export function faultsTogether({ id, rule }: OtherRule, others: readonly OtherRule[]): readonly FieldError[] {
  return [...groupFaults(rule, others), ...baseFaults(id, rule, others)];
}

function groupFaults({ group }: EarningRule, others: readonly OtherRule[]): readonly FieldError[] {
  if (group === null) return [];
  const other = others.find(
    ({ rule }) => rule.group?.key === group.key && rule.group.combine !== group.combine,
  );
  if (!other) return [];
  const detail = `The rule ${other.id} combines the group ${group.key} by ${other.rule.group?.combine}. All rules of a group combine alike.`;
  return [{ pointer: '/group/combine', code: 'GROUP_COMBINED_OTHERWISE', detail }];
}

function baseFaults(
  id: string,
  { amount }: EarningRule,
  others: readonly OtherRule[],
): readonly FieldError[] {
  if (amount.type !== 'multiplierOnBase') return [];
  return amount.of.flatMap((key, index) => {
    const bases = others.filter((other) => other.id === key);
    const isMultiplier = key === id || bases.some(({ rule }) => rule.amount.type === 'multiplierOnBase');
    if (bases.length > 0 && !isMultiplier) return [];
    const pointer = `/amount/of/${index}`;
    return isMultiplier
      ? [{ pointer, code: 'MULTIPLIER_OF_MULTIPLIER', detail: `${key} is a multiplier itself.` }]
      : [{ pointer, code: 'RULE_UNKNOWN', detail: `No rule ${key} is published. Publish it first.` }];
  });
}
