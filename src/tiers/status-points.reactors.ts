import type { MemberId, PurchaseId } from '../kernel/ids.js';
import { ok } from '../kernel/result.js';
import type { LocalDate } from '../kernel/time.js';
import { reactor, type Emission } from '../platform/pipeline/index.js';

const NOTHING = ok([] as readonly Emission[]);

/** Tells of the status points that a receipt gave. */
export const tellStatusGiven = reactor({
  name: 'tiers.tellStatusGiven',
  on: 'points.awarded',
  react: ({ data: { source, status }, memberId }) => {
    if (status === undefined) return NOTHING;
    const points = status.reduce((sum, award) => sum + award.points, 0);
    return told(memberId, source.id as PurchaseId, source.businessDate, points);
  },
});

/** Tells of those that went with goods that came back. */
export const tellStatusReturned = reactor({
  name: 'tiers.tellStatusReturned',
  on: 'purchase.returned',
  react: ({ data: { purchase, counted, status = 0 }, memberId }) =>
    counted && status > 0 ? told(memberId, purchase.purchaseId, purchase.businessDate, 0 - status) : NOTHING,
});

/** Tells of those that were cancelled with points that waited; they are the buyer's. */
export const tellStatusCancelled = reactor({
  name: 'tiers.tellStatusCancelled',
  on: 'awards.cancelled',
  react: ({ data: { memberId, purchaseId, businessDate, status = 0 } }) =>
    status > 0 ? told(memberId, purchaseId, businessDate, 0 - status) : NOTHING,
});

function told(memberId: MemberId, purchaseId: PurchaseId, day: LocalDate, points: number) {
  return ok([{ type: 'status.counted' as const, data: { memberId, purchaseId, day, points } }]);
}
