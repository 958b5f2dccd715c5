import { idToUuid, uuidToId, type AccountId, type MemberId } from '../../kernel/ids.js';
import type { Snapshot } from '../../platform/database/snapshot.js';
import type { Row } from '../../platform/database/row.js';
import { compare, type Difference } from './difference.js';

/** Rows fetched at once while streaming. */
const BATCH = 1000;

const EVENTS = `SELECT x.account_id, x.type, x.data FROM events x JOIN households h ON h.account_id = x.account_id
  WHERE x.account_id = ANY($1::uuid[])
    AND x.type IN ('household.joined', 'household.left', 'household.roleChanged', 'member.merged')
  ORDER BY x.account_id, x.sequence`;

const MEMBERS = `SELECT m.account_id, m.member_id, m.household_role FROM members m
  WHERE m.account_id = ANY($1::uuid[]) AND m.household_role IS NOT NULL`;

const HEADS = `SELECT h.account_id, a.head_member_id FROM households h JOIN accounts a ON a.account_id = h.account_id
  WHERE h.account_id = ANY($1::uuid[])`;

/** By member; a household that all members left keeps its last head. */
interface Roles {
  readonly of: Map<MemberId, string>;
  head: MemberId | null;
}

/**
 * Whether the members of some households have the roles, and only those, that the households' events gave them, and
 * whose each household is.
 */
export async function* householdRoles(
  snapshot: Snapshot,
  accounts: readonly AccountId[],
): AsyncGenerator<readonly Difference[]> {
  const values = [accounts.map(idToUuid)];
  const told = new Map<AccountId, Roles>();
  for await (const rows of snapshot.batches(EVENTS, values, BATCH)) {
    for (const row of rows) tell(rolesOf(told, row), row);
  }
  const stored = new Map<AccountId, Roles>();
  for await (const rows of snapshot.batches(MEMBERS, values, BATCH)) {
    for (const row of rows) {
      const memberId = uuidToId('mbr', row['member_id'] as string);
      rolesOf(stored, row).of.set(memberId, row['household_role'] as string);
    }
  }
  for (const accountId of new Set([...told.keys(), ...stored.keys()])) {
    const [expected, actual] = [told.get(accountId)?.of, stored.get(accountId)?.of];
    for (const memberId of new Set([...(expected?.keys() ?? []), ...(actual?.keys() ?? [])])) {
      const [role, noted] = [expected?.get(memberId) ?? 'none', actual?.get(memberId) ?? 'none'];
      yield compare({ accountId, memberId }, 'member.householdRole', role, noted);
    }
  }
  for (const row of await snapshot.query(HEADS, values)) {
    const accountId = uuidToId('acc', row['account_id'] as string);
    const noted = row['head_member_id'] as string | null;
    const head = told.get(accountId)?.head ?? 'none';
    yield compare({ accountId }, 'account.owner', head, noted === null ? 'none' : uuidToId('mbr', noted));
  }
}

function rolesOf(roles: Map<AccountId, Roles>, row: Row): Roles {
  const accountId = uuidToId('acc', row['account_id'] as string);
  const known = roles.get(accountId) ?? { of: new Map<MemberId, string>(), head: null };
  roles.set(accountId, known);
  return known;
}

interface Told {
  readonly memberId: MemberId;
  readonly role: string;
  readonly formerHead?: MemberId | null;
  readonly survivor?: { readonly memberId: MemberId };
  readonly duplicate?: { readonly memberId: MemberId };
}

/**
 * The state after one more event. In a merge the survivor takes the place of a head; the event is there for both
 * members.
 */
function tell(roles: Roles, row: Row): void {
  const { memberId, role, formerHead, survivor, duplicate } = row['data'] as Told;
  switch (row['type']) {
    case 'household.left':
      roles.of.delete(memberId);
      break;
    case 'member.merged':
      if (!survivor || !duplicate) break;
      if (roles.of.get(duplicate.memberId) === 'head') give(roles, survivor.memberId, 'head');
      roles.of.delete(duplicate.memberId);
      break;
    default:
      if (formerHead) give(roles, formerHead, 'adult');
      give(roles, memberId, role);
  }
}

function give(roles: Roles, memberId: MemberId, role: string): void {
  roles.of.set(memberId, role);
  if (role === 'head') roles.head = memberId;
}
