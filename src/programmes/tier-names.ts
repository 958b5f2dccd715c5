import type { Problem } from '../kernel/problem.js';
import type { Instant } from '../kernel/time.js';
import { escapePointer } from '../platform/http/validation.js';
import type { ConfigKind, ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { programmeProblems } from './problems.js';

export const TIER_SET_KIND = 'tier-set';
/** A programme has one ladder; its versions follow each other under this key. */
export const TIER_SET_KEY = 'main';

/** A ladder, as far as names of tiers go. */
const ladders: ConfigKind<{
  readonly tiers: readonly { readonly key: string; readonly name?: string }[];
}> = { name: TIER_SET_KIND };

/** What members call the tiers of the ladder in force; a tier that it has not is called by its key. */
export function tierNames(config: ConfigSnapshot, at: Instant): (key: string) => string {
  const tiers = config.find(ladders, TIER_SET_KEY, at)?.body.tiers ?? [];
  const names = new Map(tiers.map(({ key, name }) => [key, name]));
  return (key) => names.get(key) ?? key;
}

/**
 * The refusal of what names a tier that no ladder has: not the one in force from then on, nor a later one.
 * @param pointer where in the draft the names stand.
 */
export function unknownTiers(
  config: ConfigSnapshot,
  names: readonly string[],
  pointer: string,
  from: Instant,
): Problem | null {
  const inForce = config.find(ladders, TIER_SET_KEY, from);
  const later = config.versions(ladders, TIER_SET_KEY).filter(({ effectiveAt }) => effectiveAt > from);
  const known = new Set(
    [...(inForce ? [inForce] : []), ...later].flatMap(({ body }) => body.tiers.map(({ key }) => key)),
  );
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return null;
  const detail = `No ladder in force from then on has the tier ${unknown.join(', ')}. Publish the ladder first, or leave it out.`;
  const errors = unknown.map((name) => ({
    pointer: `${pointer}/${escapePointer(name)}`,
    code: 'TIER_UNKNOWN',
    detail: `No ladder has the tier ${name}.`,
  }));
  return programmeProblems.problem('TIER_UNKNOWN', detail, { errors, meta: { tiers: unknown } });
}
