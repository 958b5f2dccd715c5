import { instant, list, nullable, object, page, ref, text, whole } from '../kernel/json-schema.js';
import { configSchemas } from '../platform/versioned-config/config-schemas.js';

/** An adjustment in events, as of their first version. */
export const firstAdjustmentFields = {
  id: text,
  memberId: text,
  kind: text,
  status: text,
  points: whole,
  reason: object({ id: text, version: whole }),
  origin: nullable(text),
  lotId: nullable(text),
  expiringBy: nullable(instant),
  expiresAt: nullable(instant),
  occurredAt: nullable(instant),
  lots: list(object({ lotId: text, points: whole })),
  evidence: nullable(text),
  approvedBy: nullable(text),
  externalId: nullable(text),
  requestedBy: text,
  requestedAt: instant,
  lapsesAt: nullable(instant),
  decision: nullable(object({ by: text, at: instant, note: nullable(text) })),
};

/** An adjustment in answers, and in events as of their second version. */
export const adjustmentFields = {
  ...firstAdjustmentFields,
  debitKind: nullable(text),
  correctsId: nullable(text),
  purchaseId: nullable(text),
  outcome: nullable(
    object({
      ...{ taken: whole, expired: whole, debt: whole, forgiven: whole },
      returnId: nullable(text),
      elsewhere: list(object({ accountId: text, points: whole })),
    }),
  ),
};

/** What adjustments answer, by name. */
export const adjustmentSchemas = {
  ...configSchemas('AdjustmentReason', 'AdjustmentReasonDto'),
  Adjustment: object(adjustmentFields),
  Adjustments: page(ref('Adjustment')),
  AdjustmentAnswer: object({ ...adjustmentFields, balance: ref('Balance') }),
  LotWaitAnswer: {
    anyOf: [
      ref('AdjustmentAnswer'),
      // Where a lot has nothing left to wait for there is nothing to do, and nothing is recorded.
      object({
        id: { type: 'null' },
        kind: text,
        status: { type: 'string', enum: ['unchanged'] },
        points: whole,
        lotId: text,
        balance: ref('Balance'),
      }),
    ],
  },
};
