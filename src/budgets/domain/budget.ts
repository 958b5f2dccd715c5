import type { Points } from '../../kernel/points.js';

/** What a campaign may cost in all. A published version; at least one of the three limits is set. */
export interface Budget {
  readonly name: string;
  readonly points: Points | null;
  /** Awards, one for each rule and occasion. */
  readonly uses: number | null;
  /** Minor units of the cost of points at grant: points x value x probability / (1 + tax). */
  readonly moneyMinor: number | null;
  /** Share of a limit, in percent, at whose use a warning is published; null warns of nothing. */
  readonly warnAtPercent: number | null;
}
