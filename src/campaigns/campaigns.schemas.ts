import { day, nullable, object, text, whole } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** What campaigns answer, by name. */
export const campaignSchemas = {
  ...configSchemas('Campaign', 'CampaignDto'),
  CampaignPlaces: object({
    campaignId: text,
    version: whole,
    places: object({ inAll: nullable(whole), perDay: nullable(whole) }),
    left: object({ inAll: nullable(whole), today: nullable(whole) }),
    day,
  }),
};
