import type { DomainEvent, PurchaseFacts } from '../kernel/domain-events.js';
import { pointsTenderMinor } from '../kernel/points-paid.js';
import { discountStillGivenMinor } from '../redemptions/index.js';

/**
 * What a till may want to tell of a receipt's redemptions that are not used as they were made.
 * @param events what the receipt caused.
 */
export function redemptionNotices(
  { tenders }: PurchaseFacts,
  events: readonly DomainEvent[],
): readonly { code: string; detail: string }[] {
  const list: { code: string; detail: string }[] = [];
  let usedMinor = 0;
  for (const event of events) {
    if (event.type === 'redemption.voided' && event.data.redemption.voidReason === 'notNeeded') {
      const { redemptionId, points } = event.data.redemption;
      const detail = `The points tender needs none of ${redemptionId}: its ${points} points are free again.`;
      list.push({ code: 'HOLD_NOT_NEEDED', detail });
    }
    if (event.type === 'redemption.captured' && event.data.unused.length > 0) {
      const { redemptionId, points, discountMinor } = event.data.redemption;
      const free = event.data.unused.reduce((sum, lot) => sum + lot.points, 0);
      const detail = `${points} points of ${redemptionId} cover ${discountMinor} minor units of the points tender; ${free} are free again.`;
      list.push({ code: 'HOLD_PARTLY_USED', detail });
    }
    if (event.type === 'redemption.captured' || event.type === 'redemption.used')
      usedMinor += discountStillGivenMinor(event.data.redemption);
  }
  const tendered = pointsTenderMinor(tenders);
  if (tendered !== null && usedMinor > tendered) {
    const detail = `The redemptions give ${usedMinor} minor units, ${tendered} were paid with points. Rewards and captured points are used whole.`;
    list.push({ code: 'POINTS_ABOVE_TENDER', detail });
  }
  return list;
}
