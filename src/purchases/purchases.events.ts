import { instant, list, nullable, object, text, whole } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { formatInstant } from '../kernel/time.js';

export const purchaseEvents = [
  publicEvent({
    from: 'purchase.recorded',
    type: 'purchase.recorded',
    version: 1,
    schema: object({
      purchaseId: text,
      memberId: text,
      source: text,
      receiptNo: text,
      occurredAt: instant,
      currency: text,
      channel: nullable(text),
      amountMinor: whole,
      taxMinor: whole,
      lineCount: whole,
      redemptionIds: list(text),
    }),
    payload: ({ data: { purchase }, memberId }) => ({
      purchaseId: purchase.purchaseId,
      memberId,
      source: purchase.source,
      receiptNo: purchase.receiptNo,
      occurredAt: formatInstant(purchase.occurredAt),
      currency: purchase.currency,
      channel: purchase.channel,
      amountMinor: purchase.lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      taxMinor: purchase.lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0),
      lineCount: purchase.lines.length,
      redemptionIds: purchase.redemptionIds,
    }),
  }),
];
