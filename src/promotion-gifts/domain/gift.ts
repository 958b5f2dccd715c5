import type { GiftId, LotId, PurchaseId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import { addToDate, type Instant, type LocalDate } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';

/** What a gift for a promotion is given for. */
export interface GiftFacts {
  readonly giftId: GiftId;
  readonly rule: VersionRef;
  /** The rung that was reached or passed. */
  readonly tier: string;
  /** From when on that rung is held. */
  readonly since: Instant;
  /** When what brought the promotion occurred. */
  readonly occurredAt: Instant;
  readonly businessDate: LocalDate;
  /** The receipt that brought it; null where none did. */
  readonly purchaseId: PurchaseId | null;
}

/** A gift that brought points. */
export interface Gift extends GiftFacts {
  readonly points: Points;
  readonly lotIds: readonly LotId[];
  /** Its promotion was taken back, and the gift with it. */
  readonly takenBack: boolean;
  /** Of a gift that was taken back, the spent points that the programme let the member keep. */
  readonly forgiven: Points;
}

/** The shortest time between two gifts of one rule for one rung, in days: falling and rising again brings no second. */
export const DAYS_BETWEEN_GIFTS = 330;

/** A promotion for which a rule would give. */
export interface Occasion {
  readonly ruleId: string;
  readonly tier: string;
  readonly day: LocalDate;
}

/**
 * Whether a rule gave for the same rung, or a higher one, less than 330 days before or after a day. What was taken back
 * whole does not count; what a member was let keep does.
 * @param rungs keys of the ladder, lowest first; a key that is not among them counts as the first.
 * @param dayOf the business day of an instant.
 */
export function wasGivenLately(
  gifts: readonly Gift[],
  { ruleId, tier, day }: Occasion,
  rungs: readonly string[],
  dayOf: (at: Instant) => LocalDate,
): boolean {
  return gifts.some(({ rule, tier: given, since, takenBack, forgiven }) => {
    if (rule.id !== ruleId || (takenBack && forgiven === 0)) return false;
    const last = dayOf(since);
    const isNear =
      day < addToDate(last, { days: DAYS_BETWEEN_GIFTS }) &&
      last < addToDate(day, { days: DAYS_BETWEEN_GIFTS });
    return isNear && rankOf(rungs, given) >= rankOf(rungs, tier);
  });
}

/** The place of a rung, from 0; one that the ladder does not have counts as the first. */
export function rankOf(rungs: readonly string[], key: string | null): number {
  return key === null ? 0 : Math.max(0, rungs.indexOf(key));
}

/** The rungs above one, up to another, lowest first; none for a step down. */
export function rungsPassed(rungs: readonly string[], from: string | null, to: string): readonly string[] {
  return rungs.slice(rankOf(rungs, from) + 1, rankOf(rungs, to) + 1);
}
