import type { RedemptionFacts } from '../kernel/domain-events.js';
import { formatInstant } from '../kernel/time.js';

/** A redemption as the API shows it. */
export function redemptionView(redemption: RedemptionFacts) {
  return {
    id: redemption.redemptionId,
    memberId: redemption.memberId,
    status: redemption.status,
    points: redemption.points,
    lots: redemption.lots,
    reward: redemption.reward,
    discountMinor: redemption.discountMinor,
    voucher: redemption.voucher,
    externalId: redemption.externalId,
    authorisedAt: formatInstant(redemption.authorisedAt),
    /** When the hold lapses; null when there is none. */
    expiresAt: redemption.holdExpiresAt === null ? null : formatInstant(redemption.holdExpiresAt),
    voidReason: redemption.voidReason,
    purchaseId: redemption.purchaseId,
  };
}
