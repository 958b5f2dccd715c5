import { isOfSale } from '../kernel/lot-facts.js';
import type {
  Award,
  Cause,
  DomainEvent,
  PurchaseFacts,
  Valuation,
  ValuedAward,
} from '../kernel/domain-events.js';
import { formatSubLedger, type SubLedgerAmount } from '../kernel/money.js';
import { tenderedMinor } from '../kernel/points-paid.js';
import type { Problem } from '../kernel/problem.js';
import { ok } from '../kernel/result.js';
import { saleSource } from '../kernel/sale-source.js';
import type { Instant } from '../kernel/time.js';
import { debtOpenSince, ledgerSlice, partsByDebt, type GrantPart } from '../ledger/index.js';
import { reactor, type Setting, type Work } from '../platform/pipeline/index.js';
import type { Published } from '../platform/versioned-config/config-snapshot.js';
import { discountStillGivenMinor } from '../redemptions/index.js';
import { accountingPolicyInForce } from './accounting-policy.kind.js';
import { beforeBooks } from './before-books.js';
import { pointValue, type AccountingPolicy } from './domain/accounting-policy.js';
import { allocateTransactionPrice, type LotToValue } from './domain/allocate.js';
import { salePrice, type SalePrice } from './domain/sale-price.js';
import { noPolicyAt, valuationOf } from './value-compensation.js';

/**
 * The refusal of a receipt of a time without an accounting policy, whether it would earn or not: half a day's receipts
 * must not go in while the other half waits for the controller. Null where there is a policy, or none is needed.
 */
export function missingAccountingPolicy(
  purchase: Pick<PurchaseFacts, 'occurredAt' | 'businessDate'>,
  setting: Setting,
): Problem | null {
  if (accountingPolicyInForce(setting.config, purchase.occurredAt)) return null;
  return beforeBooks(purchase, setting) ? null : noPolicyAt(setting.config, purchase.occurredAt);
}

/**
 * Puts the deferred share of the price to each award, by the accounting policy in force at the sale; it stays with
 * the lot for ever (IFRS 15.88). Runs after all reactors that award points for the receipt, so that its price is
 * split once over all of them (IFRS 15.74). What points paid for is no part of the price (`cash_only`,
 * docs/accounting.md#the-transaction-price). Points that did not come with the sale get nothing, nor do those that
 * fill a debt of the account at once: they become awards, and so lots, of their own.
 */
export const valueAwards = reactor({
  name: 'finance.valueAwards',
  on: 'purchase.recorded',
  react: (event, work) => {
    const { purchase } = event.data;
    const source = saleSource(purchase);
    const { awards, slidingExpiresAt } = awardedSince(event, work);
    const valuedAs = (valuedAwards: readonly ValuedAward[]) =>
      ok([{ type: 'awards.valued' as const, data: { source, awards: valuedAwards, slidingExpiresAt } }]);
    const unposted = beforeBooks(purchase, work);
    if (unposted) {
      return valuedAs(
        awards.map((award) => ({
          ...award,
          allocated: 0n,
          valuation: isOfSale(award.origin) ? unposted : null,
        })),
      );
    }
    const { debt, slidingExpiresAt: slidesTo } = work.account(ledgerSlice);
    const sliding = Math.max(slidesTo ?? 0, slidingExpiresAt ?? 0) || null;
    const parts = partsByDebt(awards, { debt, openSince: debtOpenSince(work) }, sliding, work.now);
    if (!parts.some(({ of }) => isOfSale(of.origin)))
      return valuedAs(parts.map((part) => valued(part, 0n, null)));
    const policy = accountingPolicyInForce(work.config, purchase.occurredAt);
    if (!policy) throw new Error('a receipt was recorded without an accounting policy');
    const { currency } = work.config;
    const price = salePrice(purchase, offLinesMinor(purchase, work));
    const carrying = parts.filter(({ of, fillsDebt }) => isOfSale(of.origin) && !fillsDebt);
    const value = pointValue(policy.body, currency);
    const lots = carrying.map(({ points }): LotToValue => ({
      points,
      valuePerPoint: value.valuePerPoint,
      redemptionProbability: value.redemptionProbability,
      taxRate: value.taxRate,
    }));
    const allocation = allocateTransactionPrice(price.transactionPrice, price.lineSsps, lots);
    const allocated = new Map(carrying.map((part, index) => [part, allocation.lots[index] ?? 0n]));
    const valuation = saleValuation(policy, price, carrying, currency);
    return valuedAs(
      parts.map((part) => {
        if (!isOfSale(part.of.origin)) return valued(part, 0n, null);
        const amount = allocated.get(part);
        return amount === undefined
          ? valued(part, 0n, { ...valuation, unallocated: 'debt' })
          : valued(part, amount, valuation);
      }),
    );
  },
});

type SourcedAward = Award & { readonly source: Cause };

/** All that was awarded since a receipt was recorded, by whichever reactor, and the latest end of sliding points. */
export function awardedSince(
  recorded: DomainEvent,
  { events }: Work,
): { readonly awards: readonly SourcedAward[]; readonly slidingExpiresAt: Instant | null } {
  const awards: SourcedAward[] = [];
  let slidingExpiresAt: Instant | null = null;
  for (let index = events.lastIndexOf(recorded); index < events.length; index += 1) {
    const event = events[index] as DomainEvent;
    if (event.type !== 'points.awarded') continue;
    const source = { type: event.data.source.kind, id: event.data.source.id };
    for (const award of event.data.awards) awards.push(sourced(award, source));
    const slidesTo = event.data.slidingExpiresAt;
    if (slidesTo !== null && slidesTo > (slidingExpiresAt ?? 0)) slidingExpiresAt = slidesTo;
  }
  return { awards, slidingExpiresAt };
}

/** Written out field by field: spreading costs several times as much. */
function sourced(award: Award, source: Cause): SourcedAward {
  return {
    source,
    rule: award.rule,
    origin: award.origin,
    points: award.points,
    lines: award.lines,
    availableAt: award.availableAt,
    expiresAt: award.expiresAt,
    awaits: award.awaits,
    slides: award.slides,
    expiryPolicy: award.expiryPolicy,
    milestone: award.milestone,
  };
}

/**
 * What points took off the lines before they came, minor units: the redemptions that the receipt uses, where no
 * tender says what they paid.
 */
function offLinesMinor(purchase: PurchaseFacts, { events }: Work): number {
  if (purchase.redemptionIds.length === 0 || tenderedMinor(purchase.tenders, 'points') > 0) return 0;
  return events
    .flatMap((event) =>
      event.type === 'redemption.captured' || event.type === 'redemption.used' ? [event.data.redemption] : [],
    )
    .filter(({ purchaseId }) => purchaseId === purchase.purchaseId)
    .reduce((sum, used) => sum + discountStillGivenMinor(used), 0);
}

/** What an auditor needs to work the amounts of a sale out again. */
function saleValuation(
  policy: Published<AccountingPolicy>,
  { transactionPrice, lineSsps }: SalePrice,
  carrying: readonly GrantPart<SourcedAward>[],
  currency: string,
): Valuation {
  const goodsSsp = lineSsps.reduce((sum, ssp) => sum + ssp, 0n);
  const estimates = valuationOf(policy);
  return {
    policyVersion: estimates.policyVersion,
    method: estimates.method,
    valuePerPoint: estimates.valuePerPoint,
    redemptionProbability: estimates.redemptionProbability,
    taxRate: estimates.taxRate,
    transactionPrice: formatSubLedger(transactionPrice, currency),
    goodsSsp: formatSubLedger(goodsSsp, currency),
    pointsValued: carrying.reduce((sum, { points }) => sum + points, 0),
  };
}

export function valued(
  { of: award, points, lines }: GrantPart<SourcedAward>,
  allocated: SubLedgerAmount,
  valuation: Valuation | null,
): ValuedAward {
  return {
    source: award.source,
    rule: award.rule,
    origin: award.origin,
    points,
    lines,
    availableAt: award.availableAt,
    expiresAt: award.expiresAt,
    awaits: award.awaits,
    slides: award.slides,
    expiryPolicy: award.expiryPolicy,
    milestone: award.milestone,
    allocated,
    valuation,
  };
}
