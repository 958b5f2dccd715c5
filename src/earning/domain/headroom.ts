import type { Points } from '../../kernel/points.js';

/** What may be added to a balance under its cap; points that fill a debt are not added to it. */
export function headroomOf(
  maximumBalance: Points | null,
  balance: {
    readonly available: Points;
    readonly pending: Points;
    readonly held: Points;
    readonly debt: Points;
  },
): Points | null {
  if (maximumBalance === null) return null;
  const { available, pending, held, debt } = balance;
  return Math.max(0, maximumBalance - (available + pending + held)) + debt;
}
