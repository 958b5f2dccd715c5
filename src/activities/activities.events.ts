import { free, instant, nullable, object, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';
import type { ActivityFacts } from './domain/activity-facts.js';

const fields = {
  activityId: text,
  memberId: text,
  activityType: text,
  typeVersion: whole,
  source: text,
  externalId: text,
  occurredAt: instant,
};

const fieldsOf = ({ activityId, type, source, externalId, occurredAt }: ActivityFacts, memberId: string) => ({
  activityId,
  memberId,
  activityType: type.id,
  typeVersion: type.version,
  source,
  externalId,
  occurredAt: formatInstant(occurredAt),
});

export const activityEvents = [
  publicEvent({
    from: 'activity.recorded',
    type: 'activity.recorded',
    version: 1,
    schema: object({ ...fields, attributes: free }),
    payload: ({ data: { activity }, memberId }) => ({
      ...fieldsOf(activity, memberId),
      attributes: activity.attributes,
    }),
  }),
  publicEvent({
    from: 'activity.cancelled',
    type: 'activity.cancelled',
    version: 1,
    schema: object({
      ...fields,
      reason: nullable(text),
      pointsTaken: whole,
      pointsGone: whole,
      debt: whole,
      forgiven: whole,
    }),
    payload: ({ data: { activity, cancellation }, memberId }) => ({
      ...fieldsOf(activity, memberId),
      reason: cancellation.reason,
      pointsTaken: cancellation.pointsTaken,
      pointsGone: cancellation.gone,
      debt: cancellation.debt,
      forgiven: cancellation.forgiven,
    }),
  }),
];
