import { groupBy } from '../../kernel/group-by.js';
import type { LotPoints } from '../../kernel/domain-events.js';
import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import type { Points } from '../../kernel/points.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import type { Instant } from '../../kernel/time.js';
import type { OpenSince } from './debt-history.js';
import { spendableLots, type LedgerState } from './ledger-state.js';
import { isPastExpiry, type Lot } from './lot.js';

/** Too few points, with the figures a till shows. */
export interface InsufficientPoints {
  readonly required: Points;
  readonly available: Points;
  readonly missing: Points;
}

/** Points that move at one instant. */
export interface PointsAtInstant {
  readonly at: Instant;
  readonly lots: readonly LotPoints[];
}

/**
 * Which lots give the points, in spending order. The state must have its open lots loaded, or the first of them, and
 * be settled.
 * @throws NeedsMoreRows when those that are loaded do not suffice, and others may.
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
    throw new NeedsMoreRows(state.accountId, 'the rest of the points');
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

/** Points that fill a debt at one instant. */
export interface FillingPoints extends PointsAtInstant {
  /** They fill a part that was open then, whatever the debt has grown by since. */
  readonly wasOpen: boolean;
}

/** When a debt is filled, and by which instants. */
export interface Settling {
  /** When the points came: those that had ended by then fill none. */
  readonly from: Instant;
  /** When they fill the debt; those that had ended before did so before they ended. */
  readonly at: Instant;
  readonly now: Instant;
}

/**
 * What of the available points goes into the debt, in spending order, by the instant at which it does; nothing without
 * a debt. Points that came so late that they are over fill what was open before they ended and has been since.
 * @throws NeedsMoreRows when those that are loaded do not suffice, and others may.
 */
export function planDebtSettlement(
  state: LedgerState,
  { from, at, now }: Settling,
  openSince: OpenSince,
): readonly FillingPoints[] {
  const { debt } = state;
  if (debt === 0) return [];
  const spendable = spendableLots(state);
  const filling = new Map<Lot, Points>();
  let filled = 0;
  for (const lot of spendable.filter((each) => !isPastExpiry(each, from))) {
    const points = Math.min(lot.available, fillable(lot.expiresAt, debt, openSince, now) - filled);
    if (points <= 0) continue;
    filling.set(lot, points);
    filled += points;
  }
  const known = spendable.reduce((sum, { available }) => sum + available, 0);
  if (!state.complete && filled < debt && known < state.available)
    throw new NeedsMoreRows(state.accountId, 'the rest of the points');
  const parts = [...filling].map(([lot, points]) => ({
    ...{ lotId: lot.lotId, points },
    ...fillingMoment(lot.expiresAt, state.debtAt, { at, now }),
  }));
  return [...groupBy(parts, (part) => `${part.at} ${part.wasOpen}`).values()].map((together) => ({
    ...{ at: together[0]?.at ?? at, wasOpen: together[0]?.wasOpen ?? false },
    lots: together.map(({ lotId, points }) => ({ lotId, points })),
  }));
}

/** When points with an end fill a debt: in their last millisecond at the latest, though the debt may have grown since. */
function fillingMoment(
  end: Instant | null,
  debtAt: Instant | null,
  { at, now }: Pick<Settling, 'at' | 'now'>,
): Pick<FillingPoints, 'at' | 'wasOpen'> {
  if (end === null || end > now) return { at, wasOpen: false };
  const early = Math.min(at, end - 1);
  return debtAt === null || debtAt <= early ? { at: early, wasOpen: false } : { at: end - 1, wasOpen: true };
}

/** How much of a debt points with an end may fill: all of it, unless they ended before now. */
export function fillable(end: Instant | null, debt: Points, openSince: OpenSince, now: Instant): Points {
  return end === null || end > now ? debt : openSince(end);
}

/** The available points whose last instant has passed, by the instant at which they expired, earliest first. */
export function planExpiry(state: LedgerState, now: Instant): readonly PointsAtInstant[] {
  const due = spendableLots(state).filter((lot) => isPastExpiry(lot, now));
  const byInstant = groupBy(due, (lot) => lot.expiresAt as Instant);
  return [...byInstant]
    .sort(([a], [b]) => a - b)
    .map(([at, lots]) => ({ at, lots: lots.map(({ lotId, available }) => ({ lotId, points: available })) }));
}
