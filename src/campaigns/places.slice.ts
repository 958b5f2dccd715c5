import { changed, SLICES, type Left } from '../budgets/index.js';
import type { DomainEvent } from '../kernel/domain-events.js';
import type { SharedSlice } from '../platform/pipeline/index.js';
import { PLACES_BY_KEY } from './places.query.js';

/** Where places of campaigns are counted: in all, or of one day. */
export const ALL_DAYS = '';

/** The places left of a campaign, as far as the batch knows: counted in slices like the uses of a budget. */
export interface PlacesState {
  /** Empty where there is no limit. */
  readonly slices: readonly Left[];
  /** The slice that this shard takes from first. */
  readonly own: number;
}

/** A change of the places left, as it is added to a row. */
export interface PlaceChange {
  /** `ALL_DAYS`, or the local day of the registration. */
  readonly day: string;
  readonly slice: number;
  readonly places: number;
}

/** The places of campaigns. Their rows are written by `placeUsesSlice`. */
export const placesSlice: SharedSlice<PlacesState> = {
  scope: 'shared',
  name: 'campaignPlaces',
  sql: PLACES_BY_KEY,
  read: (row, place) => ({
    slices: ((row['places'] ?? []) as (number | null)[]).map((uses) => ({ points: null, uses, cost: null })),
    own: place % SLICES,
  }),
  apply: applied,
};

export function placesKey(campaignId: string, day: string): string {
  return `${campaignId}\n${day}`;
}

function applied(state: PlacesState, event: DomainEvent, key: string): PlacesState {
  if (event.type !== 'campaign.registered' && event.type !== 'campaign.cancelled') return state;
  const { registration, changes } = event.data;
  const own = changes.filter(({ day }) => placesKey(registration.campaign.id, day) === key);
  if (own.length === 0) return state;
  const uses = own.map(({ slice, places }) => ({ slice, points: 0, uses: places, cost: 0n }));
  return { ...state, slices: changed(state.slices, uses) };
}
