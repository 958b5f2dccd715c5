import type { MemberSlice } from '../platform/pipeline/slice.js';

export type MemberStatus = 'active' | 'suspended' | 'closed';

/** What decisions may know of a member. */
export interface MemberState {
  readonly status: MemberStatus;
}

/** Read only: members change through their own store, which moves the account's version forward. */
export const memberSlice: MemberSlice<MemberState> = {
  scope: 'member',
  name: 'member',
  join: 'LEFT JOIN members mm ON mm.member_id = t.member_id',
  select: 'mm.status AS member_status',
  read: (row) => ({ status: row['member_status'] as MemberStatus }),
  apply: (state) => state,
};
