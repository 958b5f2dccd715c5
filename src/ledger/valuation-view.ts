import type { Valuation } from '../kernel/domain-events.js';

/** What a lot's money was worked out from, as it is answered: what a lot does not have is null. */
export function valuationView(valuation: Valuation | null) {
  return (
    valuation && {
      policyVersion: valuation.policyVersion,
      method: valuation.method,
      valuePerPoint: valuation.valuePerPoint,
      redemptionProbability: valuation.redemptionProbability,
      taxRate: valuation.taxRate,
      transactionPrice: valuation.transactionPrice ?? null,
      goodsSsp: valuation.goodsSsp ?? null,
      pointsValued: valuation.pointsValued ?? null,
      unallocated: valuation.unallocated ?? null,
      opening: valuation.opening ?? null,
    }
  );
}
