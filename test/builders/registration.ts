import { ALL_DAYS, placesKey, placesSlice } from '../../src/campaigns/index.js';
import { localDate } from '../../src/kernel/time.js';
import type { Command } from '../../src/platform/pipeline/index.js';
import type { Person, Shop } from './shop.js';

/** The places left of a campaign, in slices as a shard would find them; the shard takes from the first. */
export function setPlaces(
  shop: Shop,
  campaignId: string,
  places: readonly number[],
  day: string = ALL_DAYS,
): void {
  const slices = places.map((uses) => ({ points: null, uses, cost: null }));
  shop.sharedStates(placesSlice).set(placesKey(campaignId, day), { slices, own: 0 });
}

/** By slice; empty where there is no limit. */
export function placesOf(shop: Shop, campaignId: string, day: string = ALL_DAYS): readonly number[] {
  const state = shop.sharedStates(placesSlice).get(placesKey(campaignId, day));
  return (state?.slices ?? []).map(({ uses }) => uses ?? Infinity);
}

/** Loads a campaign's places as a command does: where none were set there is no limit. */
function loadPlaces(shop: Shop, campaignId: string, day: string): void {
  const known = shop.sharedStates(placesSlice);
  for (const counted of [ALL_DAYS, day])
    if (!known.has(placesKey(campaignId, counted))) setPlaces(shop, campaignId, [], counted);
}

/** Registers a member for a campaign, now, at the till. */
export function registers(
  shop: Shop,
  member: Person,
  campaignId: string,
  options: { readonly dryRun?: boolean; readonly registrars?: readonly string[] } = {},
): Command {
  const { registrars = ['pos'], ...rest } = options;
  const day = localDate(shop.clock, 'Europe/Warsaw');
  loadPlaces(shop, campaignId, day);
  const body = { campaignId, registrars, day };
  return shop.command('campaign.register', { kind: 'member', id: member.memberId }, body, rest);
}

/** Takes a registration back, now. */
export function unregisters(
  shop: Shop,
  campaignId: string,
  registrationId: string,
  options: { readonly dryRun?: boolean } = {},
): Command {
  const target = { kind: 'registration', id: registrationId } as const;
  const natural = { scope: 'registrationCancellation', key: registrationId } as const;
  const body = { campaignId, registrationId, reason: null, measuresAt: shop.clock };
  return shop.command('campaign.cancelRegistration', target, body, { natural, ...options });
}
