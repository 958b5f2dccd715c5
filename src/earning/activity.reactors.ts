import { reactor } from '../platform/pipeline/index.js';
import { triggerName } from './domain/rule-trigger.js';
import { rulesTriggeredBy } from './earning-rule.kind.js';
import { awardsOfOccasion } from './occasion.js';

/** Works out what an activity earns, by the rules for its type that were in force when it occurred. */
export const earnOnActivity = reactor({
  name: 'earning.earnOnActivity',
  on: 'activity.recorded',
  react: ({ data: { activity, memberActive, extendsExpiry } }, work) => {
    const { activityId: id, type, source, attributes, occurredAt, businessDate } = activity;
    const trigger = triggerName({ type: 'activity', activity: type.id });
    const occasion = {
      source: { kind: 'activity', id, occurredAt, businessDate },
      activity: { type: type.id, source, attributes },
      ...{ memberActive, extendsExpiry },
    } as const;
    return awardsOfOccasion(occasion, rulesTriggeredBy(work.config, occurredAt, trigger), work);
  },
});
