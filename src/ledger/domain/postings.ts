import type { Cause, DomainEvent, LotOrigin } from '../../kernel/domain-events.js';
import type { LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { Destination, Lot, LotBucket, Source } from './lot.js';
import type { EventCode } from './movement.js';

/** New terms of a lot, from a movement on. */
export interface Terms {
  readonly availableAt?: Instant;
  readonly expiresAt?: Instant | null;
}

/** One movement to be: points of a lot (or of no lot, for a debt) from a bucket to another, and why. */
export interface Posting {
  readonly lotId: LotId | null;
  readonly from: Source;
  readonly to: Destination;
  readonly points: Points;
  readonly eventCode: EventCode | null;
  readonly cause: Cause;
  readonly terms: Terms | null;
}

/** The accounting event under which points of an origin begin to be owed (docs/accounting.md#kinds-of-points). */
const EARN_CODE: Readonly<Record<LotOrigin, EventCode>> = {
  purchase: 'E01',
  purchase_conditional: 'E01',
  non_purchase: 'E02',
  goodwill: 'E02',
  sale_compensation: 'E03',
};

/**
 * Which movements an event stands for; none for an event that moves no points.
 * @param lotOf finds a lot of the account as it is before the event.
 */
export function postingsOf(event: DomainEvent, lotOf: (lotId: LotId) => Lot): readonly Posting[] {
  switch (event.type) {
    case 'lots.granted': {
      const { lots, cause } = event.data;
      return lots.map((lot) => {
        const code = cause.type === 'opening' ? 'E26' : EARN_CODE[lot.origin];
        return posting(
          lot,
          'issued',
          lot.state,
          lot.state === 'undelivered' ? null : code,
          lot.source ?? cause,
        );
      });
    }
    case 'lots.received': {
      const { lots, cause } = event.data;
      return lots.map((lot) =>
        posting(lot, 'issued', lot.state, lot.state === 'undelivered' ? null : 'E19', cause),
      );
    }
    case 'points.sent':
      return event.data.lots.map((lot) =>
        posting(lot, lot.from, 'moved', lot.from === 'undelivered' ? null : 'E19', event.data.cause),
      );
    case 'points.delivered':
    case 'points.activated': {
      const to = event.type === 'points.delivered' ? 'pending' : 'available';
      return event.data.lots.map((lot) => {
        const code = lot.from === 'undelivered' ? EARN_CODE[lotOf(lot.lotId).origin] : null;
        const { availableAt, expiresAt } = lot;
        return posting(lot, lot.from, to, code, ofLot(event.data.cause, lot.lotId), {
          availableAt,
          expiresAt,
        });
      });
    }
    case 'points.cancelled': {
      // What lapses because its condition failed, or whose member is closed, is forfeited; what is called off goes
      // back with its sale.
      const { type } = event.data.cause;
      const code = type === 'activation' || type === 'closing' ? 'E15' : 'E17';
      return event.data.lots.map((lot) =>
        posting(
          lot,
          lot.from,
          'cancelled',
          lot.from === 'undelivered' ? null : code,
          ofLot(event.data.cause, lot.lotId),
        ),
      );
    }
    case 'points.corrected':
    case 'points.returned':
      return event.data.lots.map((lot) => {
        const owed = lot.from === 'available' || lot.from === 'pending';
        const code = event.type === 'points.corrected' ? 'E24' : 'E17';
        return posting(lot, lot.from, 'returned', owed ? code : null, event.data.cause);
      });
    case 'debt.incurred': {
      const { points, cause } = event.data;
      return [{ lotId: null, from: 'none', to: 'debt', points, eventCode: null, cause, terms: null }];
    }
    case 'debt.moved': {
      const { points, cause } = event.data;
      return [{ lotId: null, from: 'debt', to: 'none', points, eventCode: null, cause, terms: null }];
    }
    case 'lots.extended':
      return event.data.lots.map(({ lotId, expiresAt }) => {
        const lot = lotOf(lotId);
        const bucket = lot.available > 0 ? 'available' : lot.pending > 0 ? 'pending' : 'held';
        const moved = { lotId, points: lot[bucket] };
        return posting(moved, bucket, bucket, null, event.data.cause, { expiresAt });
      });
    default:
      return simplePostings(event);
  }
}

/** Events whose lots all take the same step. */
function simplePostings(event: DomainEvent): readonly Posting[] {
  switch (event.type) {
    case 'debt.settled':
      return event.data.lots.map((lot) => posting(lot, 'available', 'settled', 'E17', event.data.cause));
    case 'points.forfeited':
      return event.data.lots.map((lot) => posting(lot, 'available', 'cancelled', 'E15', event.data.cause));
    case 'points.unforfeited':
      return event.data.lots.map((lot) => posting(lot, 'cancelled', 'available', 'E24', event.data.cause));
    case 'points.expired':
      return event.data.lots.map((lot) =>
        posting(lot, 'available', 'expired', 'E15', { type: 'expiry', id: lot.lotId }),
      );
    case 'points.restored': {
      const { lots, cause } = event.data;
      return lots.map((lot) => {
        const terms = lot.expiresAt === undefined ? null : { expiresAt: lot.expiresAt };
        return posting(lot, 'redeemed', 'available', 'E12', cause, terms);
      });
    }
    case 'points.held':
      return event.data.lots.map((lot) => posting(lot, 'available', 'held', null, redemption(event.data)));
    case 'points.released':
      return event.data.lots.map((lot) => posting(lot, 'held', 'available', null, redemption(event.data)));
    case 'points.redeemed': {
      const { from, lots } = event.data;
      return lots.map((lot) => posting(lot, from, 'redeemed', 'E06', redemption(event.data)));
    }
    default:
      return [];
  }
}

function posting(
  { lotId, points }: { readonly lotId: LotId; readonly points: Points },
  from: Source,
  to: LotBucket,
  eventCode: EventCode | null,
  cause: Cause,
  terms: Terms | null = null,
): Posting {
  return { lotId, from, to, points, eventCode, cause, terms };
}

/** A lot that came of age by itself is its own cause. */
function ofLot(cause: Cause, lotId: LotId): Cause {
  return cause.type === 'activation' ? { type: 'activation', id: lotId } : cause;
}

function redemption({ redemptionId }: { readonly redemptionId: string }): Cause {
  return { type: 'redemption', id: redemptionId };
}
