import { instant, list, nullable, object, page, ref, text, whole } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** A redemption in the first events about it. */
export const firstRedemptionFields = {
  id: text,
  memberId: text,
  status: text,
  points: whole,
  lots: list(object({ lotId: text, points: whole })),
  reward: nullable(object({ id: text, version: whole })),
  discountMinor: whole,
  voucher: nullable(text),
  externalId: nullable(text),
  authorisedAt: instant,
  expiresAt: nullable(instant),
  voidReason: nullable(text),
  purchaseId: nullable(text),
};

/** A redemption, in answers and in events. */
export const redemptionFields = {
  ...firstRedemptionFields,
  reversedPoints: whole,
  reversedDiscountMinor: whole,
};

/** What redemptions and rewards answer, by name. */
export const redemptionSchemas = {
  ...configSchemas('Reward', 'RewardDto', { stock: nullable(whole) }),
  RewardStock: object({ rewardId: text, stock: whole }),
  RedemptionRecord: object({ ...redemptionFields, actor: nullable(text) }),
  Redemptions: page(ref('RedemptionRecord')),
  RedemptionAnswer: object({ ...redemptionFields, balance: ref('Balance') }),
  ReversalAnswer: object({
    ...redemptionFields,
    reversal: object({
      points: whole,
      discountMinor: whole,
      lots: list(object({ lotId: text, points: whole })),
      expired: whole,
      toDebt: whole,
      transferId: nullable(text),
    }),
    balance: ref('Balance'),
  }),
};
