import { activityTypeFrom, unreadable } from '../activity-types/index.js';
import type { FieldError } from '../kernel/problem.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { EarningRule } from './domain/earning-rule.js';
import { triggerOf } from './domain/rule-trigger.js';
import { compiledConditions } from './rule-conditions.js';

/** What of a rule about activities fits no type that is in force from then on. */
export function activityFaults(
  rule: EarningRule,
  config: ConfigSnapshot,
  from: Instant,
): readonly FieldError[] {
  const trigger = triggerOf(rule);
  if (trigger.type !== 'activity') return [];
  const type = activityTypeFrom(config, trigger.activity, from);
  if (!type) {
    const detail = `No activity type ${trigger.activity} is in force from then on. Publish the type first.`;
    return [{ pointer: '/trigger/activity', code: 'ACTIVITY_TYPE_UNKNOWN', detail }];
  }
  const detail = unreadable(type.body, compiledConditions(rule).receipt?.keys ?? []);
  return detail === null ? [] : [{ pointer: '/condition', code: 'CONDITION_UNKNOWN_NAME', detail }];
}
