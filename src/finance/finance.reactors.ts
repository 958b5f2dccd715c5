import type { ValuedAward } from '../kernel/domain-events.js';
import { minorToSubLedger } from '../kernel/money.js';
import { ok, refuse } from '../kernel/result.js';
import { reactor } from '../platform/pipeline/command.js';
import { accountingPolicyInForce } from './accounting-policy.kind.js';
import { pointValue } from './domain/accounting-policy.js';
import { allocateTransactionPrice } from './domain/allocate.js';
import { financeProblems } from './problems.js';

/**
 * Puts the deferred share of the price to each award, by the accounting policy in force at the sale; it stays
 * with the lot for ever (IFRS 15.88). The lines' net prices are their stand-alone selling prices. Points that
 * did not come with the sale get nothing.
 */
export const valueAwards = reactor({
  name: 'finance.valueAwards',
  on: 'points.awarded',
  react: ({ data: { purchase, awards } }, work) => {
    const carrying = awards.filter(({ origin }) => origin === 'purchase');
    const free = (award: (typeof awards)[number]): ValuedAward => ({ ...award, allocated: 0n, valuation: null });
    if (carrying.length === 0) {
      return ok([{ type: 'awards.valued', data: { purchase, awards: awards.map(free) } }]);
    }
    const policy = accountingPolicyInForce(work.config, purchase.occurredAt);
    if (!policy) {
      const detail = `No accounting policy was in force when receipt ${purchase.receiptNo} occurred.`;
      return refuse(financeProblems.problem('NO_ACCOUNTING_POLICY', detail));
    }
    const value = pointValue(policy.body, work.config.currency);
    const lineSsps = purchase.lines.map(({ amountMinor, taxMinor }) => minorToSubLedger(amountMinor - taxMinor));
    const transactionPrice = lineSsps.reduce((a, b) => a + b, 0n);
    const lots = carrying.map(({ points }) => ({ points, ...value }));
    const allocation = allocateTransactionPrice(transactionPrice, lineSsps, lots);
    const allocated = new Map(carrying.map((award, index) => [award, allocation.lots[index] ?? 0n]));
    const { method, valuePerPoint, redemptionProbability, valueIncludesTax, taxRate } = policy.body;
    const valuation = {
      policyVersion: policy.version,
      method,
      valuePerPoint,
      redemptionProbability,
      taxRate: valueIncludesTax ? taxRate : '0',
    };
    const valued = awards.map((award): ValuedAward => {
      const amount = allocated.get(award);
      return amount === undefined ? free(award) : { ...award, allocated: amount, valuation };
    });
    return ok([{ type: 'awards.valued', data: { purchase, awards: valued } }]);
  },
});
