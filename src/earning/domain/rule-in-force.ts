import type { VersionRef } from '../../kernel/domain-events.js';
import type { EarningRule } from './earning-rule.js';

/** A version of a rule that a receipt is evaluated by. */
export interface RuleInForce {
  readonly ref: VersionRef;
  readonly rule: EarningRule;
}
