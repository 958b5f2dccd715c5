import type { Award } from '../../kernel/domain-events.js';
import { expiryOf, slidingExpiryOf, type ExpiryPolicy } from '../../kernel/expiry-policy.js';
import { activationOf, cancelAtOf, type PendingPolicy } from '../../kernel/pending-policy.js';
import type { Instant } from '../../kernel/time.js';

export type AwardTerms = Pick<Award, 'availableAt' | 'expiresAt' | 'awaits' | 'slides' | 'expiryPolicy'>;

/**
 * From when until when points of a receipt can be used. Their life is counted from the day on which they become
 * usable; of points that await an event it is not known yet.
 */
export function awardTerms(
  pending: PendingPolicy,
  expiryPolicy: ExpiryPolicy,
  occurredAt: Instant,
  zone: string,
): AwardTerms {
  const slides = expiryPolicy.type === 'sliding';
  const cancelAt = cancelAtOf(pending, occurredAt, zone);
  if (pending.type === 'event' && cancelAt !== null) {
    const { event, thenDays } = pending;
    const awaits = { event, thenDays, cancelAt };
    return { availableAt: occurredAt, expiresAt: null, awaits, slides, expiryPolicy };
  }
  const availableAt = activationOf(pending, occurredAt, zone) ?? occurredAt;
  const expiresAt = expiryOf(expiryPolicy, availableAt, zone);
  return { availableAt, expiresAt, awaits: null, slides, expiryPolicy };
}

/**
 * The end that a receipt gives an account's sliding points: the furthest that any policy in force for the member
 * comes to from the receipt, or an award's own from the day on which it becomes usable. Null when none slides.
 */
export function slidingEnd(
  policies: readonly ExpiryPolicy[],
  awards: readonly AwardTerms[],
  occurredAt: Instant,
  zone: string,
): Instant | null {
  const ends = [
    ...policies.map((policy) => slidingExpiryOf(policy, occurredAt, zone)),
    ...awards.map(({ expiryPolicy, availableAt }) => slidingExpiryOf(expiryPolicy, availableAt, zone)),
  ];
  return ends.reduce((furthest, end) => (end !== null && end > (furthest ?? 0) ? end : furthest), null);
}
