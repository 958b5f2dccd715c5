import { instant, list, nullable, object, ref, text, whole } from '../kernel/json-schema.js';

/** A redemption, in answers and in events. */
export const redemptionFields = {
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

/** What redemptions answer, by name. */
export const redemptionSchemas = {
  Redemption: object(redemptionFields),
  RedemptionAnswer: object({ ...redemptionFields, balance: ref('Balance') }),
};
