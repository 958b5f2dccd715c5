import { instant, list, nullable, object, page, ref, text, whole } from '../kernel/json-schema.js';

const side = object({ accountId: text, memberId: text });

/** A transfer of any kind, in answers and in events. */
export const transferFields = {
  id: text,
  kind: { type: 'string', enum: ['member', 'join', 'leave', 'merge', 'follow'] },
  points: whole,
  debt: whole,
  from: side,
  to: side,
  lots: list(
    object({
      lotId: text,
      childLotId: text,
      state: text,
      points: whole,
      expiresAt: nullable(instant),
    }),
  ),
  note: nullable(text),
  externalId: nullable(text),
  transferredAt: instant,
};

/** What transfers answer, by name. */
export const transferSchemas = {
  Transfer: object(transferFields),
  TransferRecord: object({ ...transferFields, actor: nullable(text) }),
  Transfers: page(ref('TransferRecord')),
  TransferAnswer: object({
    id: text,
    points: whole,
    note: nullable(text),
    externalId: nullable(text),
    from: object({
      memberId: text,
      lots: list(object({ lotId: text, points: whole })),
      balance: ref('Balance'),
    }),
    to: object({
      memberId: text,
      lots: list(object({ lotId: text, parentLotId: text, points: whole, expiresAt: nullable(instant) })),
      balance: ref('Balance'),
    }),
  }),
};
