import { idToUuid, type AccountId, type MemberId } from '../../src/kernel/ids.js';
import type { EngineDefinition } from '../../src/platform/pipeline/index.js';

/** The states of an account that was just opened, with all there is of it (nothing) loaded. */
export function newAccountStates(
  { slices }: EngineDefinition,
  accountId: AccountId,
  head: MemberId | null,
): Map<string, unknown> {
  const row = {
    account_id: idToUuid(accountId),
    ...Object.fromEntries(
      ['available', 'pending', 'held', 'debt', 'lifetime_earned', 'lifetime_redeemed', 'movement_seq'].map(
        (name) => [name, '0'],
      ),
    ),
    head_hash: Buffer.alloc(32),
    head_member_id: head && idToUuid(head),
    household_size: null,
    next_hold_expiry_at: null,
    expiring: null,
    next_pending_at: null,
    sliding_expires_at: null,
  };
  const ofAccounts = slices.filter((slice) => slice.scope === 'account');
  return new Map(
    ofAccounts.map((slice) => [
      slice.name,
      slice.lazyRows ? slice.lazyRows.merge(slice.read(row), []) : slice.read(row),
    ]),
  );
}

/** The states of a member who was just enrolled with an account. */
export function newMemberStates(
  { slices }: EngineDefinition,
  status: string,
  accountId: AccountId,
): Map<string, unknown> {
  const row = {
    member_status: status,
    member_status_changes: null,
    household_role: null,
    member_home: idToUuid(accountId),
    member_merged_from: null,
    tier_account_id: idToUuid(accountId),
    earning_account_id: idToUuid(accountId),
    earning_counts: null,
    tier_enrolled_at: new Date(Date.UTC(2020, 0)),
    tier_days: null,
    tier_changes: null,
    person: null,
  };
  const ofMembers = slices.filter((slice) => slice.scope === 'member');
  return new Map(ofMembers.map((slice) => [slice.name, slice.read(row)]));
}
