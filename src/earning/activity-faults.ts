import { activityTypeFrom, unreadable } from '../activity-types/index.js';
import type { FieldError } from '../kernel/problem.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { EarningRule } from './domain/earning-rule.js';
import { triggerOf } from './domain/rule-trigger.js';
import { compiledConditions } from './rule-conditions.js';

/** What of a rule about activities, or of what it asks of those of before, fits no type that is in force from then on. */
export function activityFaults(
  rule: EarningRule,
  config: ConfigSnapshot,
  from: Instant,
): readonly FieldError[] {
  const { receipt, line } = compiledConditions(rule);
  const past = [
    ...undeclared(receipt?.activityTypes ?? [], '/condition', config, from),
    ...undeclared(line?.activityTypes ?? [], '/lines/condition', config, from),
  ];
  if (past.length > 0) return past;
  const trigger = triggerOf(rule);
  if (trigger.type !== 'activity') return [];
  const type = activityTypeFrom(config, trigger.activity, from);
  if (!type) {
    const detail = `No activity type ${trigger.activity} is in force from then on. Publish the type first.`;
    return [{ pointer: '/trigger/activity', code: 'ACTIVITY_TYPE_UNKNOWN', detail }];
  }
  const detail = unreadable(type.body, receipt?.keys ?? []);
  return detail === null ? [] : [{ pointer: '/condition', code: 'CONDITION_UNKNOWN_NAME', detail }];
}

function undeclared(
  types: readonly string[],
  pointer: string,
  config: ConfigSnapshot,
  from: Instant,
): readonly FieldError[] {
  const unknown = types.filter((type) => !activityTypeFrom(config, type, from));
  return unknown.map((type) => {
    const detail = `No activity type ${type} is in force from then on. Publish the type first.`;
    return { pointer, code: 'ACTIVITY_TYPE_UNKNOWN', detail };
  });
}
