import type { Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { AccountingPolicy } from './domain/accounting-policy.js';

export const accountingPolicyKind: ConfigKind<AccountingPolicy> = { name: 'accounting-policy' };
export const ACCOUNTING_POLICY_KEY = 'main';

export function accountingPolicyInForce(
  config: ConfigSnapshot,
  at: Instant,
): Published<AccountingPolicy> | undefined {
  return config.find(accountingPolicyKind, ACCOUNTING_POLICY_KEY, at);
}

/** The policy in force at an instant, or, before the first one took effect, the latest there is. */
export function accountingPolicyFor(
  config: ConfigSnapshot,
  at: Instant,
): Published<AccountingPolicy> | undefined {
  return accountingPolicyInForce(config, at) ?? accountingPolicyInForce(config, Infinity);
}
