import type { ActivatedPoints, BucketPoints } from '../../kernel/domain-events.js';
import { expiryOf } from '../../kernel/expiry-policy.js';
import { addToDate, endOfDay, localDate, type Instant } from '../../kernel/time.js';
import { attentionAt, type LedgerState } from './ledger-state.js';
import type { Lot } from './lot.js';

/** Waiting points that become usable, or lapse, at one instant. */
export interface ComingOfAge {
  readonly at: Instant;
  readonly activated: readonly ActivatedPoints[];
  readonly cancelled: readonly BucketPoints[];
}

/** What becomes of waiting points by `now`, earliest first. The state must have its open lots loaded. */
export function planComingOfAge(state: LedgerState, now: Instant): readonly ComingOfAge[] {
  const byInstant = new Map<Instant, { activated: ActivatedPoints[]; cancelled: BucketPoints[] }>();
  for (const lot of state.lots.values()) {
    const at = attentionAt(lot);
    if (at > now) continue;
    const due = byInstant.get(at) ?? { activated: [], cancelled: [] };
    byInstant.set(at, due);
    if (lot.awaits) due.cancelled.push(...waitingPoints(lot));
    else due.activated.push(...waitingPoints(lot).map((points) => ({ ...points, ...termsOf(lot) })));
  }
  return [...byInstant].sort(([a], [b]) => a - b).map(([at, due]) => ({ at, ...due }));
}

/** A lot's points that wait, by the bucket they wait in. */
export function waitingPoints(
  lot: Lot,
): readonly (BucketPoints & { readonly from: 'undelivered' | 'pending' })[] {
  const { lotId } = lot;
  return (['undelivered', 'pending'] as const)
    .filter((from) => lot[from] > 0)
    .map((from) => ({ lotId, from, points: lot[from] }));
}

/**
 * The terms of a lot whose awaited event came: usable at once, or from the first instant after `thenDays` whole
 * days; its life counts from then (scenario: "pending 10 days, then 1 month: the month counts from activation").
 */
export function termsAfterEvent(
  lot: Lot,
  occurredAt: Instant,
  timeZone: string,
): { readonly availableAt: Instant; readonly expiresAt: Instant | null } {
  if (!lot.awaits) return termsOf(lot);
  const { thenDays, expiryPolicy } = lot.awaits;
  const availableAt =
    thenDays === 0
      ? occurredAt
      : endOfDay(addToDate(localDate(occurredAt, timeZone), { days: thenDays }), timeZone);
  return { availableAt, expiresAt: expiryOf(expiryPolicy, availableAt, timeZone) };
}

/** A sliding lot has no end of its own. */
function termsOf({ availableAt, expiresAt, slides }: Lot) {
  return { availableAt, expiresAt: slides ? null : expiresAt };
}
