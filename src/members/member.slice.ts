import type { MemberSlice } from '../platform/pipeline/slice.js';

/** `merged`: turned out to be another member, who carries on. */
export type MemberStatus = 'active' | 'suspended' | 'closed' | 'merged';

/** What decisions may know of a member. */
export interface MemberState {
  readonly status: MemberStatus;
}

/** Read only: members change through their own store, which moves the account's version forward. */
export const memberSlice: MemberSlice<MemberState> = {
  scope: 'member',
  name: 'member',
  select: 'm.status AS member_status',
  read: (row) => ({ status: row['member_status'] as MemberStatus }),
  apply: (state) => state,
};
