import {
  balanceOf,
  expirePast,
  ledgerSlice,
  planAwaitedEvent,
  waitingPoints,
  type ActivatedPoints,
  type Lot,
} from '../ledger/index.js';
import type { BucketPoints, DomainEvent } from '../kernel/domain-events.js';
import type { PurchaseId } from '../kernel/ids.js';
import { CANCELLED } from '../kernel/pending-policy.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { wordForm } from '../kernel/texts.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { checkBackdating } from './check-backdating.js';
import { CLOCK_SKEW_MS } from './domain/purchase-body.js';
import { purchaseProblems } from './problems.js';

/** Something that happened to an order, checked in form. */
export interface ReportEventBody {
  readonly purchaseId: PurchaseId;
  /** Lower-camel name. */
  readonly type: string;
  readonly occurredAt: Instant | null;
}

/**
 * Releases what the receipt's lots await of an event, or gives up all of them that wait. Whatever was done before
 * is not done again: points wait no longer. The counterparty is where the lots are, if that is another account than the
 * one the buyer has now: they stayed in a household that was left, or went on from there.
 */
export const reportEvent: CommandHandler<ReportEventBody> = {
  type: 'purchase.event',
  needsLazyRows: () => true,
  // The lots of the receipt are loaded with it.
  preload: 'referenced',
  referencedIds: ({ purchaseId }) => [purchaseId],
  unknownTarget: notFound,
  naturalConflict: notFound,
  unknownCounterparty: notFound,
  decide: (body, work, elsewhere) => {
    const place = elsewhere ?? work;
    const occurredAt = body.occurredAt ?? work.now;
    if (occurredAt > work.now + CLOCK_SKEW_MS) {
      const detail = `occurredAt is more than ${CLOCK_SKEW_MS / 1000} seconds ahead of the server's clock.`;
      const errors = [{ pointer: '/occurredAt', code: 'OCCURRED_IN_FUTURE', detail }];
      return refuse(purchaseProblems.problem('OCCURRED_IN_FUTURE', detail, { errors }));
    }
    const backdated = checkBackdating('receipt', occurredAt, '/occurredAt', work);
    if (!backdated.ok) return backdated;
    const beyondBound = backdated.value;
    const first = place.events.length;
    const lots = [...place.account(ledgerSlice).lots.values()].filter(
      (lot) => lot.purchaseId === body.purchaseId && waitingPoints(lot).length > 0,
    );
    const done =
      body.type === CANCELLED ? cancel(body, lots, place) : release(body, lots, beyondBound, place);
    if (!done.ok) return done;
    return ok({
      status: 200,
      body: {
        purchaseId: body.purchaseId,
        type: body.type,
        occurredAt: formatInstant(occurredAt),
        accountId: place.accountId,
        ...whatMoved(place.events.slice(first)),
        balance: balanceOf(work.account(ledgerSlice)),
      },
    });
  },
};

function cancel(
  { purchaseId, occurredAt }: ReportEventBody,
  lots: readonly Lot[],
  place: Work,
): Result<void, Problem> {
  if (lots.length === 0) return ok(undefined);
  const cause = { type: 'purchase', id: purchaseId } as const;
  const at = Math.max(occurredAt ?? place.now, ...lots.map(({ earnedAt }) => earnedAt));
  const waiting = lots.flatMap(waitingPoints);
  // What they counted for is the buyer's, whose own account this command has loaded.
  return place.emit({ type: 'points.cancelled', data: { cause, lots: waiting }, occurredAt: at });
}

function release(
  { purchaseId, type, occurredAt }: ReportEventBody,
  lots: readonly Lot[],
  beyondBound: boolean,
  work: Work,
): Result<void, Problem> {
  const awaiting = lots.filter(({ awaits }) => awaits && wordForm(awaits.event) === wordForm(type));
  if (awaiting.length === 0) return ok(undefined);
  const cause = { type: 'purchase', id: purchaseId } as const;
  const at = occurredAt ?? work.now;
  const { steps, slidingExpiresAt } = planAwaitedEvent(awaiting, at, work.now, work.config.timeZone);
  if (slidingExpiresAt !== null) {
    const slid = work.emit({
      type: 'expiry.slid',
      data: { cause, expiresAt: slidingExpiresAt },
      occurredAt: at,
    });
    if (!slid.ok) return slid;
  }
  for (const step of steps) {
    const moved = work.emit({
      type: step.type,
      data: { cause, lots: step.lots },
      occurredAt: step.at,
      beyondBound,
    });
    if (!moved.ok) return moved;
  }
  return expirePast(work);
}

/** What the event did, by lot: usable now, usable later, given up. */
function whatMoved(events: readonly DomainEvent[]) {
  const released = (type: 'points.activated' | 'points.delivered') =>
    events.flatMap((event) => (event.type === type ? event.data.lots.map(releasedView) : []));
  const activated = released('points.activated');
  const usable = new Set(activated.map(({ lotId }) => lotId));
  return {
    activated,
    delivered: released('points.delivered').filter(({ lotId }) => !usable.has(lotId)),
    cancelled: events.flatMap((event) =>
      event.type === 'points.cancelled' ? event.data.lots.map(cancelledView) : [],
    ),
  };
}

function releasedView({ lotId, points, availableAt, expiresAt }: ActivatedPoints) {
  return {
    lotId,
    points,
    availableAt: availableAt === null ? null : formatInstant(availableAt),
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
  };
}

function cancelledView({ lotId, points }: BucketPoints) {
  return { lotId, points };
}

function notFound({ purchaseId }: ReportEventBody): Problem {
  return purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${purchaseId}.`);
}
