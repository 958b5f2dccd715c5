import { localDate, type Instant } from '../kernel/time.js';
import { TIER_SET_KEY, TIER_SET_KIND } from '../programmes/index.js';
import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { LadderInTime } from './domain/step-down.js';
import type { TierSet } from './domain/tier-set.js';

export const tierSetKind: ConfigKind<TierSet> = { name: TIER_SET_KIND };

export function tierSetInForce(config: ConfigSnapshot, at: Instant): Published<TierSet> | undefined {
  return config.find(tierSetKind, TIER_SET_KEY, at);
}

/** The tiers that a ladder in force at an instant has, or a later one will have. */
export function tierKeysFrom(config: ConfigSnapshot, at: Instant): readonly string[] {
  const inForce = tierSetInForce(config, at);
  const later = config.versions(tierSetKind, TIER_SET_KEY).filter(({ effectiveAt }) => effectiveAt > at);
  const ladders = inForce ? [inForce, ...later] : later;
  return [...new Set(ladders.flatMap(({ body }) => body.tiers.map(({ key }) => key)))];
}

/**
 * Every ladder that was in force by an instant, with the days of its time. One that was published for a time of before
 * does not end the time of those that were in force then: what they gave stays justified.
 */
export function laddersUntil(config: ConfigSnapshot, at: Instant): readonly LadderInTime[] {
  const versions = config.versions(tierSetKind, TIER_SET_KEY).filter(({ effectiveAt }) => effectiveAt <= at);
  return versions.map(({ version, effectiveAt, body }) => {
    const next = versions
      .filter((other) => other.version > version && other.effectiveAt > effectiveAt)
      .map((other) => other.effectiveAt);
    return {
      version,
      set: body,
      from: localDate(effectiveAt, config.timeZone),
      through: next.length === 0 ? null : localDate(Math.min(...next), config.timeZone),
    };
  });
}
