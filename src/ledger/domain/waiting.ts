import type { BucketPoints } from '../../kernel/domain-events.js';
import { expiryOf, slidingExpiryOf } from '../../kernel/expiry-policy.js';
import { groupBy } from '../../kernel/group-by.js';
import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import { addToDate, endOfDay, localDate, type Instant } from '../../kernel/time.js';
import { attentionAt, type LedgerState } from './ledger-state.js';
import type { ActivatedPoints } from './lot-grant.js';
import type { Lot } from './lot.js';

/** Waiting points that become usable, or lapse, at one instant. */
export interface ComingOfAge {
  readonly at: Instant;
  readonly activated: readonly ActivatedPoints[];
  readonly cancelled: readonly BucketPoints[];
}

/**
 * What becomes of waiting points by `now`, earliest first.
 * @throws NeedsMoreRows when lots that need attention by then may be unknown.
 */
export function planComingOfAge(state: LedgerState, now: Instant): readonly ComingOfAge[] {
  if (state.reachesTo < now) throw new NeedsMoreRows(state.accountId, 'what comes of age');
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

/** What becomes of lots whose awaited event was reported, or which were made usable by hand. */
export interface Release {
  readonly steps: readonly ReleaseStep[];
  /** The furthest end that points which slide bring along; null where none do. */
  readonly slidingExpiresAt: Instant | null;
}

export interface ReleaseStep {
  readonly type: 'points.delivered' | 'points.activated';
  readonly at: Instant;
  readonly lots: readonly ActivatedPoints[];
}

/**
 * Releases lots whose awaited event came at `occurredAt`, not before they were earned. Points become usable at
 * once, or, after whole days of waiting, later: then the event sets their terms, and a report that comes so late
 * that these days are over by `now` makes them usable when they were.
 */
export function planAwaitedEvent(
  lots: readonly Lot[],
  occurredAt: Instant,
  now: Instant,
  timeZone: string,
): Release {
  const at = Math.max(occurredAt, ...lots.map(({ earnedAt }) => earnedAt));
  const released = lots.map((lot) => ({ lot, terms: termsAfterEvent(lot, at, timeZone) }));
  const points = released.flatMap(({ lot, terms }) =>
    waitingPoints(lot).map((waiting): ActivatedPoints & { readonly availableAt: Instant } => ({
      ...waiting,
      ...terms,
    })),
  );
  const later = points.filter(({ availableAt }) => availableAt > at);
  const over = groupBy(
    later.filter(({ availableAt }) => availableAt <= now),
    ({ availableAt }) => availableAt,
  );
  const steps: readonly ReleaseStep[] = [
    { type: 'points.delivered', at, lots: later },
    { type: 'points.activated', at, lots: points.filter(({ availableAt }) => availableAt <= at) },
    ...[...over]
      .sort(([a], [b]) => a - b)
      .map(([day, due]) => ({
        type: 'points.activated' as const,
        at: day,
        lots: due.map((lot) => ({ ...lot, from: 'pending' as const })),
      })),
  ];
  return {
    steps: steps.filter((step) => step.lots.length > 0),
    slidingExpiresAt: slidingEndOf(
      released.map(({ lot, terms }) => ({ lot, from: terms.availableAt })),
      timeZone,
    ),
  };
}

/**
 * Makes a lot usable now, whatever it waits for. What awaited an event lives from now on; an end that was fixed
 * stays.
 */
export function planActivation(lot: Lot, now: Instant, timeZone: string): Release {
  const expiresAt = lot.awaits
    ? expiryOf(lot.awaits.expiryPolicy, now, timeZone)
    : lot.slides
      ? null
      : lot.expiresAt;
  const lots = waitingPoints(lot).map((waiting) => ({ ...waiting, availableAt: now, expiresAt }));
  const steps: readonly ReleaseStep[] =
    lots.length === 0 ? [] : [{ type: 'points.activated', at: now, lots }];
  return { steps, slidingExpiresAt: slidingEndOf([{ lot, from: now }], timeZone) };
}

/** Points that slide live at least as long from the day they become usable on as their policy promises. */
function slidingEndOf(
  released: readonly { readonly lot: Lot; readonly from: Instant }[],
  timeZone: string,
): Instant | null {
  const ends = released.map(({ lot, from }) =>
    lot.awaits ? slidingExpiryOf(lot.awaits.expiryPolicy, from, timeZone) : null,
  );
  return ends.reduce((furthest, end) => (end !== null && end > (furthest ?? 0) ? end : furthest), null);
}

/** A sliding lot has no end of its own. */
function termsOf({ availableAt, expiresAt, slides }: Lot) {
  return { availableAt, expiresAt: slides ? null : expiresAt };
}
