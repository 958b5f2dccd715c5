import { covered, planDraw, sliceOfAccount, totalLeft } from '../budgets/index.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { LocalDate } from '../kernel/time.js';
import type { Work } from '../platform/pipeline/index.js';
import { ALL_DAYS, placesKey, placesSlice, type PlaceChange } from './places.slice.js';
import { campaignProblems } from './problems.js';

/**
 * Takes a place of a campaign, in all and of a day, as awards draw a use of a budget: on the shard's own slice, or with
 * what other slices give up to it. A member is refused only where all slices together are empty.
 * @returns the changes of the slices; none where the campaign has no limits.
 * @throws NeedsMoreRows where the day was not loaded with the command.
 */
export function takePlace(
  campaignId: string,
  day: LocalDate,
  work: Work,
): Result<readonly PlaceChange[], Problem> {
  const changes: PlaceChange[] = [];
  for (const counted of [ALL_DAYS, day]) {
    const state = work.shared(placesSlice, placesKey(campaignId, counted));
    if (!state)
      throw new NeedsMoreRows(work.accountId, `the places of ${campaignId} on ${counted}`, 'shared');
    if (state.slices.length === 0) continue;
    const isFree = covered(1, 0n, totalLeft(state.slices), 'refuse') === 1;
    if (!isFree) return refuse(full(campaignId, counted));
    for (const { slice, uses } of planDraw(state.slices, state.own, 1, 0n))
      changes.push({ day: counted, slice, places: uses });
  }
  return ok(changes);
}

/** Gives a place back, to a slice that goes by the account; where there is no limit no row takes it. */
export function placeReturned(day: LocalDate, { accountId }: Work): readonly PlaceChange[] {
  const slice = sliceOfAccount(accountId);
  return [ALL_DAYS, day].map((counted) => ({ day: counted, slice, places: 1 }));
}

function full(campaignId: string, day: string): Problem {
  const detail =
    day === ALL_DAYS
      ? `The campaign ${campaignId} has no place left.`
      : `The campaign ${campaignId} has no place left on ${day}.`;
  return campaignProblems.problem('CAMPAIGN_FULL', detail, { meta: { day: day === ALL_DAYS ? null : day } });
}
