import type { DomainEvent, DomainEventOf } from '../kernel/domain-events.js';
import { idToUuid, uuidToId, type AccountId, type MemberId } from '../kernel/ids.js';
import type { Instant } from '../kernel/time.js';
import type { Row } from '../platform/database/row.js';
import type { AccountSlice, RowSink } from '../platform/pipeline/index.js';
import { FIND_ENDED_GRACE } from './ended-grace.query.js';
import type { HouseholdRole } from './member-facts.js';
import {
  IDENTITY_LINKS,
  IDENTITY_PLACES,
  MEMBER_CLOSINGS,
  MEMBER_MERGES,
  MEMBER_PLACES,
} from './members.tables.js';
import { OPEN_MEMBERS } from './open-members.query.js';

/** Where a member's commands go from now on. */
interface Place {
  readonly memberId: MemberId;
  readonly accountId: AccountId;
  readonly role: HouseholdRole | null;
  readonly at: Instant;
}

/** The members who act on an account. */
export interface MembershipState {
  readonly accountId: AccountId;
  /** The member that a job's command names; null only while the account is being opened. */
  readonly headMemberId: MemberId | null;
  /** Members of the household whose account it is, 0 once closed; null for a member's own account. */
  readonly householdSize: number | null;
  /** Those of the household whose memberships are not closed, by their ids; empty for a member's own account. */
  readonly openMembers: readonly MemberId[];
  /** When the points are forfeited, of an account without open members in its days of grace; null of any other. */
  readonly forfeitsAt: Instant | null;
  /** Not written yet. */
  readonly places: readonly Place[];
  readonly merges: readonly DomainEventOf<'member.merged'>[];
  readonly closings: readonly DomainEventOf<'member.closed'>[];
}

/** The head of an account and how many members share it; writes which account members act on when that changes. */
export const membershipSlice: AccountSlice<MembershipState> = {
  scope: 'account',
  name: 'membership',
  columns: [
    { name: 'head_member_id', type: 'id', value: ({ headMemberId }) => headMemberId },
    { name: 'household_size', type: 'int', value: ({ householdSize }) => householdSize },
    { name: 'forfeits_at', type: 'instant', value: ({ forfeitsAt }) => forfeitsAt },
  ],
  select: OPEN_MEMBERS,
  read: (row: Row) => ({
    accountId: uuidToId('acc', row['account_id'] as string),
    headMemberId: row['head_member_id'] === null ? null : uuidToId('mbr', row['head_member_id'] as string),
    householdSize: row['household_size'] === null ? null : Number(row['household_size']),
    openMembers: ((row['open_members'] ?? []) as string[]).map((uuid) => uuidToId('mbr', uuid)),
    forfeitsAt: (row['forfeits_at'] as Date | null)?.getTime() ?? null,
    places: [],
    merges: [],
    closings: [],
  }),
  due: [
    {
      phase: 'forfeit',
      find: [FIND_ENDED_GRACE],
      nextDue: ({ forfeitsAt }) => forfeitsAt,
      eventsDue: (_state, at) => [{ type: 'closing.graceEnded', data: {}, occurredAt: at }],
    },
  ],
  apply: applyToMembership,
  afterWrite: ({ accountId, headMemberId, householdSize, openMembers, forfeitsAt }) => ({
    accountId,
    headMemberId,
    householdSize,
    openMembers,
    forfeitsAt,
    places: [],
    merges: [],
    closings: [],
  }),
  rows: (state, sink) => {
    for (const place of state.places) addPlace(sink, state.accountId, place);
    for (const merge of state.merges) addMerge(sink, state.accountId, merge);
    for (const closing of state.closings) addClosing(sink, state.accountId, closing);
  },
};

function applyToMembership(state: MembershipState, event: DomainEvent): MembershipState {
  const { accountId, places } = state;
  const size = state.householdSize ?? 0;
  const at = event.recordedAt;
  switch (event.type) {
    case 'household.created':
      return { ...state, headMemberId: event.data.headMemberId, householdSize: 0 };
    case 'household.joined': {
      const { memberId, role } = event.data;
      return {
        ...state,
        householdSize: size + 1,
        openMembers: withMember(state, memberId),
        places: [...places, { memberId, accountId, role, at }],
      };
    }
    case 'household.left': {
      const { memberId, homeAccountId } = event.data;
      const place = { memberId, accountId: homeAccountId, role: null, at };
      return {
        ...state,
        householdSize: size - 1,
        openMembers: without(state, memberId),
        places: [...places, place],
      };
    }
    case 'household.roleChanged': {
      const { memberId, role, formerHead } = event.data;
      const changed: Place[] = [{ memberId, accountId, role, at }];
      if (formerHead === null) return { ...state, places: [...places, ...changed] };
      changed.push({ memberId: formerHead, accountId, role: 'adult', at });
      return { ...state, headMemberId: memberId, places: [...places, ...changed] };
    }
    case 'member.closed':
      return {
        ...state,
        openMembers: without(state, event.memberId),
        closings: [...state.closings, event],
      };
    case 'closing.graceBegan':
      return { ...state, forfeitsAt: event.data.forfeitsAt };
    case 'closing.graceEnded':
      return { ...state, forfeitsAt: null };
    case 'member.merged':
      return event.memberId === event.data.survivor.memberId ? withMerge(state, event) : state;
    default:
      return state;
  }
}

/** The survivor takes the duplicate's place in a household they share. */
function withMerge(state: MembershipState, event: DomainEventOf<'member.merged'>): MembershipState {
  const { survivor, duplicate } = event.data;
  const merges = [...state.merges, event];
  if (state.householdSize === null || duplicate.accountId !== state.accountId) return { ...state, merges };
  const headMemberId = state.headMemberId === duplicate.memberId ? survivor.memberId : state.headMemberId;
  const openMembers = without(state, duplicate.memberId);
  return { ...state, merges, headMemberId, openMembers, householdSize: state.householdSize - 1 };
}

function withMember({ openMembers }: MembershipState, memberId: MemberId): readonly MemberId[] {
  return [...openMembers, memberId].sort();
}

function without({ openMembers }: MembershipState, memberId: MemberId): readonly MemberId[] {
  return openMembers.filter((id) => id !== memberId);
}

function addClosing(
  sink: RowSink,
  guard: AccountId,
  { memberId, data, recordedAt }: DomainEventOf<'member.closed'>,
): void {
  sink.add(MEMBER_CLOSINGS, guard, {
    member_id: memberId,
    status: 'closed',
    status_changes: data.statusChanges,
    updated_at: recordedAt,
  });
}

function addPlace(sink: RowSink, guard: AccountId, { memberId, accountId, role, at }: Place): void {
  const place = { member_id: memberId, account_id: accountId };
  sink.add(MEMBER_PLACES, guard, { ...place, household_role: role, updated_at: at });
  sink.add(IDENTITY_PLACES, guard, place);
}

function addMerge(
  sink: RowSink,
  guard: AccountId,
  { data, recordedAt }: DomainEventOf<'member.merged'>,
): void {
  const { survivor, duplicate, role } = data;
  const former = [duplicate.memberId, ...duplicate.mergedFrom];
  const common = { account_id: guard, updated_at: recordedAt };
  for (const memberId of former) {
    sink.add(MEMBER_MERGES, guard, {
      ...common,
      member_id: memberId,
      status: 'merged',
      merged_into: survivor.memberId,
      household_role: null,
      merged_from: null,
    });
  }
  sink.add(MEMBER_MERGES, guard, {
    ...common,
    member_id: survivor.memberId,
    status: survivor.status,
    merged_into: null,
    household_role: role,
    merged_from: [...survivor.mergedFrom, ...former].map(idToUuid),
  });
  sink.add(IDENTITY_LINKS, guard, {
    former_member_id: duplicate.memberId,
    member_id: survivor.memberId,
    account_id: guard,
  });
}
