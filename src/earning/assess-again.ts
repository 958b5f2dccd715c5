import type { MemberSource, ReceiptFacts } from '../conditions/index.js';
import type { PurchaseLine, VersionRef } from '../kernel/domain-events.js';
import type { PaidOtherwise } from '../kernel/points-paid.js';
import type { Points } from '../kernel/points.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { Base, Bases } from './domain/base-figure.js';
import { basketOf } from './domain/basket.js';
import { assessRule } from './domain/assess-rule.js';
import { isCandidate, type Assessed } from './domain/assessed.js';
import { storedRules, storedTier, storedValues, storedWhy } from './domain/stored-trace.js';
import { earningRuleVersion } from './earning-rule.kind.js';
import { conditionsOver } from './rule-conditions.js';

/** What is left of a receipt after goods came back. */
export interface RemainingBasket {
  readonly occurredAt: Instant;
  /** Lines of which something is left and tenders, with the money that is left. */
  readonly receipt: ReceiptFacts;
  /** The lines as they were sold. */
  readonly sold: readonly PurchaseLine[];
  /** Minor units of what is left that were not paid with money. */
  readonly paidOtherwise: PaidOtherwise;
  /** The traces as they were stored with the receipt. */
  readonly trace: unknown;
}

/**
 * What a version comes to for what is left, before any limit: with the time of the receipt, and the member's values and
 * tier that were stored with it.
 */
export function pointsAgain(config: ConfigSnapshot, ref: VersionRef, basket: RemainingBasket): Points {
  const assessed = assessedAgain(config, ref, basket);
  return assessed && isCandidate(assessed) ? assessed.points : 0;
}

function assessedAgain(
  config: ConfigSnapshot,
  ref: VersionRef,
  basket: RemainingBasket,
  isBase = false,
): Assessed | null {
  const rule = earningRuleVersion(config, ref)?.body;
  // A multiplier multiplies no other one.
  if (!rule || (isBase && rule.amount.type === 'multiplierOnBase')) return null;
  const { occurredAt, receipt, sold, trace: stored } = basket;
  const { pointsMinor, discountMinor } = basket.paidOtherwise;
  // A verdict that goes by time or membership alone stays: goods that come back do not change it.
  const why = storedWhy(stored, ref);
  if (why === 'notRegistered' || why === 'outOfSchedule') return null;
  const values = storedValues(stored, ref);
  const known: MemberSource = (key) => values[key];
  const rung = values['member.tier'];
  const input = {
    basket: basketOf(receipt.lines, pointsMinor, discountMinor, receipt.tenders, sold),
    tier: typeof rung === 'string' && rung !== '' ? rung : storedTier(stored, ref),
    occurredAt,
    memberActive: true,
    conditionsOf: conditionsOver({
      ...{ receipt, member: known, history: known, occurredAt },
      timeZone: config.timeZone,
    }),
  };
  const { amount } = rule;
  const bases = amount.type === 'multiplierOnBase' ? basesOf(config, amount.of, basket) : undefined;
  return assessRule(rule, ref, input, bases);
}

function basesOf(config: ConfigSnapshot, keys: readonly string[], basket: RemainingBasket): Bases {
  const bases = new Map<string, Base>();
  for (const ref of storedRules(basket.trace)) {
    const assessed = keys.includes(ref.id) ? assessedAgain(config, ref, basket, true) : null;
    if (assessed && isCandidate(assessed)) bases.set(ref.id, assessed);
  }
  return bases;
}
