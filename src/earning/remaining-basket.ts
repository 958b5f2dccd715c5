import type { MemberSource, ReceiptFacts } from '../conditions/index.js';
import type { VersionRef } from '../kernel/domain-events.js';
import type { PaidOtherwise } from '../kernel/points-paid.js';
import type { Points } from '../kernel/points.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { basketOf } from './domain/basket.js';
import type { EarningRule } from './domain/earning-rule.js';
import { evaluateRule } from './domain/evaluate.js';
import { earningRuleVersion } from './earning-rule.kind.js';
import { conditionsOver, readsBasket } from './rule-conditions.js';
import { storedValues } from './domain/stored-trace.js';

/** What is left of a receipt after goods came back. */
export interface RemainingBasket {
  readonly occurredAt: Instant;
  /** Lines of which something is left and tenders, with the money that is left. */
  readonly receipt: ReceiptFacts;
  /** Minor units of what is left that were not paid with money. */
  readonly paidOtherwise: PaidOtherwise;
  /** The traces as they were stored with the receipt. */
  readonly trace: unknown;
}

/**
 * What the remaining basket would still get of a rule whose points do not go by lines: one with a threshold, or with a
 * condition that reads the basket. The very version that gave the points is evaluated again (never today's), with the
 * member's values that were stored with it; caps are not.
 * @returns null for a rule whose points go by their lines.
 */
export function pointsKept(
  config: ConfigSnapshot,
  ref: VersionRef,
  { occurredAt, receipt, paidOtherwise: { pointsMinor, discountMinor }, trace: stored }: RemainingBasket,
): Points | null {
  const rule = earningRuleVersion(config, ref)?.body;
  if (!rule || (!isOfWholeBasket(rule) && !readsBasket(rule))) return null;
  const values = storedValues(stored, ref);
  const member: MemberSource = (key) => values[key];
  const tier = values['member.tier'];
  const { trace } = evaluateRule(rule, ref, {
    basket: basketOf(receipt.lines, pointsMinor, discountMinor),
    tier: typeof tier === 'string' && tier !== '' ? tier : null,
    occurredAt,
    memberActive: true,
    conditionsOf: conditionsOver({ receipt, member, occurredAt, timeZone: config.timeZone }),
  });
  return trace.points;
}

/** Whether a rule gives an amount once for the lines together, so that no line has a share of its own. */
function isOfWholeBasket({ amount: { type } }: EarningRule): boolean {
  return type === 'basketBonus' || type === 'fixed';
}
