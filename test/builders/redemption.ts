import type { RedemptionFacts } from '../../src/redemptions/domain/redemption-facts.js';
import { numberedId } from './ids.js';
import { lotPoints } from './ledger.js';

/** Points of the first lot, captured for 0.10 each, unless told otherwise. */
export function redemptionFacts(overrides: Partial<RedemptionFacts> = {}): RedemptionFacts {
  const points = overrides.points ?? 40;
  return {
    redemptionId: numberedId('rdm', 1),
    memberId: numberedId('mbr', 1),
    status: 'captured',
    points,
    lots: lotPoints([1, points]),
    reversedPoints: 0,
    reward: null,
    stocked: false,
    discountMinor: points * 10,
    voucher: null,
    externalId: null,
    authorisedAt: 0,
    actor: 'engine',
    holdExpiresAt: null,
    voidReason: null,
    purchaseId: null,
    ...overrides,
  };
}
