import type { Points } from '../../kernel/points.js';
import type { AdjustmentFacts } from './adjustment-facts.js';

/** Whether an adjustment is one whose points can be taken back, or given back. */
export function isReversible({ kind, status, debitKind }: AdjustmentFacts): boolean {
  if (status !== 'posted') return false;
  return kind === 'credit' || kind === 'reinstatement' || (kind === 'debit' && debitKind === 'forfeit');
}

/** How many points of an adjustment were taken back so far, whatever had become of them. */
export function correctedPoints(later: readonly Pick<AdjustmentFacts, 'points'>[]): Points {
  return later.reduce((sum, { points }) => sum + points, 0);
}

/** How many expired points of its lots the corrections so far counted. */
export function goneBefore(later: readonly Pick<AdjustmentFacts, 'outcome'>[]): Points {
  return later.reduce((sum, { outcome }) => sum + (outcome?.expired ?? 0), 0);
}

/** Whether nothing of an adjustment is left to be taken back. @param later what was posted about it since. */
export function isReversed(
  { points }: Pick<AdjustmentFacts, 'points'>,
  later: readonly Pick<AdjustmentFacts, 'kind' | 'points'>[],
): boolean {
  const reversed = later.some(({ kind }) => kind === 'creditReversal' || kind === 'debitReversal');
  return reversed || correctedPoints(later) >= points;
}
