import type { AdjustmentRecord } from '../kernel/domain-events.js';
import { object } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { adjustmentView } from './adjustment-view.js';
import { adjustmentFields } from './adjustments.schemas.js';

const schema = object({ adjustment: object(adjustmentFields) });

const payload = ({ data }: { readonly data: AdjustmentRecord }) => ({
  adjustment: adjustmentView(data.adjustment),
});

export const adjustmentEvents = [
  publicEvent({ from: 'adjustment.requested', type: 'adjustment.requested', version: 1, schema, payload }),
  publicEvent({ from: 'adjustment.posted', type: 'adjustment.posted', version: 1, schema, payload }),
  publicEvent({ from: 'adjustment.rejected', type: 'adjustment.rejected', version: 1, schema, payload }),
];
