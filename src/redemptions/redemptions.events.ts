import { list, nullable, object, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';
import { discountGivenBackMinor } from './domain/reversal.js';
import { firstRedemptionFields, redemptionFields } from './redemptions.schemas.js';
import { firstRedemptionView, redemptionView } from './redemption-view.js';

const schema = object({ redemption: object(firstRedemptionFields) });

const payload = (event: { readonly data: { readonly redemption: RedemptionFacts } }) => ({
  redemption: firstRedemptionView(event.data.redemption),
});

export const redemptionEvents = [
  publicEvent({ from: 'redemption.authorised', type: 'redemption.authorised', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.captured', type: 'redemption.captured', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.used', type: 'redemption.used', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.voided', type: 'redemption.voided', version: 1, schema, payload }),
  publicEvent({
    from: 'redemption.extended',
    type: 'redemption.extended',
    version: 1,
    schema: object({ redemption: object(redemptionFields) }),
    payload: ({ data: { redemption } }) => ({ redemption: redemptionView(redemption) }),
  }),
  publicEvent({
    from: 'redemption.reversed',
    type: 'redemption.reversed',
    version: 1,
    schema: object({
      redemption: object(redemptionFields),
      cause: object({ type: text, id: text }),
      points: whole,
      discountMinor: whole,
      lots: list(object({ lotId: text, points: whole })),
      reason: nullable(text),
    }),
    payload: ({ data: { redemption, lots, cause, reason = null } }) => {
      const points = lots.reduce((sum, lot) => sum + lot.points, 0);
      const discountMinor = discountGivenBackMinor(redemption, points);
      return { redemption: redemptionView(redemption), cause, points, discountMinor, lots, reason };
    },
  }),
];
