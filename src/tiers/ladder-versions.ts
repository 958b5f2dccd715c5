import { localDate, type Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import { ladderOf } from './domain/ladder-of.js';
import type { LadderVersion } from './domain/timed-standing.js';
import { isTimed } from './domain/tier-set.js';
import { dropsTiers } from './dropped-tiers.js';
import { tierSetKind } from './tier-set.kind.js';

const NONE: readonly LadderVersion[] = [];

/** A snapshot never changes, so its ladders are put in order once. */
const known = new WeakMap<ConfigSnapshot, readonly LadderVersion[]>();

/**
 * Every published ladder in the order of its time; none where no ladder has to do with time, so that
 * standings follow from promotions alone.
 */
export function ladderVersions(config: ConfigSnapshot): readonly LadderVersion[] {
  let versions = known.get(config);
  if (!versions) known.set(config, (versions = inOrder(config)));
  return versions;
}

function inOrder(config: ConfigSnapshot): readonly LadderVersion[] {
  const published = config.versions(tierSetKind, TIER_SET_KEY);
  if (!published.some(({ body }) => isTimed(body))) return NONE;
  const ordered = [...published].sort((a, b) => a.effectiveAt - b.effectiveAt || a.version - b.version);
  return ordered.map(({ body, version, effectiveAt }) => ({
    ladder: ladderOf(body),
    from: localDate(effectiveAt, config.timeZone),
    transition: body.transition ?? 'nextRoll',
    version,
    effectiveAt,
    timed: isTimed(body),
  }));
}

/** Those in force by an instant, once one of them has to do with time; else none. */
export function ladderVersionsBy(config: ConfigSnapshot, at: Instant): readonly LadderVersion[] {
  const versions = ladderVersions(config).filter(({ effectiveAt }) => effectiveAt <= at);
  return versions.some(({ timed }) => timed) ? versions : NONE;
}

/** Names the ladders in force by an instant that change standings by themselves; empty where none does. */
export function laddersMet(config: ConfigSnapshot, at: Instant): string {
  if (ladderVersionsBy(config, at).length === 0 && !dropsTiers(config, at)) return '';
  const published = config.versions(tierSetKind, TIER_SET_KEY).filter(({ effectiveAt }) => effectiveAt <= at);
  return published.map(({ version, effectiveAt }) => `${version}@${effectiveAt}`).join(' ');
}
