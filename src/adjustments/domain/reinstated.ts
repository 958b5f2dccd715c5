import type { AdjustmentId, LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { AdjustmentFacts } from './adjustment-facts.js';

/** How many of a lot's expired points were given back so far, less those that were taken back since. */
export function reinstatedOf(lotId: LotId, adjustments: Iterable<AdjustmentFacts>): Points {
  const posted = [...adjustments].filter(({ status }) => status === 'posted');
  const given = posted.filter((made) => made.kind === 'reinstatement' && made.lotId === lotId);
  const ids = new Set<AdjustmentId | null>(given.map(({ adjustmentId }) => adjustmentId));
  const back = posted.filter(({ correctsId }) => ids.has(correctsId));
  return (
    given.reduce((sum, { points }) => sum + points, 0) -
    back.reduce((sum, { outcome }) => sum + (outcome?.taken ?? 0), 0)
  );
}
