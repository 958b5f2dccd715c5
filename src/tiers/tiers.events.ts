import { day, instant, nullable, object, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';
import { purchaseOf } from './tiers.slice.js';

export const tierEvents = [
  publicEvent({
    from: 'status.counted',
    type: 'status.counted',
    version: 1,
    schema: object({ memberId: text, purchaseId: text, businessDate: day, statusPoints: whole }),
    payload: ({ data }) => ({
      memberId: data.memberId,
      purchaseId: data.purchaseId,
      businessDate: data.day,
      statusPoints: data.points,
    }),
  }),
  publicEvent({
    from: 'tier.changed',
    type: 'tier.changed',
    version: 1,
    schema: object({
      memberId: text,
      from: nullable(text),
      to: text,
      since: instant,
      tierSetVersion: whole,
      purchaseId: nullable(text),
    }),
    payload: ({ data, memberId }) => ({
      memberId,
      from: data.from,
      to: data.to,
      since: formatInstant(data.since),
      tierSetVersion: data.tierSet.version,
      // The receipt that brought a promotion, or whose return took one back; a merge has none.
      purchaseId: purchaseOf(data.cause),
    }),
  }),
];
