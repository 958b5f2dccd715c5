import type { AccountId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { CorrectionOutcome, PointsElsewhere } from './adjustment-facts.js';

/**
 * How many points are to be taken in each of these accounts, in their order.
 * @param points the most of all, not negative.
 * @param places what is there of each; those without anything are left out of the result.
 */
export function shareElsewhere(points: Points, places: readonly PointsElsewhere[]): PointsElsewhere[] {
  const shares: PointsElsewhere[] = [];
  let left = points;
  for (const place of places) {
    const share = Math.min(left, place.points);
    if (share > 0) shares.push({ ...place, points: share });
    left -= share;
  }
  return shares;
}

/** A lot outside the account of its member: what filled a debt there was used, and is not opened again. */
export function asElsewhere<T extends { readonly settled: Points }>(lot: T): T {
  return { ...lot, settled: 0 };
}

/** The outcome once an account that was still to come is done with. */
export function continued(
  before: CorrectionOutcome,
  accountId: AccountId,
  there: Omit<CorrectionOutcome, 'elsewhere'>,
): CorrectionOutcome {
  const elsewhere = (before.elsewhere ?? []).filter((place) => place.accountId !== accountId);
  return {
    taken: before.taken + there.taken,
    expired: before.expired + there.expired,
    debt: before.debt + there.debt,
    forgiven: before.forgiven + there.forgiven,
    ...(elsewhere.length > 0 ? { elsewhere } : {}),
  };
}
