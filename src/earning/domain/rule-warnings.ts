import type { EarningRule } from './earning-rule.js';
import { triggerOf } from './rule-trigger.js';

/** Something that a published version keeps doing although a new one may not. */
export interface RuleWarning {
  /** JSON pointer into the definition. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** What is doubtful about a version that an earlier release took. */
export function warningsOf(
  rule: Pick<EarningRule, 'origin'> & Partial<Pick<EarningRule, 'trigger'>>,
): readonly RuleWarning[] {
  if (rule.origin !== 'non_purchase' || triggerOf(rule).type !== 'receipt') return [];
  const detail =
    'Points that a receipt gives carry a part of its price. The next version must have the origin purchase or purchase_conditional.';
  return [{ pointer: '/origin', code: 'ORIGIN_OF_A_SALE', detail }];
}
