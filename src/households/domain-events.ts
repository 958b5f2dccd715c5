import type { HouseholdRole } from '../members/index.js';
import type { AccountId, HouseholdId, MemberId } from '../kernel/ids.js';

declare module '../kernel/domain-events.js' {
  /** What this module emits inside a decision. */
  interface DomainEventMap {
    /** An account that several members share was opened. Its head joins next. */
    'household.created': {
      readonly householdId: HouseholdId;
      readonly name: string | null;
      readonly headMemberId: MemberId;
    };
    /** A member shares the account from now on. */
    'household.joined': {
      readonly householdId: HouseholdId;
      readonly memberId: MemberId;
      readonly role: HouseholdRole;
    };
    /** A member went back to the account they were enrolled with. */
    'household.left': {
      readonly householdId: HouseholdId;
      readonly memberId: MemberId;
      readonly homeAccountId: AccountId;
      /** They were the last, and the household is no more. */
      readonly closed: boolean;
    };
    'household.roleChanged': {
      readonly householdId: HouseholdId;
      readonly memberId: MemberId;
      readonly role: HouseholdRole;
      /** The former head, an adult from now on; null where the head stays the same. */
      readonly formerHead: MemberId | null;
    };
  }
}
