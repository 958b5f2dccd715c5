import type { Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { ActivityType } from './domain/activity-type.js';

export const activityTypeKind: ConfigKind<ActivityType> = { name: 'activity-type' };

/** The version of an activity type in force at an instant. */
export function activityTypeInForce(
  config: ConfigSnapshot,
  key: string,
  at: Instant,
): Published<ActivityType> | undefined {
  return config.find(activityTypeKind, key, at);
}

/** The version of a type in force from an instant on, or else the first that begins later; undefined: there is none. */
export function activityTypeFrom(
  config: ConfigSnapshot,
  key: string,
  from: Instant,
): Published<ActivityType> | undefined {
  const begins = config.beginsAfter(activityTypeKind, key, from);
  return (
    activityTypeInForce(config, key, from) ??
    (begins === null ? undefined : activityTypeInForce(config, key, begins))
  );
}
