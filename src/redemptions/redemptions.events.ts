import type { RedemptionFacts } from '../kernel/domain-events.js';
import { instant, list, nullable, object, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { redemptionView } from './redemption-view.js';

const redemption = object({
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
});

const schema = object({ redemption });

const payload = (event: { readonly data: { readonly redemption: RedemptionFacts } }) => ({
  redemption: redemptionView(event.data.redemption),
});

export const redemptionEvents = [
  publicEvent({ from: 'redemption.authorised', type: 'redemption.authorised', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.captured', type: 'redemption.captured', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.used', type: 'redemption.used', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.voided', type: 'redemption.voided', version: 1, schema, payload }),
];
