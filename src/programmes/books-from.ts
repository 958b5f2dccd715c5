import type { Problem } from '../kernel/problem.js';
import { programmeProblems } from './problems.js';

/**
 * The refusal of another first month in the books once they have begun: receipts that are in them would be beside them,
 * or others of their time in them.
 * @param kept the month that holds without the draft; null where the books take every receipt.
 * @param drafted the month that the draft says.
 */
export function booksFromKept(kept: string | null, drafted: string | null): Problem | null {
  if (kept === drafted) return null;
  const detail =
    kept === null
      ? 'Movements with money are posted, and no booksFrom holds: leave booksFrom out.'
      : `Movements with money are posted, and booksFrom ${kept} holds: publish the policy with that month.`;
  return programmeProblems.problem('BOOKS_FROM_KEPT', detail, { meta: { booksFrom: kept } });
}
