import { formatInstant, localDate, type Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import {
  changeAt,
  progressAt,
  tierAt,
  type StandingState,
  type TierCause,
  type TierChange,
} from './domain/standing.js';
import type { TierSet } from './domain/tier-set.js';
import { tierSetInForce } from './tier-set.kind.js';

/** A member's standing as the API shows it; `tier` is null while the programme has no ladder. */
export interface StandingView {
  readonly tier: string | null;
  readonly since: string;
  /** Null: lasts until a later rule ends it. */
  readonly validUntil: string | null;
  readonly nextTier: string | null;
  readonly progress: readonly {
    readonly measure: string;
    readonly value: number;
    readonly toKeep: number;
    readonly toNext: number | null;
  }[];
  /** What led to it; of a return both the return and the receipt whose goods came back. */
  readonly reason: {
    readonly type: 'enrolment' | TierCause;
    readonly purchaseId: string | null;
    readonly returnId: string | null;
  };
}

export function standingView(state: StandingState, config: ConfigSnapshot, at: Instant): StandingView {
  const set = tierSetInForce(config, at);
  const change = changeAt(state, at);
  const since = formatInstant(change?.since ?? state.enrolledAt);
  const { purchaseId = null, returnId = null } = change ?? {};
  const type = change ? (change.cause ?? causeBefore(change, set?.body)) : 'enrolment';
  const reason = { type, purchaseId, returnId } as const;
  if (!set) return { tier: null, since, validUntil: null, nextTier: null, progress: [], reason };
  const tier = tierAt(state, set.body, at);
  const progress = progressAt(state, set.body, tier, localDate(at, config.timeZone));
  return {
    tier: tier.key,
    since,
    validUntil: null,
    nextTier: progress.next?.key ?? null,
    progress: [
      { measure: set.body.measure, value: progress.value, toKeep: progress.toKeep, toNext: progress.toNext },
    ],
    reason,
  };
}

/**
 * What led to a change from before its cause was kept: one without a receipt came with a merge, one of a receipt that
 * went down with the cancellation of its points.
 */
function causeBefore({ purchaseId, returnId, from, to }: TierChange, set: TierSet | undefined): TierCause {
  if (returnId !== null) return 'return';
  if (purchaseId === null) return 'merge';
  const rung = (tier: string | null) => set?.tiers.findIndex(({ key }) => key === tier) ?? -1;
  return rung(to) < rung(from) ? 'cancellation' : 'purchase';
}
