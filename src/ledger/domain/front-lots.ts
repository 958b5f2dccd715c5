import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import { draftOf, inOrder, slideTo, type LedgerState } from './ledger-state.js';
import { compareSpendingOrder, type Lot } from './lot.js';

/**
 * How many lots are loaded for a decision that goes by the lots it names, for one that spends the first of them, and for
 * one that needed more.
 */
export const FRONT_LOTS = { named: 1, first: 16, more: 256 } as const;

/** Whether the first lots in spending order can be told by the rows alone: a sliding lot's end is its account's. */
export function hasFront(state: Pick<LedgerState, 'slidingAvailable'>): boolean {
  return state.slidingAvailable === 0;
}

/**
 * The state with the first lots in spending order loaded, and some that were asked for by name. Decisions that need
 * others find that out by a `NotAtHandError`.
 * @param front available lots from the first one on, at most `limit`; fewer than that are all there are.
 */
export function withFrontLots(
  state: LedgerState,
  front: readonly Lot[],
  named: readonly Lot[],
  limit: number,
): LedgerState {
  const ordered = [...front, ...named].sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  const lots = new Map(ordered.map((lot) => [lot.lotId, slideTo(lot, state.slidingExpiresAt)]));
  const frontier =
    front.length < limit ? null : front.reduce((a, b) => (compareSpendingOrder(a, b) > 0 ? a : b));
  // Of the frontier's own date there may be more.
  const until = frontier === null ? Infinity : (frontier.expiresAt ?? Infinity) - 1;
  const further = new Map<Instant, Points>();
  for (const { expiresAt, available } of front)
    if (expiresAt !== null && expiresAt > state.expiringUntil && expiresAt <= until)
      further.set(expiresAt, (further.get(expiresAt) ?? 0) + available);
  const fronted = draftOf(state);
  fronted.lots = lots;
  fronted.frontier = frontier;
  fronted.fixedExpiring = [...state.fixedExpiring, ...inOrder(further)];
  fronted.expiringUntil = Math.max(state.expiringUntil, until);
  return fronted;
}
