import type { LocalDate } from '../../kernel/time.js';
import type { Points } from '../../kernel/points.js';

/** Points of one member that an old system owed at the opening, with what they carried there. */
export interface OpeningLot {
  /** The old system. */
  readonly source: string;
  /** What it knows the points by; with `source` they come in once. */
  readonly externalId: string;
  readonly origin: 'purchase' | 'non_purchase';
  readonly points: Points;
  /** The contract liability that they carry, minor units. */
  readonly carriedMinor: number;
  readonly earnedOn: LocalDate;
  /** The last day on which they can be used; null: they never expire. */
  readonly expiresOn: LocalDate | null;
}

/** How many lots, what points and what money: stated by the old system, or found. */
export interface ControlTotals {
  readonly lots: number;
  readonly points: number;
  readonly carriedMinor: number;
}

/** What keeps a lot from coming in on the opening day. */
export type OpeningFault = 'OPENING_EARNED_LATER' | 'OPENING_EXPIRED' | 'OPENING_CARRIES_MONEY';

/** @param openingDay the first day in the books. */
export function openingFault(
  { origin, carriedMinor, earnedOn, expiresOn }: OpeningLot,
  openingDay: LocalDate,
): OpeningFault | null {
  if (earnedOn >= openingDay) return 'OPENING_EARNED_LATER';
  if (expiresOn !== null && expiresOn < openingDay) return 'OPENING_EXPIRED';
  return origin === 'non_purchase' && carriedMinor > 0 ? 'OPENING_CARRIES_MONEY' : null;
}

export function totalsOf(lots: readonly Pick<OpeningLot, 'points' | 'carriedMinor'>[]): ControlTotals {
  return {
    lots: lots.length,
    points: lots.reduce((sum, { points }) => sum + points, 0),
    carriedMinor: lots.reduce((sum, { carriedMinor }) => sum + carriedMinor, 0),
  };
}

/** What `found` is more than `stated`; all 0 where they agree. */
export function differenceOf(found: ControlTotals, stated: ControlTotals): ControlTotals {
  return {
    lots: found.lots - stated.lots,
    points: found.points - stated.points,
    carriedMinor: found.carriedMinor - stated.carriedMinor,
  };
}

export function isNothing({ lots, points, carriedMinor }: ControlTotals): boolean {
  return lots === 0 && points === 0 && carriedMinor === 0;
}
