import type { DomainEvent } from '../kernel/domain-events.js';
import { uuidToId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { MemberSlice } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { hasCampaigns } from './campaign.kind.js';
import type { KnownRegistration } from './domain/registered.js';
import { REGISTERED_JOIN, REGISTERED_SELECT } from './registered.query.js';

/** The registrations of a member, those that were cancelled included; for the campaigns that were asked for. */
export type Registered = readonly KnownRegistration[];

/** The campaigns that rules in force at an instant name, one a line; null where none does. */
export type CampaignsNamed = (config: ConfigSnapshot, at: Instant) => string | null;

/** For all campaigns; a key is never empty. */
const ALL = '';

/**
 * Loaded where a rule in force or the command names a campaign, and whole where two members become one; null elsewhere.
 * @param named what rules name.
 */
export function registeredAskedBy(named: CampaignsNamed): MemberSlice<Registered | null> {
  return {
    ...registeredSlice,
    parameters: [
      {
        name: 'campaigns',
        type: 'text',
        value: (config, at, _now, measuresAt, _whole, campaignId) => {
          if (measuresAt === 0) return hasCampaigns(config) ? ALL : null;
          const asked = named(config, at);
          if (campaignId === null || asked?.split('\n').includes(campaignId)) return asked;
          return asked === null ? campaignId : `${asked}\n${campaignId}`;
        },
      },
    ],
  };
}

/** The registrations of a member, as decisions read them. */
export const registeredSlice: MemberSlice<Registered | null> = {
  scope: 'member',
  name: 'registered',
  join: REGISTERED_JOIN,
  select: REGISTERED_SELECT,
  read: readRegistered,
  merge: (state, row) => {
    const read = readRegistered(row);
    if (!state || !read) return state ?? read;
    const known = new Set(state.map(({ registrationId }) => registrationId));
    return [...state, ...read.filter(({ registrationId }) => !known.has(registrationId))];
  },
  apply: applied,
};

function readRegistered(row: Row): Registered | null {
  if (row['campaigns'] === null) return null;
  return ((row['registrations'] ?? []) as unknown[][]).map(
    ([registrationId, campaignId, version, registeredAt, businessDate, cancelledAt, pointsGranted]) => ({
      registrationId: uuidToId('reg', registrationId as string),
      campaignId: campaignId as string,
      version: version as number,
      registeredAt: registeredAt as number,
      businessDate: businessDate as string,
      cancelledAt: cancelledAt as number | null,
      pointsGranted: pointsGranted as number,
    }),
  );
}

function applied(state: Registered | null, event: DomainEvent): Registered | null {
  if (state === null) return state;
  switch (event.type) {
    case 'campaign.registered': {
      const { registrationId, campaign, registeredAt, businessDate } = event.data.registration;
      const { id: campaignId, version } = campaign;
      const made = { registrationId, campaignId, version, registeredAt, businessDate };
      return [...state, { ...made, cancelledAt: null, pointsGranted: 0 }];
    }
    case 'campaign.cancelled':
      return changedOne(state, event.data.registration.registrationId, (known) => ({
        ...known,
        cancelledAt: event.recordedAt,
      }));
    case 'lots.granted': {
      const { cause, lots } = event.data;
      if (cause.type !== 'registration') return state;
      const points = lots.reduce((sum, lot) => sum + lot.points, 0);
      return changedOne(state, cause.id, (known) => ({
        ...known,
        pointsGranted: known.pointsGranted + points,
      }));
    }
    default:
      return state;
  }
}

function changedOne(
  state: Registered,
  id: string,
  change: (known: KnownRegistration) => KnownRegistration,
): Registered {
  return state.map((known) => (known.registrationId === id ? change(known) : known));
}
