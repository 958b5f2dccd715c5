import type { Instant } from '../kernel/time.js';
import type { Emission } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import { changeAt, type StandingState } from './domain/standing.js';
import { tierSetKind } from './tier-set.kind.js';

interface LadderKeys {
  readonly version: number;
  readonly effectiveAt: Instant;
  readonly first: string;
  readonly keys: ReadonlySet<string>;
}

/** A change to the first tier of the ladder that dropped the member's. */
interface Drop {
  readonly from: string;
  readonly to: string;
  readonly since: Instant;
  readonly version: number;
}

const NONE: readonly LadderKeys[] = [];

/** A snapshot never changes, so its ladders are looked through once. */
const known = new WeakMap<ConfigSnapshot, readonly LadderKeys[]>();

/** The ladders in the order of their time if one of them lacks a tier of another; else none. */
function droppingLadders(config: ConfigSnapshot): readonly LadderKeys[] {
  let ladders = known.get(config);
  if (!ladders) known.set(config, (ladders = inOrder(config)));
  return ladders;
}

function inOrder(config: ConfigSnapshot): readonly LadderKeys[] {
  const ordered = [...config.versions(tierSetKind, TIER_SET_KEY)]
    .sort((a, b) => a.effectiveAt - b.effectiveAt || a.version - b.version)
    .map(({ version, effectiveAt, body: { tiers } }) => ({
      ...{ version, effectiveAt, first: (tiers[0] as { readonly key: string }).key },
      keys: new Set(tiers.map(({ key }) => key)),
    }));
  const all = new Set(ordered.flatMap(({ keys }) => [...keys]));
  return ordered.some(({ keys }) => keys.size < all.size) ? ordered : NONE;
}

/** Whether a ladder in force by an instant lacks a tier of one before it. */
export function dropsTiers(config: ConfigSnapshot, at: Instant): boolean {
  const ladders = droppingLadders(config).filter(({ effectiveAt }) => effectiveAt <= at);
  return ladders.some(({ keys }, index) =>
    ladders.slice(0, index).some((before) => [...before.keys].some((key) => !keys.has(key))),
  );
}

/** The drop of the tier that a member is on, from a ladder without time; null where none drops it. */
export function dropOf(state: StandingState, config: ConfigSnapshot): Drop | null {
  if (state.changes.length === 0) return null;
  const ladders = droppingLadders(config);
  if (ladders.length === 0) return null;
  const { to: from, since } = changeAt(state, Infinity) as { readonly to: string; readonly since: Instant };
  const ladder = ladders.find(
    ({ keys }, index) => !keys.has(from) && (ladders[index + 1]?.effectiveAt ?? Infinity) > since,
  );
  if (!ladder) return null;
  return { from, to: ladder.first, since: Math.max(ladder.effectiveAt, since), version: ladder.version };
}

export function dropped(state: StandingState, config: ConfigSnapshot): readonly Emission[] {
  const drop = dropOf(state, config);
  if (!drop) return [];
  const { version, ...change } = drop;
  const tierSet = { id: TIER_SET_KEY, version };
  return [{ type: 'tier.changed', data: { ...change, tierSet, cause: { type: 'roll' } } }];
}
