import type { Valuation } from '../kernel/domain-events.js';
import type { SubLedgerAmount } from '../kernel/money.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import {
  ACCOUNTING_POLICY_KEY,
  accountingPolicyInForce,
  accountingPolicyKind,
} from './accounting-policy.kind.js';
import { pointValue, type AccountingPolicy } from './domain/accounting-policy.js';
import { compensationAmount } from './domain/allocate.js';
import { noAccountingPolicy } from './problems.js';

/** What points carry from the start, and from what it was worked out. */
export interface Valued {
  readonly allocated: SubLedgerAmount;
  readonly valuation: Valuation;
}

/** Values points given as compensation for a sale by the policy in force; refused where there is none. */
export function valueCompensation(
  config: ConfigSnapshot,
  points: Points,
  at: Instant,
): Result<Valued, Problem> {
  const policy = accountingPolicyInForce(config, at);
  if (!policy) return refuse(noPolicyAt(config, at));
  const allocated = compensationAmount({ points, ...pointValue(policy.body, config.currency) });
  return ok({ allocated, valuation: valuationOf(policy) });
}

/** The refusal of an instant without a policy, which says when the next one begins. */
export function noPolicyAt(config: ConfigSnapshot, at: Instant): Problem {
  return noAccountingPolicy(at, config.beginsAfter(accountingPolicyKind, ACCOUNTING_POLICY_KEY, at));
}

/** The policy's estimates as a lot keeps them (IFRS 15.88). */
export function valuationOf({ version, body }: Published<AccountingPolicy>): Valuation {
  const { method, valuePerPoint, redemptionProbability, valueIncludesTax, taxRate } = body;
  return {
    policyVersion: version,
    method,
    valuePerPoint,
    redemptionProbability,
    taxRate: valueIncludesTax ? taxRate : '0',
  };
}
