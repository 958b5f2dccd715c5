import { grantsIn, type ActivityCancellation } from '../activities/index.js';
import { storedExplanation, type RuleTrace } from '../earning/index.js';
import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { idToUuid, type MemberId, type RegistrationId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { AccountSlice } from '../platform/pipeline/index.js';
import type { RegistrationFacts } from './domain/registration-facts.js';
import { REGISTRATIONS_WITH_LOTS } from './registration-load.query.js';
import {
  CAMPAIGN_CANCELLATIONS,
  CAMPAIGN_REGISTRATIONS,
  readRegistration,
  type RecordedRegistration,
} from './registration.rows.js';

interface NewRegistration extends RecordedRegistration {
  readonly actor: string;
  readonly explanation: readonly RuleTrace[];
}

interface NewCancellation {
  readonly facts: RegistrationFacts;
  readonly cause: string;
  readonly cancellation: ActivityCancellation;
  readonly memberId: MemberId;
  readonly cancelledAt: Instant;
  readonly actor: string;
}

interface RegistrationsState {
  readonly accountId: string | null;
  readonly programmeId: string;
  readonly recorded: readonly NewRegistration[];
  readonly cancelled: readonly NewCancellation[];
  /** Registrations that commands name. */
  readonly known: ReadonlyMap<RegistrationId, RecordedRegistration>;
}

const NOTHING_NEW: RegistrationsState = {
  accountId: null,
  programmeId: '',
  recorded: [],
  cancelled: [],
  known: new Map(),
};

/** Collects the registrations that a batch records or cancels, with the trace of the rules that evaluated each. */
export const registrationsSlice: AccountSlice<RegistrationsState> = {
  scope: 'account',
  name: 'registrations',
  columns: [],
  read: () => NOTHING_NEW,
  afterWrite: () => NOTHING_NEW,
  lazyRows: {
    sql: REGISTRATIONS_WITH_LOTS,
    referencedKinds: ['reg'],
    onlyReferenced: true,
    merge: (state, rows) => {
      const known = rows.map(readRegistration).map((found) => [found.facts.registrationId, found] as const);
      return { ...state, known: new Map(known) };
    },
    referencedBy: (rows) => rows.flatMap((row) => readRegistration(row).grants.map(({ lotId }) => lotId)),
  },
  apply: applied,
  rows: ({ accountId, programmeId: programme_id, recorded, cancelled }, sink) => {
    for (const { facts, memberId, explanation, grants, actor } of recorded)
      sink.add(CAMPAIGN_REGISTRATIONS, accountId as string, {
        ...identity(facts, memberId, programme_id),
        campaign_version: facts.campaign.version,
        registered_at: facts.registeredAt,
        business_date: facts.businessDate,
        points_granted: grants.reduce((sum, { points }) => sum + points, 0),
        explanation: storedExplanation(explanation),
        lot_ids: grants.map(({ lotId }) => idToUuid(lotId)),
        actor,
      });
    for (const { facts, memberId, cancelledAt, cause, cancellation, actor } of cancelled)
      sink.add(CAMPAIGN_CANCELLATIONS, accountId as string, {
        ...identity(facts, memberId, programme_id),
        cancelled_at: cancelledAt,
        cause,
        reason: cancellation.reason,
        taken_from: cancellation.takenFrom,
        points_taken: cancellation.pointsTaken,
        gone: cancellation.gone,
        debt: cancellation.debt,
        forgiven: cancellation.forgiven,
        actor,
      });
  },
};

function identity({ registrationId, campaign }: RegistrationFacts, memberId: MemberId, programme_id: string) {
  return {
    registration_id: registrationId,
    programme_id,
    member_id: memberId,
    campaign_id: campaign.id,
  };
}

function applied(
  state: RegistrationsState,
  event: DomainEvent,
  { programmeId }: { readonly programmeId: string },
): RegistrationsState {
  switch (event.type) {
    case 'campaign.registered': {
      const { accountId, memberId, actor, data } = event;
      const made = {
        ...{ facts: data.registration, memberId, actor, cancelled: false },
        ...{ explanation: [], grants: [] },
      };
      return { ...state, accountId, programmeId, recorded: [...state.recorded, made] };
    }
    case 'points.awarded': {
      const { source, explanation } = event.data;
      if (source.kind !== 'registration') return state;
      return withRecorded(state, source.id, (item) => ({
        ...item,
        explanation: [...item.explanation, ...explanation],
      }));
    }
    case 'lots.granted': {
      const { cause } = event.data;
      if (cause.type !== 'registration') return state;
      const grants = grantsIn(event);
      return withRecorded(state, cause.id, (item) => ({ ...item, grants: [...item.grants, ...grants] }));
    }
    case 'campaign.cancelled':
      return { ...withCancelled(state, event), programmeId };
    default:
      return state;
  }
}

function withRecorded(
  state: RegistrationsState,
  registrationId: string,
  change: (item: NewRegistration) => NewRegistration,
): RegistrationsState {
  const recorded = state.recorded.map((item) =>
    item.facts.registrationId === registrationId ? change(item) : item,
  );
  return { ...state, recorded };
}

function withCancelled(
  state: RegistrationsState,
  { accountId, memberId, recordedAt, actor, data }: DomainEventOf<'campaign.cancelled'>,
): RegistrationsState {
  const { registration: facts, cause, cancellation } = data;
  const { registrationId } = facts;
  const { known, cancelled } = state;
  const found = known.get(registrationId);
  return {
    accountId,
    programmeId: state.programmeId,
    recorded: withRecorded(state, registrationId, (item) => ({ ...item, cancelled: true })).recorded,
    cancelled: [...cancelled, { facts, cause, cancellation, memberId, cancelledAt: recordedAt, actor }],
    known: found ? new Map(known).set(registrationId, { ...found, cancelled: true }) : known,
  };
}

/** A registration that was loaded for a command, or recorded by this very batch. */
export function recordedRegistration(
  { known, recorded }: RegistrationsState,
  registrationId: RegistrationId,
): RecordedRegistration | undefined {
  return known.get(registrationId) ?? recorded.find(({ facts }) => facts.registrationId === registrationId);
}
