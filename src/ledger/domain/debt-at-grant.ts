import type { AwaitedEvent, LinePoints } from '../../kernel/domain-events.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import { shareOfLines } from './children.js';
import type { OpenSince } from './debt-history.js';
import type { GrantState } from './lot-grant.js';
import { fillable } from './spend.js';

/** The event that says that goods were handed over; points that await it are not owed before. */
export const DELIVERED = 'delivered';

/** Points that are about to be granted. */
export interface PointsToCome {
  readonly points: Points;
  readonly lines: readonly LinePoints[];
  readonly awaits: AwaitedEvent | null;
  readonly availableAt: Instant;
  /** Exclusive end; null: never, not known yet, or the account's. */
  readonly expiresAt: Instant | null;
  readonly slides: boolean;
}

/** Points with one fate: they fill the debt at once, or are granted as a promise. */
export interface GrantPart<T extends PointsToCome> {
  readonly of: T;
  readonly points: Points;
  readonly lines: readonly LinePoints[];
  readonly fillsDebt: boolean;
}

/** Where points begin when they are granted at `now`. */
export function grantState(
  { awaits, availableAt }: Pick<PointsToCome, 'awaits' | 'availableAt'>,
  now: Instant,
): GrantState {
  if (awaits) return awaits.event === DELIVERED ? 'undelivered' : 'pending';
  return availableAt > now ? 'pending' : 'available';
}

/**
 * Tells the points that fill the account's debt in the very command that grants them from the rest: those that are
 * usable at once, in spending order; where their time is over by now, as far as the debt was open in their time. They
 * never were a promise to the member, so nothing of a price is theirs. Points that wait are promised in full, whatever
 * is owed.
 * @param slidingExpiresAt exclusive end of the account's sliding points once these are granted; null: none.
 * @returns the parts in the order given, what fills the debt before what does not: lots that are opened in this order
 * are taken in spending order, and the debt takes those that were meant for it.
 */
export function partsByDebt<T extends PointsToCome>(
  grants: readonly T[],
  { debt, openSince }: { readonly debt: Points; readonly openSince: OpenSince },
  slidingExpiresAt: Instant | null,
  now: Instant,
): readonly GrantPart<T>[] {
  if (debt === 0) return grants.map((of) => partOf(of, of.points, of.lines, false));
  const endOf = ({ slides, expiresAt }: T) => (slides ? slidingExpiresAt : expiresAt) ?? Infinity;
  const usable = grants.filter((of) => grantState(of, now) === 'available');
  const filling = new Map<T, Points>();
  let filled = 0;
  // A stable sort: of those that end together the first goes first, as its lot has the lower id.
  for (const of of [...usable].sort((a, b) => (endOf(a) === endOf(b) ? 0 : endOf(a) - endOf(b)))) {
    const points = Math.min(of.points, fillable(endOf(of), debt, openSince, now) - filled);
    if (points <= 0) continue;
    filling.set(of, points);
    filled += points;
  }
  return grants.flatMap((of) => split(of, filling.get(of) ?? 0));
}

function split<T extends PointsToCome>(of: T, filling: Points): readonly GrantPart<T>[] {
  if (filling === 0 || filling === of.points) return [partOf(of, of.points, of.lines, filling > 0)];
  const lines = shareOfLines(of.lines, filling);
  const rest = of.lines
    .map(({ lineNo, points }) => ({
      lineNo,
      points: points - (lines.find((line) => line.lineNo === lineNo)?.points ?? 0),
    }))
    .filter(({ points }) => points > 0);
  return [partOf(of, filling, lines, true), partOf(of, of.points - filling, rest, false)];
}

function partOf<T extends PointsToCome>(
  of: T,
  points: Points,
  lines: readonly LinePoints[],
  fillsDebt: boolean,
): GrantPart<T> {
  return { of, points, lines, fillsDebt };
}
