import { compileCondition, type ConditionScope } from '../conditions/index.js';
import type { FieldError } from '../kernel/problem.js';
import type { EarningRule } from './domain/earning-rule.js';
import { triggerOf } from './domain/rule-trigger.js';
import { conditionScope } from './rule-conditions.js';

/** The texts of a rule's conditions. */
export interface ConditionTexts {
  readonly trigger?: EarningRule['trigger'];
  readonly condition?: EarningRule['condition'];
  readonly lines?: { readonly condition?: string | null };
}

/** What keeps the conditions of a rule from being published, with the characters where each fault stands. */
export function conditionFaults({ trigger, condition, lines }: ConditionTexts): readonly FieldError[] {
  return [
    ...faultsOf(condition, conditionScope(triggerOf({ trigger })), '/condition'),
    ...faultsOf(lines?.condition, 'line', '/lines/condition'),
  ];
}

function faultsOf(
  text: string | null | undefined,
  scope: ConditionScope,
  pointer: string,
): readonly FieldError[] {
  if (text === undefined || text === null) return [];
  const compiled = compileCondition(text, scope);
  return compiled.ok ? [] : [{ pointer, ...compiled.refusal }];
}
