import { idToUuid, type AccountId, type MemberId } from '../../src/kernel/ids.js';
import type { Row } from '../../src/platform/database/row.js';
import type { EngineDefinition } from '../../src/platform/pipeline/index.js';

/** The states of an account that was just opened, with all there is of it (nothing) loaded. */
export function newAccountStates(
  { slices }: EngineDefinition,
  accountId: AccountId,
  head: MemberId | null,
): Map<string, unknown> {
  const ofAccounts = slices.filter((slice) => slice.scope === 'account');
  const row = {
    ...Object.fromEntries(ofAccounts.flatMap(({ columns }) => columns.map(({ name }) => [name, null]))),
    account_id: idToUuid(accountId),
    ...Object.fromEntries(
      ['available', 'pending', 'held', 'debt', 'lifetime_earned', 'lifetime_redeemed', 'movement_seq'].map(
        (name) => [name, '0'],
      ),
    ),
    head_hash: Buffer.alloc(32),
    head_member_id: head && idToUuid(head),
  };
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
  const ofMembers = slices.filter((slice) => slice.scope === 'member');
  const row = {
    ...Object.assign({}, ...ofMembers.map(({ select }) => selectedOf(select, accountId))),
    member_status: status,
    history: {
      ...{ account: idToUuid(accountId), from: '0001-01-01', keepsYears: true, hasEarlier: false },
      ...{ days: null, visitBefore: null, years: null, receipts: null },
    },
    household_role: null,
    // No registration of any campaign.
    campaigns: '',
    tier_enrolled_at: new Date(Date.UTC(2020, 0)),
  } as Row;
  return new Map(ofMembers.map((slice) => [slice.name, slice.read(row)]));
}

/** The named columns of a slice's `select` for a member without history: the home account, else null. */
function selectedOf(select: string, accountId: AccountId): Row {
  const columns = [...select.matchAll(/(\S+) AS (\w+)/g)];
  return Object.fromEntries(
    columns.map(([, source, name]) => [name, source === 'm.home_account_id' ? idToUuid(accountId) : null]),
  );
}
