import { instant, list, nullable, object, oneOf, page, ref, text, whole } from '../kernel/json-schema.js';

/** What the routes of this module answer, by name. */
export const promotionGiftSchemas = {
  PromotionGift: object({
    id: text,
    rule: object({ id: text, version: whole }),
    tier: text,
    since: instant,
    cause: object({ type: oneOf(['purchase', 'merge', 'roll']), id: nullable(text) }),
    occurredAt: instant,
    recordedAt: instant,
    points: whole,
    takenBack: nullable(
      object({
        cause: object({ type: oneOf(['return', 'cancellation', 'undo']), id: nullable(text) }),
        recordedAt: instant,
        pointsTaken: whole,
        pointsGone: whole,
        debt: whole,
        forgiven: whole,
      }),
    ),
    explanation: list(ref('RuleTrace')),
  }),
  PromotionGifts: page(ref('PromotionGift')),
};
