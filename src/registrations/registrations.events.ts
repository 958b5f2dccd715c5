import { instant, nullable, object, oneOf, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';
import type { RegistrationFacts } from './domain/registration-facts.js';

const fields = {
  registrationId: text,
  memberId: text,
  campaignId: text,
  campaignVersion: whole,
  registeredAt: instant,
};

const fieldsOf = ({ registrationId, campaign, registeredAt }: RegistrationFacts, memberId: string) => ({
  registrationId,
  memberId,
  campaignId: campaign.id,
  campaignVersion: campaign.version,
  registeredAt: formatInstant(registeredAt),
});

export const registrationEvents = [
  publicEvent({
    from: 'campaign.registered',
    type: 'campaign.registered',
    version: 1,
    schema: object(fields),
    payload: ({ data: { registration }, memberId }) => fieldsOf(registration, memberId),
  }),
  publicEvent({
    from: 'campaign.cancelled',
    type: 'campaign.cancelled',
    version: 1,
    schema: object({
      ...fields,
      cause: oneOf(['request', 'merge']),
      reason: nullable(text),
      pointsTaken: whole,
      pointsGone: whole,
      debt: whole,
      forgiven: whole,
    }),
    payload: ({ data: { registration, cause, cancellation }, memberId }) => ({
      ...fieldsOf(registration, memberId),
      cause,
      reason: cancellation.reason,
      pointsTaken: cancellation.pointsTaken,
      pointsGone: cancellation.gone,
      debt: cancellation.debt,
      forgiven: cancellation.forgiven,
    }),
  }),
];
