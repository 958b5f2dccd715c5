import type { PurchaseFacts, Valuation } from '../kernel/domain-events.js';
import type { Setting } from '../platform/pipeline/index.js';
import { booksFromOf } from '../programmes/index.js';
import { accountingPolicyFor } from './accounting-policy.kind.js';
import { valuationOf } from './value-compensation.js';

/**
 * Why a receipt of before the programme's first month in the books (`booksFrom`) posts nothing: what its points carry
 * comes with the opening balance (E26). @returns null for receipts that are in the books, and where there is no
 * accounting policy at all.
 */
export function beforeBooks(
  { businessDate }: Pick<PurchaseFacts, 'businessDate'>,
  { config, now }: Setting,
): Valuation | null {
  const booksFrom = booksFromOf(config);
  if (booksFrom === null || businessDate.slice(0, 7) >= booksFrom) return null;
  const policy = accountingPolicyFor(config, now);
  return policy ? { ...valuationOf(policy), unallocated: 'beforeBooks' } : null;
}
