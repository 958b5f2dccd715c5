import type { PublishedMeasure } from './published-rules.js';
import type { Tier, TierSet } from './tier-set.js';

/** Why a field of a ladder cannot be meant, with the place of the field in the body. */
export interface LadderFault {
  readonly pointer: string;
  readonly code: 'FIRST_TIER' | 'NO_SUCCESSOR' | 'NO_END' | 'NOT_A_LADDER';
  readonly detail: string;
}

/** What is wrong with a ladder whose keys and thresholds are right. */
export function ladderFaults(set: TierSet): readonly LadderFault[] {
  return [...firstTierFaults(set), ...successorFaults(set), ...endFaults(set), ...orderFaults(set)];
}

/** Every member is on the first tier at the beginning, so it is not kept, ended or closed. */
function firstTierFaults({ tiers: [first] }: TierSet): readonly LadderFault[] {
  const detail =
    'Members begin on the first tier: nothing is to be kept, it has no end, and it is not retired.';
  return (['keep', 'validity', 'noDowngrade', 'retired'] as const)
    .filter((field) => first?.[field] !== undefined)
    .map((field) => ({ pointer: `/tiers/0/${field}`, code: 'FIRST_TIER', detail }));
}

function successorFaults({ tiers }: TierSet): readonly LadderFault[] {
  return tiers.flatMap(({ retired }, index) => {
    const successor = retired?.successor;
    if (successor === undefined) return [];
    if (tiers.some(({ key, retired: gone }) => key === successor && !gone)) return [];
    const detail = `${successor} is no tier of the ladder that members can enter.`;
    return [{ pointer: `/tiers/${index}/retired/successor`, code: 'NO_SUCCESSOR' as const, detail }];
  });
}

/** A window over the validity needs one that ends, and a grace something that is evaluated. */
function endFaults({ tiers, validity: common, grace }: TierSet): readonly LadderFault[] {
  const detail = 'The tier has no validity that ends, over which this could be counted.';
  const windows = tiers.flatMap(({ keep, validity = common }, index) => {
    const ends = validity && validity.type !== 'forever' && validity.type !== 'whileQualified';
    const counts = keep && measuresOf(keep).some(({ window }) => window.type === 'validity');
    return counts && !ends ? [{ pointer: `/tiers/${index}/keep`, code: 'NO_END' as const, detail }] : [];
  });
  const evaluates = [common, ...tiers.map(({ validity }) => validity)].some(
    (validity) => validity !== undefined && validity.type !== 'forever',
  );
  if (!grace || evaluates) return windows;
  const idle = 'No tier is ever evaluated, so there is nothing to wait for.';
  return [...windows, { pointer: '/grace', code: 'NO_END', detail: idle }];
}

/** Tiers that ask for one measure over one window must ask for more and more of it. */
function orderFaults({ tiers, measure, window }: TierSet): readonly LadderFault[] {
  const asked = new Map<string, number>();
  return tiers.slice(1).flatMap((tier, index) => {
    const single = singleOf(tier, { measure, window, value: tier.threshold });
    if (!single) return [];
    const name = JSON.stringify([single.measure, single.window]);
    const before = asked.get(name) ?? 0;
    asked.set(name, single.value);
    if (single.value > before) return [];
    const detail = 'The tier asks for no more than one before it.';
    return [{ pointer: `/tiers/${index + 1}`, code: 'NOT_A_LADDER' as const, detail }];
  });
}

function singleOf({ reach }: Tier, threshold: PublishedMeasure): PublishedMeasure | null {
  if (!reach) return threshold;
  return reach.type === 'measure' ? reach : null;
}

function measuresOf(requirement: NonNullable<Tier['keep']>): readonly PublishedMeasure[] {
  return requirement.type === 'measure' ? [requirement] : requirement.of;
}
