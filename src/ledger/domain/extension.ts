import type { Instant } from '../../kernel/time.js';
import { livePoints, type Lot } from './lot.js';

/**
 * Why a lot cannot be given a later end: none of its points is left, it has no end of its own (it never expires,
 * slides, or awaits the event from which its life counts), or the new end is not later.
 */
export type NotExtendable = 'closed' | 'noEnd' | 'notLater';

/** What keeps a lot from ending at `expiresAt` instead; null when nothing does. */
export function whyNotExtendable(lot: Lot, expiresAt: Instant, now: Instant): NotExtendable | null {
  if (livePoints(lot) === 0) return 'closed';
  if (lot.expiresAt === null || lot.slides) return 'noEnd';
  return expiresAt <= lot.expiresAt || expiresAt <= now ? 'notLater' : null;
}
