import type { Problem } from '../kernel/problem.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { PROGRAMME_POLICY_KEY, programmePolicyKind } from './programme-policy.kind.js';
import { programmeProblems } from './problems.js';

const known = new WeakMap<ConfigSnapshot, { readonly month: string | null }>();

/**
 * The first month in the books, `2026-01`: that of the policy which was published last, whenever the policy itself takes
 * effect. So one that was planned while the books were empty does not move the month once they have begun.
 * @returns null where the books take every receipt.
 */
export function booksFromOf(config: ConfigSnapshot): string | null {
  const kept = known.get(config);
  if (kept) return kept.month;
  const versions = config.versions(programmePolicyKind, PROGRAMME_POLICY_KEY);
  const latest = versions.toSorted((a, b) => a.version - b.version).at(-1);
  const month = latest?.body.booksFrom ?? null;
  known.set(config, { month });
  return month;
}

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
