import { placeReturned, registeredSlice, type KnownRegistration } from '../campaigns/index.js';
import { ok } from '../kernel/result.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';

const NOTHING_TAKEN = { takenFrom: [], pointsTaken: 0, gone: 0, debt: 0, forgiven: 0 } as const;

/**
 * Of two registrations of one person for one campaign the first one stays, and the place of the other one comes back.
 * What both had got stays, as a merge takes no points. Each side ends its own.
 */
export const keepOneOnMerge = reactor({
  name: 'registrations.keepOneOnMerge',
  on: 'member.merged',
  react: (_event, work) => {
    const others = inForceOf(work.other);
    return ok(
      inForceOf(work).flatMap((own): readonly Emission[] => {
        const other = others.find(({ campaignId }) => campaignId === own.campaignId);
        return other && isFirst(other, own) ? [ended(own, work)] : [];
      }),
    );
  },
});

function inForceOf(work: Work | null): readonly KnownRegistration[] {
  return (work?.member(registeredSlice) ?? []).filter(({ cancelledAt }) => cancelledAt === null);
}

function isFirst(one: KnownRegistration, other: KnownRegistration): boolean {
  if (one.registeredAt !== other.registeredAt) return one.registeredAt < other.registeredAt;
  return one.registrationId < other.registrationId;
}

function ended(
  { registrationId, campaignId, version, registeredAt, businessDate }: KnownRegistration,
  work: Work,
): Emission {
  const campaign = { id: campaignId, version };
  const registration = { registrationId, campaign, registeredAt, businessDate };
  const cancellation = { reason: null, ...NOTHING_TAKEN };
  const changes = placeReturned(businessDate, work);
  return {
    type: 'campaign.cancelled',
    data: { registration, cause: 'merge', cancellation, awards: [], changes },
  };
}
