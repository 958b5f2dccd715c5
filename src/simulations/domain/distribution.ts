import { divideCeil, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';

const PERCENTS = [1, 5, 10, 25, 50, 75, 90, 95, 99] as const;
type Percentile = `p${(typeof PERCENTS)[number]}`;

/** How members' differences are spread. */
export type Distribution = Readonly<Record<'minimum' | Percentile | 'maximum', Points>>;

/**
 * Percentiles by nearest rank: of n values in order, p per cent is the one in place ceil(n x p / 100), so each is a
 * value that a member has. @returns null without values.
 */
export function distributionOf(values: readonly Points[]): Distribution | null {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (place: number) => sorted[place - 1] as Points;
  if (sorted.length === 0) return null;
  const percentile = (percent: number) =>
    at(toSafeNumber(divideCeil(BigInt(sorted.length) * BigInt(percent), 100n)));
  const percentiles = PERCENTS.map((percent) => [`p${percent}`, percentile(percent)] as const);
  return {
    minimum: at(1),
    ...(Object.fromEntries(percentiles) as Record<Percentile, Points>),
    maximum: at(sorted.length),
  };
}
