import type { AccountId, MemberId } from '../../src/kernel/ids.js';
import { memberSlice, membershipSlice } from '../../src/members/index.js';
import type { MembershipState } from '../../src/members/membership.slice.js';
import type { MemberState } from '../../src/members/member.slice.js';
import { activitiesSlice } from '../../src/activities/index.js';
import { purchasesSlice } from '../../src/purchases/index.js';
import type { AccountEntry } from '../../src/platform/pipeline/batch/batch-state.js';

interface Whereabout {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

type Activities = ReturnType<typeof activitiesSlice.read>;
type Receipts = ReturnType<typeof purchasesSlice.read>;

/** Which account each member of a shop acts on, as the members' rows would say. */
export class Whereabouts {
  private readonly homes = new Map<MemberId, AccountId>();
  private readonly present = new Map<MemberId, AccountId>();
  private readonly mergedInto = new Map<MemberId, MemberId>();

  constructor(private readonly accounts: ReadonlyMap<AccountId, AccountEntry>) {}

  enrol(memberId: MemberId, accountId: AccountId): void {
    this.homes.set(memberId, accountId);
    this.present.set(memberId, accountId);
  }

  /** The survivor of a member, on its present account; undefined for an unknown member. */
  now(id: string): Whereabout | undefined {
    const memberId = this.mergedInto.get(id as MemberId) ?? (id as MemberId);
    const accountId = this.present.get(memberId);
    return accountId && { accountId, memberId };
  }

  /** The same on the account they were enrolled with, where they are known for the length of a batch. */
  atHome(id: string): Whereabout | undefined {
    const found = this.now(id);
    if (!found) return undefined;
    const { memberId } = found;
    const accountId = this.homes.get(memberId) as AccountId;
    this.visit(memberId, accountId);
    return { accountId, memberId };
  }

  /** Lets an account know a member of another one, as a load does. */
  visit(memberId: MemberId, accountId: AccountId): void {
    const states = this.entry(this.present.get(memberId) as AccountId).members.get(memberId);
    const { members } = this.entry(accountId);
    if (states && !members.has(memberId)) members.set(memberId, new Map(states));
  }

  /** The head of an account. */
  head(accountId: AccountId): MemberId {
    return membershipOf(this.entry(accountId)).headMemberId as MemberId;
  }

  /** Carries out what a batch wrote about members; every account then knows its own members alone. */
  follow(): void {
    for (const entry of this.accounts.values()) {
      const membership = membershipOf(entry);
      for (const { memberId, accountId, role } of membership.places) {
        this.visit(memberId, accountId);
        this.bringReceipts(memberId, this.present.get(memberId) as AccountId, { memberId, accountId });
        this.present.set(memberId, accountId);
        this.amend(memberId, accountId, { role });
      }
      for (const { data } of membership.merges) {
        const { survivor, duplicate, role } = data;
        const former = [duplicate.memberId, ...duplicate.mergedFrom];
        for (const memberId of former) this.mergedInto.set(memberId, survivor.memberId);
        this.amend(duplicate.memberId, duplicate.accountId, { status: 'merged', role: null });
        for (const memberId of former) {
          this.bringReceipts(memberId, duplicate.accountId, survivor);
          this.bringActivities(memberId, duplicate.accountId, survivor);
        }
        const mergedFrom = [...survivor.mergedFrom, ...former];
        this.amend(survivor.memberId, survivor.accountId, { role, mergedFrom });
      }
      entry.account.set(membershipSlice.name, { ...membership, places: [], merges: [], closings: [] });
    }
    for (const { accountId, members } of this.accounts.values()) {
      for (const memberId of members.keys())
        if (this.present.get(memberId) !== accountId) members.delete(memberId);
    }
  }

  /** A load finds a receipt under the account its member has now. */
  private bringReceipts(memberId: MemberId, from: AccountId, to: Whereabout): void {
    const [source, target] = [this.entry(from), this.entry(to.accountId)];
    const { known, recorded } = source.account.get(purchasesSlice.name) as Receipts;
    const state = target.account.get(purchasesSlice.name) as Receipts;
    const fresh = recorded.map(
      (purchase) => [purchase.facts.purchaseId, { ...purchase, returns: [] }] as const,
    );
    const theirs = [...fresh, ...known]
      .filter(([, purchase]) => purchase.memberId === memberId)
      .map(([purchaseId, purchase]) => [purchaseId, { ...purchase, memberId: to.memberId }] as const);
    target.account.set(purchasesSlice.name, { ...state, known: new Map([...state.known, ...theirs]) });
  }

  /** The same for an activity. */
  private bringActivities(memberId: MemberId, from: AccountId, to: Whereabout): void {
    const [source, target] = [this.entry(from), this.entry(to.accountId)];
    const { known, recorded } = source.account.get(activitiesSlice.name) as Activities;
    const state = target.account.get(activitiesSlice.name) as Activities;
    const theirs = [...recorded, ...known.values()]
      .filter((activity) => activity.memberId === memberId)
      .map((activity) => [activity.facts.activityId, { ...activity, memberId: to.memberId }] as const);
    target.account.set(activitiesSlice.name, { ...state, known: new Map([...state.known, ...theirs]) });
  }

  private amend(memberId: MemberId, accountId: AccountId, changes: Partial<MemberState>): void {
    const states = this.entry(accountId).members.get(memberId);
    states?.set(memberSlice.name, { ...(states.get(memberSlice.name) as MemberState), ...changes });
  }

  private entry(accountId: AccountId): AccountEntry {
    return this.accounts.get(accountId) as AccountEntry;
  }
}

function membershipOf({ account }: AccountEntry): MembershipState {
  return account.get(membershipSlice.name) as MembershipState;
}
