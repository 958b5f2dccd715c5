import type { Award, Valuation, ValuedAward } from '../kernel/domain-events.js';
import { minorToSubLedger, type SubLedgerAmount } from '../kernel/money.js';
import { paidLines, pointsPaidMinor } from '../kernel/points-paid.js';
import { ok, refuse } from '../kernel/result.js';
import { reactor } from '../platform/pipeline/command.js';
import { accountingPolicyInForce } from './accounting-policy.kind.js';
import { beforeBooks } from './before-books.js';
import { pointValue } from './domain/accounting-policy.js';
import { allocateTransactionPrice, type LotToValue } from './domain/allocate.js';
import { noAccountingPolicy } from './problems.js';
import { valuationOf } from './value-compensation.js';

/**
 * Refuses receipts of a time without an accounting policy, whether they would earn or not: half a day's receipts
 * must not go in while the other half waits for the controller.
 */
export const requireAccountingPolicy = reactor({
  name: 'finance.requireAccountingPolicy',
  on: 'purchase.recorded',
  react: ({ data: { purchase } }, work) => {
    if (accountingPolicyInForce(work.config, purchase.occurredAt)) return ok([]);
    if (beforeBooks(purchase, work)) return ok([]);
    return refuse(noAccountingPolicy(purchase.occurredAt));
  },
});

/**
 * Puts the deferred share of the price to each award, by the accounting policy in force at the sale; it stays
 * with the lot for ever (IFRS 15.88). The lines' net prices are their stand-alone selling prices. What points paid
 * for is no part of the price (`cash_only`, accounting model 1.13). Points that did not come with the sale get
 * nothing.
 */
export const valueAwards = reactor({
  name: 'finance.valueAwards',
  on: 'points.awarded',
  react: ({ data: { purchase, awards, slidingExpiresAt } }, work) => {
    const unposted = beforeBooks(purchase, work);
    if (unposted) {
      const free = awards.map((award) => ({
        ...award,
        allocated: 0n,
        valuation: award.origin === 'purchase' ? unposted : null,
      }));
      return ok([{ type: 'awards.valued', data: { purchase, awards: free, slidingExpiresAt } }]);
    }
    const carrying = awards.filter(({ origin }) => origin === 'purchase');
    const free = (award: Award): ValuedAward => valued(award, 0n, null);
    if (carrying.length === 0) {
      return ok([{ type: 'awards.valued', data: { purchase, awards: awards.map(free), slidingExpiresAt } }]);
    }
    const policy = accountingPolicyInForce(work.config, purchase.occurredAt);
    if (!policy) throw new Error('a receipt was recorded without an accounting policy');
    const value = pointValue(policy.body, work.config.currency);
    const lineSsps = paidLines(purchase.lines, pointsPaidMinor(purchase)).map(({ amountMinor, taxMinor }) =>
      minorToSubLedger(amountMinor - taxMinor),
    );
    const transactionPrice = lineSsps.reduce((a, b) => a + b, 0n);
    const lots = carrying.map(({ points }): LotToValue => ({
      points,
      valuePerPoint: value.valuePerPoint,
      redemptionProbability: value.redemptionProbability,
      taxRate: value.taxRate,
    }));
    const allocation = allocateTransactionPrice(transactionPrice, lineSsps, lots);
    const allocated = new Map(carrying.map((award, index) => [award, allocation.lots[index] ?? 0n]));
    const valuation = valuationOf(policy);
    const all = awards.map((award) => {
      const amount = allocated.get(award);
      return amount === undefined ? free(award) : valued(award, amount, valuation);
    });
    return ok([{ type: 'awards.valued', data: { purchase, awards: all, slidingExpiresAt } }]);
  },
});

function valued(award: Award, allocated: SubLedgerAmount, valuation: Valuation | null): ValuedAward {
  return {
    rule: award.rule,
    origin: award.origin,
    points: award.points,
    lines: award.lines,
    availableAt: award.availableAt,
    expiresAt: award.expiresAt,
    awaits: award.awaits,
    slides: award.slides,
    expiryPolicy: award.expiryPolicy,
    allocated,
    valuation,
  };
}
