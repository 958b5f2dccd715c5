import type { Points } from '../../kernel/points.js';

/** What awards use of a budget, in each of the units a budget may be limited in. */
export interface Amounts {
  readonly points: Points;
  readonly uses: number;
  /** In 10^-12 of a minor unit (`pointCost`). */
  readonly cost: bigint;
}

/** What is left, by unit; null where the budget has no limit in it. */
export interface Left {
  readonly points: Points | null;
  readonly uses: number | null;
  readonly cost: bigint | null;
}

/** A change of one slice, as it is added to its row. */
export interface SliceChange extends Amounts {
  readonly slice: number;
}

/** What so many points of one award use. */
export function amountsOf(points: Points, costPerPoint: bigint): Amounts {
  return { points, uses: points > 0 ? 1 : 0, cost: BigInt(points) * costPerPoint };
}
