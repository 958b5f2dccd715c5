import { transferView } from '../ledger/index.js';
import { object } from '../kernel/json-schema.js';
import { publicEvent } from '../kernel/public-event.js';
import { transferFields } from './transfers.schemas.js';

/** Told on the account that gave and on the one that received. */
export const transferEvents = [
  publicEvent({
    from: 'transfer.completed',
    type: 'transfer.completed',
    version: 1,
    schema: object({ transfer: object(transferFields) }),
    payload: ({ data: { transfer } }) => ({ transfer: transferView(transfer) }),
  }),
];
