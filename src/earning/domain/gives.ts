import type { Points } from '../../kernel/points.js';

/**
 * What a rule gives: points; status points, which count for ladders, have no lot and no liability, and cannot be spent;
 * or as many of each.
 */
export type Gives = 'points' | 'status' | 'both';

/** What says what it gives. */
interface Giving {
  readonly gives?: Gives;
}

/** What says what was given. */
interface Given {
  readonly points: Points;
  readonly statusPoints?: Points;
}

export const GIVES: readonly Gives[] = ['points', 'status', 'both'];

/** Absent in versions published before it existed: points. */
export function givesOf({ gives = 'points' }: Giving): Gives {
  return gives;
}

/** Whether a rule gives status points and nothing else, so that no lot holds what it gave. */
export function givesOnlyStatus(rule: Giving): boolean {
  return givesOf(rule) === 'status';
}

/** What a rule gave, whichever points they are; of both it gave as many. */
export function figureOf({ points, statusPoints = 0 }: Given): Points {
  return Math.max(points, statusPoints);
}
