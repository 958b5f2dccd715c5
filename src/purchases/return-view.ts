import type { AccountId, MemberId, PurchaseId } from '../kernel/ids.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import type { ReturnedRedemption, ReturnFacts } from './domain/return-facts.js';
import { statusTaken } from './status-back.js';

/** A recorded return with its place and time. */
export interface ReturnOnRecord extends Pick<
  ReturnFacts,
  | 'returnId'
  | 'source'
  | 'receiptNo'
  | 'adjustmentId'
  | 'lines'
  | 'grants'
  | 'status'
  | 'takenFrom'
  | 'pointsTaken'
  | 'debt'
  | 'forgiven'
  | 'keepFromRefundMinor'
> {
  /** The two figures in money are null on returns of before they were noted. */
  readonly refundMinor: number | null;
  readonly redemptions: readonly (Omit<ReturnedRedemption, 'discountMinor'> & {
    readonly discountMinor?: number;
  })[];
  readonly purchaseId: PurchaseId;
  readonly memberId: MemberId;
  readonly accountId: AccountId;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
}

/** A return as it is stored, with the key that posted it; null where that is of before it was kept. */
export function returnRecordView(record: ReturnOnRecord, actor: string | null) {
  return { ...returnView(record), actor };
}

/** A return as the API shows it. */
export function returnView(record: ReturnOnRecord) {
  const statusPoints = statusTaken(record.status);
  return {
    id: record.returnId,
    purchaseId: record.purchaseId,
    memberId: record.memberId,
    accountId: record.accountId,
    source: record.source,
    receiptNo: record.receiptNo,
    /** Of a return by hand, which has its receipt's source and the adjustment's id for a number. */
    adjustmentId: record.adjustmentId,
    occurredAt: formatInstant(record.occurredAt),
    recordedAt: formatInstant(record.recordedAt),
    /** What left the account: the receipt's own points and those that filled the debt at once. */
    pointsTaken: record.pointsTaken,
    /** Absent where none were taken. */
    ...(statusPoints > 0 ? { statusPoints } : {}),
    pointsFromDebtPolicy: {
      debt: record.debt,
      forgiven: record.forgiven,
      keepFromRefundMinor: record.keepFromRefundMinor,
    },
    takenFrom: record.takenFrom,
    /** Had expired or was cancelled before. */
    pointsGone: record.grants.reduce((sum, { gone }) => sum + gone, 0),
    /** Stays with the member because only pending points were to be taken. */
    notTaken: record.grants.reduce((sum, { notTaken }) => sum + notTaken, 0),
    /** Steps of milestones that are reached no more, and their points, which the figures above include. */
    milestones: record.grants.flatMap(({ points, milestone }) =>
      milestone ? [{ ...milestone, points }] : [],
    ),
    lines: record.lines,
    /** What comes back in money, of which `keepFromRefundMinor` is kept. */
    refundMinor: record.refundMinor,
    redemptions: record.redemptions.map(({ redemptionId, points, discountMinor = null }) => ({
      ...{ id: redemptionId, points, discountMinor },
    })),
  };
}
