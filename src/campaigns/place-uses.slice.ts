import type { DomainEvent } from '../kernel/domain-events.js';
import type { AccountId } from '../kernel/ids.js';
import { uuidToId } from '../kernel/ids.js';
import type { AccountSlice, Table } from '../platform/pipeline/index.js';
import type { PlaceChange } from './places.slice.js';

/** Places that registrations of an account took and gave back, as long as they are not written. */
interface UsesState {
  readonly accountId: AccountId;
  readonly programmeId: string;
  readonly uses: readonly (PlaceChange & { readonly campaignId: string })[];
}

const CAMPAIGN_PLACES: Table = {
  name: 'campaign_places',
  mode: 'increment',
  key: ['programme_id', 'campaign_id', 'day', 'slice'],
  accountScoped: false,
  columns: [
    { name: 'programme_id', type: 'id' },
    { name: 'campaign_id', type: 'text' },
    { name: 'day', type: 'text' },
    { name: 'slice', type: 'int' },
    { name: 'places', type: 'bigint' },
  ],
};

/** Writes the places that registrations take. It reads nothing: what is left is shared (`placesSlice`). */
export const placeUsesSlice: AccountSlice<UsesState> = {
  scope: 'account',
  name: 'campaignPlaceUses',
  columns: [],
  read: (row) => nothing(uuidToId('acc', row['account_id'] as string)),
  afterWrite: (state) => (state.uses.length === 0 ? state : nothing(state.accountId)),
  apply: applied,
  rows: ({ accountId, programmeId: programme_id, uses }, sink) => {
    for (const { campaignId: campaign_id, day, slice, places } of uses)
      sink.add(CAMPAIGN_PLACES, accountId, { programme_id, campaign_id, day, slice, places });
  },
};

function nothing(accountId: AccountId): UsesState {
  return { accountId, programmeId: '', uses: [] };
}

function applied(
  state: UsesState,
  event: DomainEvent,
  { programmeId }: { readonly programmeId: string },
): UsesState {
  if (event.type !== 'campaign.registered' && event.type !== 'campaign.cancelled') return state;
  const { registration, changes } = event.data;
  const campaignId = registration.campaign.id;
  const uses = [...state.uses, ...changes.map((change) => ({ campaignId, ...change }))];
  return { accountId: state.accountId, programmeId, uses };
}
