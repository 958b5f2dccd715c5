import { instant, list, nullable, object, ref, text, whole } from '../kernel/json-schema.js';

const released = list(
  object({ lotId: text, points: whole, availableAt: nullable(instant), expiresAt: nullable(instant) }),
);

/** What reported events answer, by name. */
export const purchaseEventSchemas = {
  PurchaseEvent: object({
    purchaseId: text,
    accountId: text,
    type: text,
    occurredAt: instant,
    activated: released,
    delivered: released,
    cancelled: list(object({ lotId: text, points: whole })),
    balance: ref('Balance'),
  }),
};
