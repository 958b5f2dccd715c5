import {
  ALL_DAYS,
  campaignNotFound,
  currentCampaign,
  placesKey,
  placesSlice,
  registeredSlice,
  registrationInForce,
  takePlace,
  whyNotOpen,
  type Campaign,
  type KnownRegistration,
} from '../campaigns/index.js';
import type { DomainEvent } from '../kernel/domain-events.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { addToDate, formatInstant, localDate } from '../kernel/time.js';
import { memberProblems, requireActive } from '../members/index.js';
import type { Answer, CommandHandler, Setting, Work } from '../platform/pipeline/index.js';
import type { RegisterBody } from './domain/registration-body.js';
import { registrationProblems } from './problems.js';

/**
 * Registers a member for a campaign; what follows from it is the reactors' business. A member registers once: a repeat
 * is answered as the first.
 */
export const register: CommandHandler<RegisterBody> = {
  type: 'campaign.register',
  awards: true,
  cacheable: true,
  needsLazyRows: () => false,
  preload: 'referenced',
  // Midnight may pass before the decision.
  sharedKeys: ({ campaignId, day }) =>
    [ALL_DAYS, day, addToDate(day, { days: 1 })].map((counted) => ({
      slice: placesSlice.name,
      key: placesKey(campaignId, counted),
    })),
  unknownTarget: (body, setting) => {
    const checked = campaignFor(body, setting);
    return checked.ok
      ? memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.')
      : checked.refusal;
  },
  naturalConflict: () =>
    registrationProblems.problem('REGISTRATION_CONFLICT', 'The request was sent before with another body.'),
  decide: (body, work) => {
    const checked = campaignFor(body, work);
    if (!checked.ok) return checked;
    const { campaignId } = body;
    const known = (work.member(registeredSlice) ?? []).filter((each) => each.campaignId === campaignId);
    const before = registrationInForce(known);
    if (before) return ok(answer(before, [], work));
    const active = requireActive(work);
    if (!active.ok) return active;
    const closed = notOpen(campaignId, checked.value.body, work);
    if (closed) return refuse(closed);
    const businessDate = localDate(work.now, work.config.timeZone);
    const taken = takePlace(campaignId, businessDate, work);
    if (!taken.ok) return taken;
    const registration = {
      registrationId: work.ids.next('reg'),
      campaign: { id: campaignId, version: checked.value.version },
      registeredAt: work.now,
      businessDate,
    };
    const first = work.events.length;
    const registered = work.emit({
      type: 'campaign.registered',
      data: { registration, changes: taken.value },
    });
    if (!registered.ok) return registered;
    const made = registrationInForce(
      (work.member(registeredSlice) ?? []).filter((each) => each.campaignId === campaignId),
    );
    return ok(answer(made as KnownRegistration, work.events.slice(first), work));
  },
};

/** The campaign, if it is published and the caller may register members for it. */
function campaignFor(
  { campaignId, registrars }: RegisterBody,
  { config }: Setting,
): Result<{ readonly version: number; readonly body: Campaign }, Problem> {
  const published = currentCampaign(config, campaignId);
  if (!published) return refuse(campaignNotFound(campaignId));
  const { registeredBy } = published.body;
  if (registeredBy.some((scope) => registrars.includes(scope))) return ok(published);
  const detail = `Members are registered for the campaign ${campaignId} with the scope ${registeredBy.join(' or ')}.`;
  const meta = { required: registeredBy };
  return refuse(registrationProblems.problem('REGISTRATION_NOT_ALLOWED', detail, { meta }));
}

function notOpen(id: string, campaign: Campaign, { now }: Work): Problem | null {
  switch (whyNotOpen(campaign, now)) {
    case 'notOpenYet': {
      const detail = `Members may register for the campaign ${id} from ${campaign.opensAt} on.`;
      return registrationProblems.problem('REGISTRATION_NOT_OPEN', detail);
    }
    case 'closed': {
      const detail = `Members could register for the campaign ${id} until ${campaign.closesAt}.`;
      return registrationProblems.problem('REGISTRATION_CLOSED', detail);
    }
    case null:
      return null;
  }
}

/** Says of a repeat what it says of the first: nothing that may have changed since. */
function answer(
  { registrationId, campaignId, version, registeredAt, businessDate, pointsGranted }: KnownRegistration,
  events: readonly DomainEvent[],
  work: Work,
): Answer {
  return {
    status: 201,
    body: {
      id: registrationId,
      campaignId,
      campaignVersion: version,
      memberId: work.memberId,
      registeredAt: formatInstant(registeredAt),
      businessDate,
      pointsGranted,
      explanation: null,
    },
    explanation: events.flatMap((event) => (event.type === 'points.awarded' ? event.data.explanation : [])),
  };
}
