import { uuidToId, type AccountId, type MemberId } from '../kernel/ids.js';
import type { Row } from '../platform/database/row.js';
import { ACCOUNT_VERSIONS, type AccountSlice } from '../platform/pipeline/index.js';
import { HOUSEHOLD_MEMBERS } from './household-members.query.js';

/** The member whose figures they are, and the account under which they are kept. */
interface Owner {
  readonly memberId: MemberId;
  readonly homeAccountId: AccountId;
}

interface HouseholdMembers {
  readonly accountId: AccountId;
  /** By the member that lots name; empty for an account that has one member. */
  readonly owners: ReadonlyMap<MemberId, Owner>;
  /** Own accounts of members who have left and whose figures were changed here; not written yet. */
  readonly changed: ReadonlySet<AccountId>;
}

/**
 * The members of a household, whichever of them a command names. What was read of the figures of a member who has left
 * is outdated once an event of this account changes them, so the version of that member's own account moves on.
 */
export const householdMembersSlice: AccountSlice<HouseholdMembers> = {
  scope: 'account',
  name: 'householdMembers',
  columns: [],
  select: HOUSEHOLD_MEMBERS,
  read: (row) => ({
    accountId: uuidToId('acc', row['account_id'] as string),
    owners: new Map(readOwners(row)),
    changed: new Set(),
  }),
  apply: (state, event) => {
    if (event.type !== 'awards.cancelled' || event.data.owner?.left !== true) return state;
    const { accountId, owners, changed } = state;
    return { accountId, owners, changed: new Set([...changed, event.data.owner.homeAccountId]) };
  },
  afterWrite: ({ accountId, owners }) => ({ accountId, owners, changed: new Set() }),
  rows: ({ accountId, changed }, sink) => {
    for (const account_id of changed) sink.add(ACCOUNT_VERSIONS, accountId, { account_id, version: 1 });
  },
};

function readOwners(row: Row): (readonly [MemberId, Owner])[] {
  const members = (row['household_members'] ?? []) as [string, string, string][];
  return members.map(([memberId, ownerId, home]) => [
    uuidToId('mbr', memberId),
    { memberId: uuidToId('mbr', ownerId), homeAccountId: uuidToId('acc', home) },
  ]);
}
