import type { PurchaseLine, VersionRef } from '../kernel/domain-events.js';
import type { PaidOtherwise } from '../kernel/points-paid.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { basketOf } from './domain/basket.js';
import { evaluateRule } from './domain/evaluate.js';
import { earningRuleVersion } from './earning-rule.kind.js';

/** What is left of a receipt after goods came back. */
export interface RemainingBasket {
  readonly occurredAt: Instant;
  /** Lines of which something is left, with the money that is left. */
  readonly lines: readonly PurchaseLine[];
  /** Minor units of what is left that were not paid with money. */
  readonly paidOtherwise: PaidOtherwise;
}

/**
 * Whether the remaining basket would still get the bonus of a rule with a threshold, judged by the very version
 * that gave it (never by today's). Null for a rule that has no threshold.
 */
export function keepsBonus(
  config: ConfigSnapshot,
  ref: VersionRef,
  { occurredAt, lines, paidOtherwise: { pointsMinor, discountMinor } }: RemainingBasket,
): boolean | null {
  const rule = earningRuleVersion(config, ref)?.body;
  if (rule?.amount.type !== 'basketBonus') return null;
  const basket = basketOf(lines, pointsMinor, discountMinor);
  const { trace } = evaluateRule(rule, ref, { basket, tier: null, occurredAt, memberActive: true });
  return trace.points > 0;
}
