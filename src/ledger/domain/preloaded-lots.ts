import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import {
  attentionAt,
  draftOf,
  EXPIRING_SHOWN,
  inOrder,
  slideTo,
  type ExpiringPoints,
  type LedgerState,
} from './ledger-state.js';
import { compareSpendingOrder, type Lot } from './lot.js';

/**
 * How many lots are loaded for a decision that goes by the lots it names, for one that spends the first of them, and for
 * those that needed more: each time sixteen times as many, so that what was loaded before hardly counts.
 */
export const PRELOADED_LOTS = { referenced: 1, small: 16, medium: 256, large: 4096 } as const;

/**
 * How many expiry dates are summed up from the end of the preload on. One of them may be used up with the preloaded
 * lots.
 */
export const DATES_BEYOND = EXPIRING_SHOWN + 1;

/** Parts of an account's lots, each of which was loaded from its first one on, and lots of any kind by name. */
export interface PreloadedLots {
  /** Available lots that do not slide, in spending order: all that end by `until`, and `limit` others. */
  readonly fixed: readonly Lot[];
  /** Available lots that slide, in the order in which they were earned: `slidingLimit` of them, or all. */
  readonly sliding: readonly Lot[];
  /** Waiting lots in the order in which they need attention: all that do by `until`, and `waitingLimit` others. */
  readonly waiting: readonly Lot[];
  /** Lots that the command refers to. */
  readonly named: readonly Lot[];
  /**
   * Sums of the next dates, from the last fixed lot's date on, at most `DATES_BEYOND`; null if they were not
   * requested.
   */
  readonly dates: readonly ExpiringPoints[] | null;
}

/** What was requested of them. */
export interface PreloadBounds {
  readonly limit: number;
  readonly until: Instant;
}

/** How many sliding lots are needed: none without any, all where they end by `until` (null). */
export function slidingLimit(
  { slidingAvailable, slidingExpiresAt }: Pick<LedgerState, 'slidingAvailable' | 'slidingExpiresAt'>,
  { limit, until }: PreloadBounds,
): number | null {
  if (slidingAvailable === 0) return 0;
  return slidingExpiresAt !== null && slidingExpiresAt <= until ? null : limit;
}

/** Few decisions touch a waiting lot, and one more shows which comes next. */
const FEW_WAITING = 2;

/**
 * How many waiting lots are preloaded beyond those that need attention by `until`: few, until a decision needed more.
 */
export function waitingLimit({ pending }: Pick<LedgerState, 'pending'>, { limit }: PreloadBounds): number {
  if (pending === 0) return 0;
  return limit > PRELOADED_LOTS.small ? limit : FEW_WAITING;
}

/**
 * The state with the first lots in spending order loaded, those that wait and need attention first, and some that
 * the command refers to. Decisions that need others throw a `NeedsMoreRows`.
 */
export function withPreloadedLots(
  state: LedgerState,
  loaded: PreloadedLots,
  bounds: PreloadBounds,
): LedgerState {
  const { slidingExpiresAt } = state;
  const { fixed, sliding, waiting, named, dates } = loaded;
  const { until } = bounds;
  const ordered = [...fixed, ...sliding, ...waiting, ...named].sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  const lots = new Map(ordered.map((lot) => [lot.lotId, slideTo(lot, slidingExpiresAt)]));
  const beyond = fixed.filter(({ expiresAt }) => expiresAt === null || expiresAt > until);
  const horizon = lastOf(beyond, bounds.limit);
  const slidingHorizon = lastOf(sliding, slidingLimit(state, bounds) ?? Infinity);
  const limit = waitingLimit(state, bounds);
  const later = waiting.map(attentionAt).filter((at) => at > until);
  const preloaded = draftOf(state);
  preloaded.lots = lots;
  preloaded.horizon = horizon;
  preloaded.slidingHorizon = slidingHorizon && slideTo(slidingHorizon, slidingExpiresAt);
  preloaded.reachesTo = until;
  preloaded.waitingUntil = later.length < limit || limit === 0 ? Infinity : Math.max(...later);
  const { expiring, expiringUntil } = furtherExpiries(state, fixed, horizon, dates);
  preloaded.fixedExpiring = expiring;
  preloaded.expiringUntil = expiringUntil;
  return preloaded;
}

/** The last in spending order of lots that were cut off at a limit; null where fewer were found. */
function lastOf(lots: readonly Lot[], limit: number): Lot | null {
  if (lots.length < limit || lots.length === 0) return null;
  return lots.reduce((a, b) => (compareSpendingOrder(a, b) > 0 ? a : b));
}

/** The coming expiries: those of the preloaded lots, and beyond them the summed dates. */
function furtherExpiries(
  state: LedgerState,
  fixed: readonly Lot[],
  horizon: Lot | null,
  dates: PreloadedLots['dates'],
): { readonly expiring: readonly ExpiringPoints[]; readonly expiringUntil: Instant } {
  // Of the horizon's own date there may be more.
  const told = horizon === null ? Infinity : (horizon.expiresAt ?? Infinity) - 1;
  const further = new Map<Instant, Points>();
  for (const { expiresAt, available } of fixed)
    if (expiresAt !== null && expiresAt > state.expiringUntil && expiresAt <= told)
      further.set(expiresAt, (further.get(expiresAt) ?? 0) + available);
  const known = Math.max(state.expiringUntil, told);
  const beyond = (dates ?? []).filter(({ expiresAt }) => expiresAt > known);
  const last = dates?.length === DATES_BEYOND ? (dates.at(-1)?.expiresAt ?? Infinity) : Infinity;
  return {
    expiring: [...state.fixedExpiring, ...inOrder(further), ...beyond],
    expiringUntil: dates === null ? known : Math.max(known, last),
  };
}
