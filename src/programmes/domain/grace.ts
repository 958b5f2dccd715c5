import { expiryOf } from '../../kernel/expiry-policy.js';
import type { Instant } from '../../kernel/time.js';
import type { ClosingTerms } from './programme-policy.js';

/**
 * When the points are forfeited of a membership that was closed at an instant: then, or at the first instant after the
 * last day of grace, in the programme's zone.
 */
export function graceEnd({ graceDays }: ClosingTerms, closedAt: Instant, timeZone: string): Instant {
  if (graceDays === 0) return closedAt;
  return expiryOf({ type: 'days', days: graceDays }, closedAt, timeZone) ?? closedAt;
}
