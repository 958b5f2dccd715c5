import { object } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { adjustmentView } from './adjustment-view.js';
import { adjustmentFields, firstAdjustmentFields } from './adjustments.schemas.js';
import type { AdjustmentRecord } from './domain/adjustment-facts.js';

const firstSchema = object({ adjustment: object(firstAdjustmentFields) });

/** As of the first version: what it is about, and what came of it, is asked for by its id. */
const firstPayload = ({ data }: { readonly data: AdjustmentRecord }) => {
  const {
    debitKind: _,
    correctsId: __,
    purchaseId: ___,
    outcome: ____,
    ...first
  } = adjustmentView(data.adjustment);
  return { adjustment: first };
};

const schema = object({ adjustment: object(adjustmentFields) });
const payload = ({ data }: { readonly data: AdjustmentRecord }) => ({
  adjustment: adjustmentView(data.adjustment),
});

const first = { version: 1, schema: firstSchema, payload: firstPayload };
const second = { version: 2, schema, payload };

export const adjustmentEvents = [
  publicEvent({ from: 'adjustment.requested', type: 'adjustment.requested', ...first }),
  publicEvent({ from: 'adjustment.posted', type: 'adjustment.posted', ...first }),
  publicEvent({ from: 'adjustment.rejected', type: 'adjustment.rejected', ...first }),
  publicEvent({ from: 'adjustment.requested', type: 'adjustment.requested', ...second }),
  publicEvent({ from: 'adjustment.posted', type: 'adjustment.posted', ...second }),
  publicEvent({ from: 'adjustment.rejected', type: 'adjustment.rejected', ...second }),
  publicEvent({
    ...{ from: 'adjustment.continued', type: 'adjustment.continued', version: 1 },
    ...{ schema, payload },
  }),
];
