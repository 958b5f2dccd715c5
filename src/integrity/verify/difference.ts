import type {
  AccountId,
  AdjustmentId,
  LotId,
  MemberId,
  ProgrammeId,
  PurchaseId,
  RedemptionId,
  ReturnId,
  UndoId,
} from '../../kernel/ids.js';
import type { LocalDate } from '../../kernel/time.js';
import type { LotBucket } from '../../ledger/index.js';

/** What is compared; a stable code for each. */
export type Check =
  | 'account.available'
  | 'account.held'
  | 'account.pending'
  | 'account.debt'
  | 'account.debtUnfilled'
  | 'account.slidingExpiresAt'
  | 'account.slidingAvailable'
  | 'account.expiring'
  | 'account.nextPendingAt'
  | 'account.nextHoldExpiryAt'
  | 'account.lifetimeEarned'
  | 'account.lifetimeRedeemed'
  | 'account.movementSequence'
  | 'account.headHash'
  | 'account.eventSequence'
  | 'account.holds'
  | 'account.debtAt'
  | 'account.debtPostedOn'
  | 'account.lastRecordedAt'
  | 'account.records'
  | 'account.events'
  | 'account.eventPositions'
  | 'account.unsealed'
  | 'account.owner'
  | 'account.householdSize'
  | 'account.slidingDueAt'
  | 'account.forfeitsAt'
  | 'account.exists'
  | 'account.readable'
  | 'movement.sequence'
  | 'movement.hash'
  | 'movement.instants'
  | 'movement.eventCode'
  | 'movement.money'
  | 'lot.exists'
  | 'lot.terms'
  | 'lot.instants'
  | 'lot.issued'
  | 'lot.origin'
  | 'lot.points'
  | 'lot.allocated'
  | `lot.${LotBucket}`
  | 'lot.expiresAt'
  | 'lot.movedAt'
  | 'lot.movedOn'
  | `negative.${'occurredAt' | 'recordedAt' | 'postingDate'}`
  | 'lot.postedOn'
  | 'lot.carryingAmount'
  | 'lot.withoutMoney'
  | 'lot.member'
  | 'lot.purchase'
  | 'lot.earnedAt'
  | 'transfer.points'
  | 'transfer.liability'
  | 'transfer.parent'
  | 'redemption.exists'
  | 'redemption.held'
  | 'redemption.redeemed'
  | 'return.exists'
  | 'return.pointsTaken'
  | 'return.debt'
  | 'return.restored'
  | 'purchase.lots'
  | 'purchase.readable'
  | 'undo.pointsTaken'
  | 'undo.debt'
  | 'adjustment.record'
  | 'claim.record'
  | 'budget.draw'
  | 'budget.used'
  | 'budget.left'
  | 'campaign.places'
  | 'campaign.points'
  | 'campaign.registration'
  | 'household.closedAt'
  | 'member.enrolled'
  | 'member.record'
  | 'member.status'
  | 'member.statusChanges'
  | 'member.account'
  | 'member.merged'
  | 'member.householdRole'
  | 'member.identities'
  | 'member.readable'
  | 'programme.exists'
  | 'programme.record'
  | 'programme.revision'
  | 'programme.anchoredUntil'
  | 'programme.audit'
  | 'programme.accounts'
  | 'programme.unsealed'
  | 'config.record'
  | 'act.record'
  | 'change.record'
  | 'key.record'
  | 'qualifyingDay.spend'
  | 'qualifyingDay.points'
  | 'qualifyingDay.status'
  | 'qualifyingDay.visits'
  | 'qualifyingYear.totals'
  | 'tier.place'
  | 'log.positions'
  | 'log.end'
  | 'anchor.hash'
  | 'anchor.chain'
  | 'anchor.day'
  | 'anchor.signature'
  | 'anchor.accounts'
  | 'anchor.digest';

/** What a difference is about; as much of it as there is. */
export interface Subject {
  readonly accountId?: AccountId;
  readonly lotId?: LotId;
  /** The account's movement. */
  readonly sequence?: number;
  readonly redemptionId?: RedemptionId;
  readonly returnId?: ReturnId;
  readonly undoId?: UndoId;
  readonly adjustmentId?: AdjustmentId;
  readonly claim?: string;
  readonly purchaseId?: PurchaseId;
  readonly memberId?: MemberId;
  readonly programmeId?: ProgrammeId;
  readonly day?: LocalDate;
}

/** Something that the movements say otherwise. `expected` is what they give, `actual` what is stored. */
export interface Difference extends Subject {
  readonly check: Check;
  readonly expected: string;
  readonly actual: string;
}

/** How many differences a report lists; it counts all of them. */
export const MAX_DIFFERENCES = 1000;

/** Keeps the first differences and counts the rest, so that a thoroughly broken database cannot fill the memory. */
export class Differences {
  readonly listed: Difference[];

  constructor(
    listed: readonly Difference[] = [],
    private found = 0,
  ) {
    this.listed = [...listed];
  }

  get count(): number {
    return this.found;
  }

  add(differences: readonly Difference[]): void {
    this.found += differences.length;
    this.listed.push(...differences.slice(0, MAX_DIFFERENCES - this.listed.length));
  }
}

type Scalar = string | number | bigint | null;

/** None when both say the same. */
export function compare(
  subject: Subject,
  check: Check,
  expected: Scalar,
  actual: Scalar,
): readonly Difference[] {
  const [wanted, found] = [String(expected), String(actual)];
  return wanted === found ? [] : [{ ...subject, check, expected: wanted, actual: found }];
}
