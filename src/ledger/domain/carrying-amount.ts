import { divideHalfUp } from '../../kernel/division.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import type { Points } from '../../kernel/points.js';

/** What the carrying amount of a lot depends on. */
export interface LotMoney {
  /** A: what was allocated to the lot when it was granted, sub-ledger units. */
  readonly allocated: SubLedgerAmount;
  /** P: points granted. */
  readonly points: Points;
}

/**
 * The contract liability a lot still carries once `pointsOut` of its points are redeemed, expired, clawed
 * back or moved: CL(lot) = A - HU(A * q_out / P) (docs/accounting.md#recognition). A pure function of the counter,
 * so any order of events ends at the same figure, and a lot without points left carries exactly nothing.
 * @throws RangeError when more points are out than the lot had.
 */
export function carryingAmount({ allocated, points }: LotMoney, pointsOut: Points): SubLedgerAmount {
  if (pointsOut < 0 || pointsOut > points) throw new RangeError(`${pointsOut} of ${points} points out`);
  if (allocated === 0n) return 0n;
  return allocated - divideHalfUp(allocated * BigInt(pointsOut), BigInt(points));
}
