import { uuidToId, type AccountId, type MemberId } from '../kernel/ids.js';
import type { MemberSlice } from '../platform/pipeline/index.js';
import type { MemberStatus, StatusChange } from './domain/status-at.js';
import type { HouseholdRole } from './member-facts.js';

/** What decisions may know of a member. */
export interface MemberState {
  readonly status: MemberStatus;
  /** Earliest first, as far as they are kept. */
  readonly statusChanges: readonly StatusChange[];
  /** Null for a member in no household. */
  readonly role: HouseholdRole | null;
  /** The account they were enrolled with. */
  readonly homeAccountId: AccountId;
  /** All members who were merged into this one, however indirectly. */
  readonly mergedFrom: readonly MemberId[];
}

const NEVER_CHANGED: readonly StatusChange[] = [];

/**
 * Written elsewhere: a member's own data change through their store, which moves the account's version forward; which
 * account they act on, and that they are closed, through the accounts concerned (`membershipSlice`).
 */
export const memberSlice: MemberSlice<MemberState> = {
  scope: 'member',
  name: 'member',
  select:
    'm.status AS member_status, m.status_changes AS member_status_changes, m.household_role, m.home_account_id AS member_home, m.merged_from AS member_merged_from',
  read: (row) => ({
    status: row['member_status'] as MemberStatus,
    statusChanges: (row['member_status_changes'] ?? NEVER_CHANGED) as readonly StatusChange[],
    role: row['household_role'] as HouseholdRole | null,
    homeAccountId: uuidToId('acc', row['member_home'] as string),
    mergedFrom: ((row['member_merged_from'] ?? []) as string[]).map((uuid) => uuidToId('mbr', uuid)),
  }),
  apply: (state, event) =>
    event.type === 'member.closed'
      ? { ...state, status: 'closed', statusChanges: event.data.statusChanges }
      : state,
};
