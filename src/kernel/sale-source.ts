import type { AwardSource, PurchaseFacts } from './domain-events.js';

/** A receipt as the source of points. */
export function saleSource({ purchaseId, occurredAt, businessDate, lines }: PurchaseFacts): AwardSource {
  return { kind: 'purchase', id: purchaseId, occurredAt, businessDate, lines };
}
