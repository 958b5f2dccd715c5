import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { Movement } from './movement.js';

/** By how much a debt grew at an instant; negative where it shrank. */
export interface DebtChange {
  readonly at: Instant;
  readonly points: Points;
}

/** How much of a debt was open just before an instant and has been since. */
export type OpenSince = (at: Instant) => Points;

/**
 * What of a debt could have been filled by points that ended before now: what was open when they ended, and still is.
 * What has been filled since stays filled by what filled it.
 * @param debt as it is now.
 * @param changes those that led to it, in the order in which they were recorded.
 */
export function openSince(debt: Points, changes: readonly DebtChange[], at: Instant): Points {
  // A stable sort: of one instant the last recorded comes first.
  const backwards = [...changes].reverse().sort((a, b) => b.at - a.at);
  let [open, least] = [debt, debt];
  for (const change of backwards) {
    if (change.at < at) break;
    open -= change.points;
    least = Math.min(least, open);
  }
  return Math.max(0, least);
}

/** What movements did to the debt of their account. */
export function debtChanges(
  movements: readonly Pick<Movement, 'from' | 'to' | 'points' | 'occurredAt'>[],
): readonly DebtChange[] {
  return movements.flatMap(({ from, to, points, occurredAt: at }) => {
    if (to === 'debt' || from === 'settled') return [{ at, points }];
    return to === 'settled' || from === 'debt' ? [{ at, points: -points }] : [];
  });
}
