import { reactor } from '../platform/pipeline/index.js';
import { triggerName } from './domain/rule-trigger.js';
import { rulesTriggeredBy } from './earning-rule.kind.js';
import { awardsOfOccasion } from './occasion.js';

/** Works out what a registration for a campaign earns by itself, by the rules in force when the member registered. */
export const earnOnRegistration = reactor({
  name: 'earning.earnOnRegistration',
  on: 'campaign.registered',
  react: ({ data: { registration } }, work) => {
    const { registrationId: id, campaign, registeredAt: occurredAt, businessDate } = registration;
    const trigger = triggerName({ type: 'registration', campaign: campaign.id });
    const source = { kind: 'registration', id, occurredAt, businessDate } as const;
    // Only active members register.
    const occasion = { source, memberActive: true, extendsExpiry: false };
    return awardsOfOccasion(occasion, rulesTriggeredBy(work.config, occurredAt, trigger), work);
  },
});
