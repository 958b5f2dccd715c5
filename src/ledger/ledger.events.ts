import { amount, instant, list, nullable, object, text, whole } from '../kernel/json-schema.js';
import { formatSubLedger } from '../kernel/money.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';

const lotPoints = list(object({ lotId: text, points: whole }));
const cause = object({ type: text, id: text });

/** An event that says no more than why which points of which lots went on. */
const moved = (
  type:
    | 'points.activated'
    | 'points.delivered'
    | 'points.cancelled'
    | 'points.forfeited'
    | 'points.returned'
    | 'points.corrected'
    | 'points.unforfeited'
    | 'points.restored'
    | 'points.sent'
    | 'debt.settled',
) =>
  publicEvent({
    from: type,
    type,
    version: 1,
    schema: object({ cause, points: whole, lots: lotPoints }),
    payload: ({ data: { cause: why, lots } }) => ({
      cause: why,
      points: total(lots),
      lots: lots.map(({ lotId, points }) => ({ lotId, points })),
    }),
  });

export const ledgerEvents = [
  publicEvent({
    from: 'lots.granted',
    type: 'points.granted',
    version: 1,
    schema: object({
      cause,
      purchaseId: nullable(text),
      points: whole,
      lots: list(
        object({
          lotId: text,
          ruleId: nullable(text),
          ruleVersion: nullable(whole),
          origin: text,
          state: text,
          points: whole,
          allocated: amount,
          availableAt: instant,
          expiresAt: nullable(instant),
        }),
      ),
    }),
    payload: ({ data: { cause: why, purchaseId, lots } }, currency) => ({
      cause: why,
      purchaseId,
      points: total(lots),
      lots: lots.map((lot) => ({
        lotId: lot.lotId,
        ruleId: lot.rule?.id ?? null,
        ruleVersion: lot.rule?.version ?? null,
        origin: lot.origin,
        state: lot.state,
        points: lot.points,
        allocated: formatSubLedger(lot.allocated, currency),
        availableAt: formatInstant(lot.availableAt),
        expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
      })),
    }),
  }),
  moved('points.activated'),
  moved('points.delivered'),
  moved('points.cancelled'),
  moved('points.forfeited'),
  moved('points.returned'),
  moved('points.corrected'),
  moved('points.unforfeited'),
  moved('points.restored'),
  moved('points.sent'),
  moved('debt.settled'),
  publicEvent({
    from: 'debt.incurred',
    type: 'debt.incurred',
    version: 1,
    schema: object({ cause, points: whole }),
    payload: ({ data: { cause: why, points } }) => ({ cause: why, points }),
  }),
  publicEvent({
    from: 'debt.moved',
    type: 'debt.moved',
    version: 1,
    schema: object({ cause, points: whole }),
    payload: ({ data: { cause: why, points } }) => ({ cause: why, points }),
  }),
  publicEvent({
    from: 'lots.received',
    type: 'points.received',
    version: 1,
    schema: object({
      cause,
      points: whole,
      lots: list(object({ lotId: text, parentLotId: text, points: whole })),
    }),
    payload: ({ data: { cause: why, lots } }) => ({
      cause: why,
      points: total(lots),
      lots: lots.map(({ lotId, parentLotId, points }) => ({ lotId, parentLotId, points })),
    }),
  }),
  publicEvent({
    from: 'lots.extended',
    type: 'points.extended',
    version: 1,
    schema: object({ cause, lots: list(object({ lotId: text, expiresAt: instant })) }),
    payload: ({ data: { cause: why, lots } }) => ({
      cause: why,
      lots: lots.map(({ lotId, expiresAt }) => ({ lotId, expiresAt: formatInstant(expiresAt) })),
    }),
  }),
  publicEvent({
    from: 'points.expired',
    type: 'points.expired',
    version: 1,
    schema: object({ points: whole, lots: lotPoints }),
    payload: ({ data: { lots } }) => ({ points: total(lots), lots }),
  }),
];

function total(lots: readonly { readonly points: number }[]): number {
  return lots.reduce((sum, { points }) => sum + points, 0);
}
