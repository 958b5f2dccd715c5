import type { AdjustmentFacts } from '../../kernel/domain-events.js';
import type { LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';

/** How many of a lot's expired points were given back so far. */
export function reinstatedOf(lotId: LotId, adjustments: Iterable<AdjustmentFacts>): Points {
  return [...adjustments]
    .filter((made) => made.kind === 'reinstatement' && made.status === 'posted' && made.lotId === lotId)
    .reduce((sum, { points }) => sum + points, 0);
}
