import { day, free, instant, list, nullable, object, page, ref, text, whole } from '../kernel/json-schema.js';

const accountFields = {
  balance: ref('Balance'),
  standing: ref('Standing'),
  tierChange: nullable(object({ from: nullable(text), to: text, since: instant })),
};

const identityFields = {
  id: text,
  type: text,
  typeVersion: whole,
  memberId: text,
  accountId: text,
  source: text,
  externalId: text,
  occurredAt: instant,
  recordedAt: instant,
  attributes: free,
};

const activityFields = {
  ...identityFields,
  pointsGranted: whole,
  pointsToDebt: whole,
  grants: list(ref('Grant')),
  ...accountFields,
  explanation: nullable(list(ref('RuleTrace'))),
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

/** What activities answer, by name. */
export const activitySchemas = {
  Activity: object(activityFields),
  RecordedActivity: object({
    ...activityFields,
    actor: text,
    cancellation: nullable(object({ ...cancellationFields, actor: text })),
  }),
  ActivityCancellation: object({
    id: text,
    memberId: text,
    accountId: text,
    ...cancellationFields,
    ...accountFields,
  }),
  Activities: page(
    object({ ...identityFields, businessDate: day, cancelledAt: nullable(instant), actor: text }),
  ),
};
