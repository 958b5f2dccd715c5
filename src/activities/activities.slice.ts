import { storedExplanation, type RuleTrace } from '../earning/index.js';
import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { idToUuid, type ActivityId, type MemberId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { AccountSlice } from '../platform/pipeline/index.js';
import type { ActivityCancellation, ActivityFacts } from './domain/activity-facts.js';
import { ACTIVITIES_WITH_LOTS } from './activity-load.query.js';
import {
  ACTIVITIES,
  ACTIVITY_CANCELLATIONS,
  grantsIn,
  readActivity,
  type RecordedActivity,
} from './activity.rows.js';

interface NewActivity extends RecordedActivity {
  readonly recordedAt: Instant;
  readonly actor: string;
  readonly explanation: readonly RuleTrace[];
}

interface NewCancellation {
  readonly activityId: ActivityId;
  readonly cancellation: ActivityCancellation;
  readonly memberId: MemberId;
  readonly cancelledAt: Instant;
  readonly actor: string;
}

interface ActivitiesState {
  readonly accountId: string | null;
  readonly recorded: readonly NewActivity[];
  readonly cancelled: readonly NewCancellation[];
  /** Activities that commands name. */
  readonly known: ReadonlyMap<ActivityId, RecordedActivity>;
}

const NOTHING_NEW: ActivitiesState = { accountId: null, recorded: [], cancelled: [], known: new Map() };

/** Collects the activities that a batch records or cancels, with the trace of the rules that evaluated each. */
export const activitiesSlice: AccountSlice<ActivitiesState> = {
  scope: 'account',
  name: 'activities',
  columns: [],
  read: () => NOTHING_NEW,
  afterWrite: () => NOTHING_NEW,
  lazyRows: {
    sql: ACTIVITIES_WITH_LOTS,
    referencedKinds: ['atv'],
    onlyReferenced: true,
    merge: (state, rows) => {
      const known = rows.map(readActivity).map((activity) => [activity.facts.activityId, activity] as const);
      return { ...state, known: new Map(known) };
    },
    referencedBy: (rows) => rows.flatMap((row) => readActivity(row).grants.map(({ lotId }) => lotId)),
  },
  apply: applyToActivities,
  rows: ({ accountId, recorded, cancelled }, sink) => {
    for (const { facts, memberId, recordedAt, counted, actor, explanation, grants } of recorded)
      sink.add(ACTIVITIES, accountId as string, {
        ...activityRow(facts),
        member_id: memberId,
        recorded_at: recordedAt,
        explanation: storedExplanation(explanation),
        lot_ids: grants.map(({ lotId }) => idToUuid(lotId)),
        counted,
        actor,
      });
    for (const { activityId, memberId, cancelledAt, cancellation, actor } of cancelled)
      sink.add(ACTIVITY_CANCELLATIONS, accountId as string, {
        activity_id: activityId,
        member_id: memberId,
        cancelled_at: cancelledAt,
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

function activityRow(facts: ActivityFacts): Record<string, unknown> {
  return {
    activity_id: facts.activityId,
    type: facts.type.id,
    type_version: facts.type.version,
    source: facts.source,
    external_id: facts.externalId,
    occurred_at: facts.occurredAt,
    business_date: facts.businessDate,
    attributes: facts.attributes,
  };
}

function applyToActivities(state: ActivitiesState, event: DomainEvent): ActivitiesState {
  switch (event.type) {
    case 'activity.recorded': {
      const { accountId, memberId, recordedAt, actor, data } = event;
      const { activity: facts, memberActive: counted } = data;
      const made = {
        facts,
        memberId,
        recordedAt,
        counted,
        actor,
        cancelled: false,
        explanation: [],
        grants: [],
      };
      return { ...state, accountId, recorded: [...state.recorded, made] };
    }
    case 'points.awarded': {
      const { source, explanation } = event.data;
      if (source.kind !== 'activity') return state;
      return withRecorded(state, source.id, (item) => ({
        ...item,
        explanation: [...item.explanation, ...explanation],
      }));
    }
    case 'lots.granted':
      return event.data.cause.type === 'activity' ? withGrants(state, event) : state;
    case 'activity.cancelled':
      return withCancelled(state, event);
    default:
      return state;
  }
}

function withRecorded(
  state: ActivitiesState,
  activityId: string,
  change: (item: NewActivity) => NewActivity,
): ActivitiesState {
  const recorded = state.recorded.map((item) => (item.facts.activityId === activityId ? change(item) : item));
  return { ...state, recorded };
}

function withGrants(state: ActivitiesState, event: DomainEventOf<'lots.granted'>): ActivitiesState {
  const grants = grantsIn(event);
  return withRecorded(state, event.data.cause.id, (item) => ({
    ...item,
    grants: [...item.grants, ...grants],
  }));
}

function withCancelled(
  state: ActivitiesState,
  { accountId, memberId, recordedAt, actor, data }: DomainEventOf<'activity.cancelled'>,
): ActivitiesState {
  const { activity, cancellation } = data;
  const { activityId } = activity;
  const { known, cancelled } = state;
  const found = known.get(activityId);
  return {
    accountId,
    recorded: withRecorded(state, activityId, (item) => ({ ...item, cancelled: true })).recorded,
    cancelled: [...cancelled, { activityId, cancellation, memberId, cancelledAt: recordedAt, actor }],
    known: found ? new Map(known).set(activityId, { ...found, cancelled: true }) : known,
  };
}

/** An activity that was loaded for a command, or recorded by this very batch. */
export function recordedActivity(
  { known, recorded }: ActivitiesState,
  activityId: ActivityId,
): RecordedActivity | undefined {
  return known.get(activityId) ?? recorded.find(({ facts }) => facts.activityId === activityId);
}
