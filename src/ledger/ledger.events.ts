import { amount, instant, list, nullable, object, text, whole } from '../kernel/json-schema.js';
import { formatSubLedger } from '../kernel/money.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';

const lotPoints = list(object({ lotId: text, points: whole }));

export const ledgerEvents = [
  publicEvent({
    from: 'lots.granted',
    type: 'points.granted',
    version: 1,
    schema: object({
      purchaseId: text,
      points: whole,
      lots: list(
        object({
          lotId: text,
          ruleId: text,
          ruleVersion: whole,
          origin: text,
          points: whole,
          allocated: amount,
          availableAt: instant,
          expiresAt: nullable(instant),
        }),
      ),
    }),
    payload: ({ data: { purchaseId, lots } }, currency) => ({
      purchaseId,
      points: lots.reduce((sum, { points }) => sum + points, 0),
      lots: lots.map((lot) => ({
        lotId: lot.lotId,
        ruleId: lot.rule.id,
        ruleVersion: lot.rule.version,
        origin: lot.origin,
        points: lot.points,
        allocated: formatSubLedger(lot.allocated, currency),
        availableAt: formatInstant(lot.availableAt),
        expiresAt: lot.expiresAt === null ? null : formatInstant(lot.expiresAt),
      })),
    }),
  }),
  publicEvent({
    from: 'points.expired',
    type: 'points.expired',
    version: 1,
    schema: object({ points: whole, lots: lotPoints }),
    payload: ({ data: { lots } }) => ({ points: lots.reduce((sum, { points }) => sum + points, 0), lots }),
  }),
];
