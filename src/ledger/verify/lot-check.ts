import type { AccountId, LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import { carryingAmount } from '../domain/carrying-amount.js';
import { compare, type Difference } from './difference.js';

/** A lot as it is stored. */
export interface StoredLot {
  readonly origin: string;
  readonly points: Points;
  readonly allocated: bigint;
  readonly available: Points;
  readonly held: Points;
  readonly redeemed: Points;
  readonly expired: Points;
  readonly memberId: string;
  readonly purchaseId: string | null;
  readonly earnedAt: string;
}

/** What a lot's movements add up to. */
export interface LotMovements {
  /** How many movements issued it; always one. */
  readonly issues: number;
  readonly issuedPoints: Points;
  readonly issuedLiability: bigint;
  readonly issuedEventCode: string | null;
  readonly issuedTo: string | null;
  readonly issuedCause: string | null;
  readonly issuedAt: string | null;
  readonly available: Points;
  readonly held: Points;
  readonly redeemed: Points;
  readonly expired: Points;
  readonly liability: bigint;
  /** Movements with money. */
  readonly withMoney: number;
}

export interface LotToCheck {
  readonly accountId: AccountId;
  readonly lotId: LotId;
  /** Null when movements name a lot that is not there. */
  readonly lot: StoredLot | null;
  /** Null when no movement names the lot. */
  readonly movements: LotMovements | null;
}

/** Compares a lot with what its movements say: its counters, its issue and its carrying amount (I4 to I6, I19). */
export function checkLot({ accountId, lotId, lot, movements }: LotToCheck): readonly Difference[] {
  const subject = { accountId, lotId };
  if (!lot) return compare(subject, 'lot.exists', 'a lot', 'none');
  if (!movements) return compare(subject, 'lot.issued', 0, 1);
  const differences = [
    ...compare(subject, 'lot.issued', movements.issues, 1),
    ...compare(subject, 'lot.origin', originOf(movements.issuedEventCode), lot.origin),
    ...compare(subject, 'lot.points', movements.issuedPoints, lot.points),
    ...compare(subject, 'lot.allocated', movements.issuedLiability, lot.allocated),
    ...compare(subject, 'lot.available', movements.available, lot.available),
    ...compare(subject, 'lot.held', movements.held, lot.held),
    ...compare(subject, 'lot.redeemed', movements.redeemed, lot.redeemed),
    ...compare(subject, 'lot.expired', movements.expired, lot.expired),
    ...compare(subject, 'lot.member', movements.issuedTo, lot.memberId),
    ...compare(subject, 'lot.purchase', movements.issuedCause, lot.purchaseId),
    ...compare(subject, 'lot.earnedAt', movements.issuedAt, lot.earnedAt),
    ...compare(subject, 'lot.carryingAmount', movements.liability, carryingOf(lot)),
  ];
  if (lot.allocated > 0n) return differences;
  return [...differences, ...compare(subject, 'lot.withoutMoney', movements.withMoney, 0)];
}

/** Which lots an issuing event code opens. */
function originOf(eventCode: string | null): string | null {
  return eventCode === 'E01' ? 'purchase' : eventCode === 'E02' ? 'non_purchase' : null;
}

/** The carrying amount by the lot's own counters; text where they cannot be. */
function carryingOf(lot: StoredLot): bigint | string {
  const out = lot.redeemed + lot.expired;
  return out > lot.points ? `${out} of ${lot.points} points out` : carryingAmount(lot, out);
}
