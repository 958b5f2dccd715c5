import { idToUuid, uuidToId, type AccountId, type HouseholdId } from '../kernel/ids.js';

/** A household is known by its account: its id is the account's, written as a household's. */
export function householdOf(accountId: AccountId): HouseholdId {
  return uuidToId('hsh', idToUuid(accountId));
}

export function accountOf(householdId: HouseholdId): AccountId {
  return uuidToId('acc', idToUuid(householdId));
}
