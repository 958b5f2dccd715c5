import type { Instant } from '../../kernel/time.js';

/** 30 days: points on hold come free again within a month, however often the hold is extended. */
export const MAX_HOLD_FROM_START_SECONDS = 2_592_000;

/** The last instant to which a hold may be extended. */
export function latestHoldEnd(authorisedAt: Instant): Instant {
  return authorisedAt + MAX_HOLD_FROM_START_SECONDS * 1000;
}

/** The end of a hold that is to last `holdSeconds` from now: never earlier than it is. */
export function extendedHoldEnd(holdExpiresAt: Instant, holdSeconds: number, now: Instant): Instant {
  return Math.max(holdExpiresAt, now + holdSeconds * 1000);
}
