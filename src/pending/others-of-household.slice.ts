import { COUNTED_EARNING_DAYS } from '../earning/index.js';
import type { DomainEventMap } from '../kernel/domain-events.js';
import { uuidToId, type AccountId, type MemberId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import type { AccountSlice, Table } from '../platform/pipeline/index.js';
import { QUALIFYING_DAYS } from '../tiers/index.js';
import { HOUSEHOLD_MEMBERS } from './household-members.query.js';

/** Moves the version of a buyer's own account on, whose figures are kept under it: what was read of them is outdated. */
const ACCOUNT_VERSIONS: Table = {
  name: 'accounts',
  mode: 'increment',
  key: ['account_id'],
  accountScoped: false,
  columns: [
    { name: 'account_id', type: 'id' },
    { name: 'version', type: 'bigint' },
  ],
};

type CancelledAwards = DomainEventMap['awards.cancelled'];

/** Whose figures they are, and under which account these are kept. */
interface Owner {
  readonly memberId: MemberId;
  readonly homeAccountId: AccountId;
}

interface OthersState {
  readonly accountId: AccountId;
  /** By the member that lots name; empty for an account that nobody shares. */
  readonly owners: ReadonlyMap<MemberId, Owner>;
  /** Not written yet. */
  readonly cancelled: readonly CancelledAwards[];
}

/**
 * Points wait for one member of a household, or for one who has left it, and are given up while a command speaks for
 * another, or a job for the head: what they counted for is the one's, whose own figures are not loaded. So it is only
 * taken off.
 */
export const othersOfHouseholdSlice: AccountSlice<OthersState> = {
  scope: 'account',
  name: 'othersOfHousehold',
  columns: [],
  select: HOUSEHOLD_MEMBERS,
  read: (row) => ({
    accountId: uuidToId('acc', row['account_id'] as string),
    owners: new Map(readOwners(row)),
    cancelled: [],
  }),
  apply: (state, event) => {
    if (event.type !== 'awards.cancelled' || event.data.memberId === event.memberId) return state;
    return { ...state, cancelled: [...state.cancelled, event.data] };
  },
  afterWrite: ({ accountId, owners }) => ({ accountId, owners, cancelled: [] }),
  rows: ({ accountId, owners, cancelled }, sink) => {
    const days = new Map<string, Record<string, unknown> & { points: number }>();
    const left = new Set<AccountId>();
    for (const { memberId, homeAccountId, businessDate, points, awards } of cancelled) {
      const owner = owners.get(memberId) ?? (homeAccountId && { memberId, homeAccountId });
      if (!owner) continue;
      if (!owners.has(memberId)) left.add(owner.homeAccountId);
      const key = { account_id: owner.homeAccountId, member_id: owner.memberId, day: businessDate };
      const name = `${owner.memberId} ${businessDate}`;
      const day = days.get(name) ?? { ...key, spend_minor: 0, points: 0, visits: 0 };
      days.set(name, { ...day, points: day.points - points });
      for (const { ruleId, points: given, whole } of awards) {
        const taken = { points: 0 - given, times: whole ? -1 : 0 };
        sink.add(COUNTED_EARNING_DAYS, accountId, { ...key, rule_id: ruleId, ...taken });
      }
    }
    // One row a day: a statement that met the same row twice would be refused, and its batch halved.
    for (const day of days.values()) if (day.points !== 0) sink.add(QUALIFYING_DAYS, accountId, day);
    for (const account_id of left) sink.add(ACCOUNT_VERSIONS, accountId, { account_id, version: 1 });
  },
};

function readOwners(row: Row): (readonly [MemberId, Owner])[] {
  const members = (row['household_members'] ?? []) as [string, string, string][];
  return members.map(([memberId, ownerId, home]) => [
    uuidToId('mbr', memberId),
    { memberId: uuidToId('mbr', ownerId), homeAccountId: uuidToId('acc', home) },
  ]);
}
