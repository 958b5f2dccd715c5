import { divideCeil, divideFloor, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';
import { amountsOf, type Left, type SliceChange } from './amounts.js';

/**
 * Slices of a budget. Each shard draws on its own, so that shards do not wait for each other's rows; more slices than
 * a process has shards leave room for further processes.
 */
export const SLICES = 16;

/** How a rule deals with what its budget does not cover whole. */
export type OnExceed = 'truncate' | 'refuse';

/** What a budget has left in all its slices together. */
export function totalLeft(slices: readonly Left[]): Left {
  return {
    points: sumOf(slices.map(({ points }) => points)),
    uses: sumOf(slices.map(({ uses }) => uses)),
    cost: slices.some(({ cost }) => cost === null)
      ? null
      : slices.reduce((sum, { cost }) => sum + (cost ?? 0n), 0n),
  };
}

function sumOf(parts: readonly (number | null)[]): number | null {
  return parts.some((part) => part === null)
    ? null
    : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

/** How many of an award's points a budget covers: all, as many as are left, or none. */
export function covered(points: Points, costPerPoint: bigint, left: Left, onExceed: OnExceed): Points {
  if (left.uses !== null && left.uses < 1) return 0;
  const byPoints = left.points ?? points;
  const byCost =
    left.cost === null || costPerPoint === 0n ? points : affordable(left.cost, costPerPoint, points);
  const most = Math.max(0, Math.min(points, byPoints, byCost));
  return onExceed === 'refuse' && most < points ? 0 : most;
}

function affordable(left: bigint, costPerPoint: bigint, wanted: Points): Points {
  const most = divideFloor(left, costPerPoint);
  return most >= BigInt(wanted) ? wanted : toSafeNumber(most);
}

/**
 * How an award is drawn: on the shard's own slice, or, where that has too little, with what other slices give up to
 * it. They give half of what they have, or what is lacking if that is more, so that the next draws find it at hand.
 * The slices looked at first are those behind the own one, so that shards that run dry do not all ask the same.
 * @param own number of the shard's own slice.
 * @throws RangeError if all slices together have too little.
 */
export function planDraw(
  slices: readonly Left[],
  own: number,
  points: Points,
  costPerPoint: bigint,
): readonly SliceChange[] {
  const need = amountsOf(points, costPerPoint);
  const inPoints = drawOf(
    slices.map(({ points: left }) => big(left)),
    own,
    BigInt(need.points),
  );
  const inUses = drawOf(
    slices.map(({ uses }) => big(uses)),
    own,
    BigInt(need.uses),
  );
  const inCost = drawOf(
    slices.map(({ cost }) => cost),
    own,
    need.cost,
  );
  return slices.flatMap((_, slice): SliceChange[] => {
    const change = {
      slice,
      points: toSafeNumber(inPoints[slice] ?? 0n),
      uses: toSafeNumber(inUses[slice] ?? 0n),
      cost: inCost[slice] ?? 0n,
    };
    return change.points === 0 && change.uses === 0 && change.cost === 0n ? [] : [change];
  });
}

function big(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

/** Changes by slice in one unit. Where the unit has no limit nothing is counted. */
function drawOf(left: readonly (bigint | null)[], own: number, need: bigint): readonly bigint[] {
  const changes = left.map(() => 0n);
  if (left.some((part) => part === null) || need === 0n) return changes;
  const amounts = left as readonly bigint[];
  let lacking = need - (amounts[own] ?? 0n);
  changes[own] = -need;
  const places = [...amounts.keys()];
  for (const slice of [...places.slice(own + 1), ...places.slice(0, own)]) {
    if (lacking <= 0n) break;
    const amount = amounts[slice] ?? 0n;
    const half = divideCeil(amount, 2n);
    const given = half > lacking ? half : amount < lacking ? amount : lacking;
    changes[slice] = -given;
    changes[own] += given;
    lacking -= given;
  }
  if (lacking > 0n) throw new RangeError('a budget has too little left');
  return changes;
}

/** Slices after a change of some. */
export function changed(slices: readonly Left[], changes: readonly SliceChange[]): readonly Left[] {
  const bySlice = new Map(changes.map((change) => [change.slice, change]));
  return slices.map((left, slice) => {
    const change = bySlice.get(slice);
    if (!change) return left;
    return {
      points: left.points === null ? null : left.points + change.points,
      uses: left.uses === null ? null : left.uses + change.uses,
      cost: left.cost === null ? null : left.cost + change.cost,
    };
  });
}

/** A limit in equal slices; the first ones have what cannot be divided. */
export function inSlices(limit: bigint): readonly bigint[] {
  const each = divideFloor(limit, BigInt(SLICES));
  const rest = limit - each * BigInt(SLICES);
  return Array.from({ length: SLICES }, (_, slice) => each + (BigInt(slice) < rest ? 1n : 0n));
}

/** What is used of a budget's limits, compared with a share of them. @returns whether it is reached in any unit. */
export function hasReached(limit: Left, left: Left, percent: number): boolean {
  const reached = (of: bigint | null, rest: bigint | null): boolean =>
    of !== null && rest !== null && (of - rest) * 100n >= of * BigInt(percent);
  return (
    reached(big(limit.points), big(left.points)) ||
    reached(big(limit.uses), big(left.uses)) ||
    reached(limit.cost, left.cost)
  );
}
