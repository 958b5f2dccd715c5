import { idToUuid, type AccountId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import { ACCOUNT_ROLLS, shardOf } from '../platform/audit/account-roll.store.js';
import { SEAL, type AccountSlice, type Table } from '../platform/pipeline/index.js';

interface HouseholdsState {
  /** Opened and not written yet. */
  readonly created: {
    readonly accountId: AccountId;
    readonly programmeId: string;
    readonly name: string | null;
    readonly at: Instant;
  } | null;
  readonly closed: { readonly accountId: AccountId; readonly at: Instant } | null;
}

export const HOUSEHOLDS: Table = {
  name: 'households',
  mode: 'insert',
  sealed: true,
  key: ['account_id'],
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'name', type: 'text' },
    { name: 'created_at', type: 'instant' },
    SEAL,
  ],
};

const CLOSED_HOUSEHOLDS: Table = {
  name: 'households',
  mode: 'update',
  key: ['account_id'],
  columns: [{ name: 'closed_at', type: 'instant' }],
};

/** The record of a household; each member's row says which household it is in. */
export const householdsSlice: AccountSlice<HouseholdsState> = {
  scope: 'account',
  name: 'households',
  columns: [],
  read: () => ({ created: null, closed: null }),
  afterWrite: () => ({ created: null, closed: null }),
  apply: (state, event, { programmeId }) => {
    const { accountId, recordedAt: at } = event;
    if (event.type === 'household.created')
      return { ...state, created: { accountId, programmeId, name: event.data.name, at } };
    if (event.type === 'household.left' && event.data.closed) return { ...state, closed: { accountId, at } };
    return state;
  },
  rows: ({ created, closed }, sink) => {
    if (created) {
      const { accountId, programmeId, name, at } = created;
      sink.add(HOUSEHOLDS, accountId, { programme_id: programmeId, name, created_at: at });
      const shard = shardOf(idToUuid(accountId));
      sink.add(ACCOUNT_ROLLS, accountId, { programme_id: programmeId, shard, accounts: 1 });
    }
    if (closed) sink.add(CLOSED_HOUSEHOLDS, closed.accountId, { closed_at: closed.at });
  },
};
