/** Points that change accounts, as domain events tell it. */
import type { AccountId, LotId, MemberId, TransferId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import type { GrantState } from './lot-grant.js';

/**
 * Why points change accounts: a member sends some; a member joins or leaves a household; two members turn out to be
 * one; points that came back to an account whose member has another one by now follow them.
 */
export type TransferKind = 'member' | 'join' | 'leave' | 'merge' | 'follow';

export interface TransferSide {
  readonly accountId: AccountId;
  readonly memberId: MemberId;
}

export interface TransferFacts {
  readonly transferId: TransferId;
  readonly kind: TransferKind;
  readonly points: Points;
  /** Debt that went along. */
  readonly debt: Points;
  readonly from: TransferSide;
  readonly to: TransferSide;
  readonly lots: readonly TransferredLot[];
  readonly note: string | null;
  readonly externalId: string | null;
  readonly transferredAt: Instant;
}

/** A part of a lot and the child that continues it. */
export interface TransferredLot {
  readonly lotId: LotId;
  readonly childLotId: LotId;
  readonly from: GrantState;
  readonly points: Points;
  /** The child's exclusive end; null never, or not known yet. */
  readonly expiresAt: Instant | null;
}
