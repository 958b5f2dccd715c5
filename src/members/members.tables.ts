import type { Table } from '../platform/pipeline/index.js';

/**
 * Rows of members that commands write. They are guarded by the accounts the command is about, which is whose
 * version moves with every change of a member.
 */
export const MEMBER_PLACES: Table = {
  name: 'members',
  mode: 'update',
  key: ['member_id'],
  accountScoped: false,
  columns: [
    { name: 'member_id', type: 'id' },
    { name: 'account_id', type: 'id' },
    { name: 'household_role', type: 'text' },
    { name: 'updated_at', type: 'instant' },
  ],
};

/** Memberships that end. */
export const MEMBER_CLOSINGS: Table = {
  ...MEMBER_PLACES,
  columns: [
    { name: 'member_id', type: 'id' },
    { name: 'status', type: 'text' },
    { name: 'status_changes', type: 'json' },
    { name: 'updated_at', type: 'instant' },
  ],
};

/** The duplicate, and the survivor. */
export const MEMBER_MERGES: Table = {
  ...MEMBER_PLACES,
  columns: [
    ...MEMBER_PLACES.columns,
    { name: 'status', type: 'text' },
    { name: 'merged_into', type: 'id' },
    { name: 'merged_from', type: 'json' },
  ],
};

/** All identities of a member lead to another account. */
export const IDENTITY_PLACES: Table = {
  name: 'member_identities',
  mode: 'update',
  key: ['member_id'],
  accountScoped: false,
  columns: [
    { name: 'member_id', type: 'id' },
    { name: 'account_id', type: 'id' },
  ],
};

/** All identities of a member are another's. */
export const IDENTITY_LINKS: Table = {
  ...IDENTITY_PLACES,
  keyFrom: { member_id: 'former_member_id' },
  columns: [{ name: 'former_member_id', type: 'id' }, ...IDENTITY_PLACES.columns],
};
