import {
  day,
  instant,
  list,
  nullable,
  object,
  oneOf,
  page,
  ref,
  text,
  whole,
} from '../kernel/json-schema.js';

const registrationFields = {
  id: text,
  campaignId: text,
  campaignVersion: whole,
  memberId: text,
  registeredAt: instant,
  businessDate: day,
  pointsGranted: whole,
};

const cancellationFields = {
  cancelledAt: instant,
  reason: nullable(text),
  pointsTaken: whole,
  pointsGone: whole,
  debt: whole,
  forgiven: whole,
  takenFrom: list(object({ lotId: text, points: whole })),
};

/** What registrations answer, by name. */
export const registrationSchemas = {
  Registration: object({ ...registrationFields, explanation: nullable(list(ref('RuleTrace'))) }),
  RecordedRegistration: object({
    ...registrationFields,
    actor: text,
    cancellation: nullable(
      object({ ...cancellationFields, cause: oneOf(['request', 'merge']), actor: text }),
    ),
    explanation: nullable(list(ref('RuleTrace'))),
  }),
  RegistrationCancellation: object({
    id: text,
    campaignId: text,
    memberId: text,
    accountId: text,
    ...cancellationFields,
    balance: ref('Balance'),
  }),
  Registrations: page(object({ ...registrationFields, cancelledAt: nullable(instant), actor: text })),
};
