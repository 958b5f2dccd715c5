import type { AdjustmentRecord } from '../kernel/domain-events.js';
import { object } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { adjustmentView } from './adjustment-view.js';
import { firstAdjustmentFields } from './adjustments.schemas.js';

const schema = object({ adjustment: object(firstAdjustmentFields) });

/** What an adjustment is about, and what came of it, is asked for by its id. */
const payload = ({ data }: { readonly data: AdjustmentRecord }) => {
  const { debitKind: _, correctsId: __, outcome: ___, ...first } = adjustmentView(data.adjustment);
  return { adjustment: first };
};

export const adjustmentEvents = [
  publicEvent({ from: 'adjustment.requested', type: 'adjustment.requested', version: 1, schema, payload }),
  publicEvent({ from: 'adjustment.posted', type: 'adjustment.posted', version: 1, schema, payload }),
  publicEvent({ from: 'adjustment.rejected', type: 'adjustment.rejected', version: 1, schema, payload }),
];
