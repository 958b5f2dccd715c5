import { groupBy } from '../../kernel/group-by.js';
import type { LotPoints } from '../../kernel/domain-events.js';
import { NotAtHandError } from '../../kernel/not-at-hand.js';
import type { Points } from '../../kernel/points.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import type { Instant } from '../../kernel/time.js';
import { spendableLots, type LedgerState } from './ledger-state.js';
import { isPastExpiry } from './lot.js';

/** Too few points, with the figures a till shows. */
export interface InsufficientPoints {
  readonly required: Points;
  readonly available: Points;
  readonly missing: Points;
}

/**
 * Which lots give the points, in spending order. The state must have its open lots loaded, or the first of them, and
 * be settled.
 * @throws NotAtHandError when those that are loaded do not suffice, and others may.
 */
export function planSpend(
  state: LedgerState,
  points: Points,
): Result<readonly LotPoints[], InsufficientPoints> {
  if (state.available < points) {
    return refuse({ required: points, available: state.available, missing: points - state.available });
  }
  const offered = spendableLots(state).map((lot) => ({ lotId: lot.lotId, points: lot.available }));
  if (!state.complete && total(offered) < points)
    throw new NotAtHandError(state.accountId, 'the rest of the points');
  return ok(takeInOrder(offered, points));
}

function total(lots: readonly LotPoints[]): Points {
  return lots.reduce((sum, { points }) => sum + points, 0);
}

/** The first `points` of a list of lot points, in its order. @throws RangeError when the list has fewer. */
export function takeInOrder(from: readonly LotPoints[], points: Points): readonly LotPoints[] {
  const taken: LotPoints[] = [];
  let left = points;
  for (const { lotId, points: offered } of from) {
    if (left === 0) break;
    const part = Math.min(offered, left);
    taken.push({ lotId, points: part });
    left -= part;
  }
  if (left > 0) throw new RangeError(`${left} points short`);
  return taken;
}

/**
 * What of the available points goes into the debt, in spending order; nothing without a debt. Points past their
 * last instant are about to expire and fill none.
 * @throws NotAtHandError when those that are loaded do not suffice, and others may.
 */
export function planDebtSettlement(state: LedgerState, now: Instant): readonly LotPoints[] {
  if (state.debt === 0) return [];
  const spendable = spendableLots(state);
  const offered = spendable
    .filter((lot) => !isPastExpiry(lot, now))
    .map((lot) => ({ lotId: lot.lotId, points: lot.available }));
  const enough = Math.min(state.debt, total(offered));
  const known = spendable.reduce((sum, { available }) => sum + available, 0);
  if (!state.complete && enough < state.debt && known < state.available)
    throw new NotAtHandError(state.accountId, 'the rest of the points');
  return takeInOrder(offered, enough);
}

/** The available points whose last instant has passed, by the instant at which they expired, earliest first. */
export function planExpiry(
  state: LedgerState,
  now: Instant,
): readonly { readonly at: Instant; readonly lots: readonly LotPoints[] }[] {
  const due = spendableLots(state).filter((lot) => isPastExpiry(lot, now));
  const byInstant = groupBy(due, (lot) => lot.expiresAt as Instant);
  return [...byInstant]
    .sort(([a], [b]) => a - b)
    .map(([at, lots]) => ({ at, lots: lots.map(({ lotId, available }) => ({ lotId, points: available })) }));
}
