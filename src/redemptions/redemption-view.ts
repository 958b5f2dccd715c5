import { formatInstant } from '../kernel/time.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';
import { reversedDiscountMinor } from './domain/reversal.js';

/** A redemption as the API shows it. */
export function redemptionView(redemption: RedemptionFacts) {
  return {
    ...firstRedemptionView(redemption),
    reversedPoints: redemption.reversedPoints,
    /** The part of `discountMinor` that goes with them. */
    reversedDiscountMinor: reversedDiscountMinor(redemption),
  };
}

/** A redemption as it is stored, with the key that made it. */
export function redemptionRecordView(redemption: RedemptionFacts) {
  return { ...redemptionView(redemption), actor: redemption.actor };
}

/** The fields of the first events about redemptions, whose published versions stay as they are. */
export function firstRedemptionView(redemption: RedemptionFacts) {
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
