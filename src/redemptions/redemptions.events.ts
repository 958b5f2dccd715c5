import type { RedemptionFacts } from '../kernel/domain-events.js';
import { object } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { redemptionFields } from './redemptions.schemas.js';
import { redemptionView } from './redemption-view.js';

const schema = object({ redemption: object(redemptionFields) });

const payload = (event: { readonly data: { readonly redemption: RedemptionFacts } }) => ({
  redemption: redemptionView(event.data.redemption),
});

export const redemptionEvents = [
  publicEvent({ from: 'redemption.authorised', type: 'redemption.authorised', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.captured', type: 'redemption.captured', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.used', type: 'redemption.used', version: 1, schema, payload }),
  publicEvent({ from: 'redemption.voided', type: 'redemption.voided', version: 1, schema, payload }),
];
