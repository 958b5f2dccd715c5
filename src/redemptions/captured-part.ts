import type { LotPoints } from '../kernel/domain-events.js';
import type { Points } from '../kernel/points.js';
import { takeInOrder } from '../ledger/index.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';

/** A hold of which points were used, and where the rest goes back to. */
export interface CapturedPart {
  readonly redemption: RedemptionFacts;
  readonly unused: readonly LotPoints[];
}

/**
 * Uses the first points of a hold; the last lots get back what is not used.
 * @param points from 1 to what is held.
 * @param discountMinor what these points take off the basket.
 * @throws RangeError for more points than are held.
 */
export function capturedPart(held: RedemptionFacts, points: Points, discountMinor: number): CapturedPart {
  return {
    redemption: {
      ...held,
      status: 'captured',
      points,
      lots: takeInOrder(held.lots, points),
      discountMinor,
      holdExpiresAt: null,
    },
    unused: takeInOrder([...held.lots].reverse(), held.points - points),
  };
}
