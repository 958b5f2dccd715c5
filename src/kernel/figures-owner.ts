import type { AccountId, MemberId } from './ids.js';

/** A member whose measures and limits an event of an account changes, without being loaded with it. */
export interface FiguresOwner {
  readonly memberId: MemberId;
  /** The account the member was enrolled with, under which the figures are kept. */
  readonly homeAccountId: AccountId;
  /** The member no longer shares the account. */
  readonly left: boolean;
}
