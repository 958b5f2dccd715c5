import type { AccountId, LotId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import { carryingAmount, LOT_BUCKETS, type LotBucket } from '../../ledger/index.js';
import { compare, type Difference } from './difference.js';

/** A lot as it is stored. */
export interface StoredLot {
  readonly origin: string;
  readonly points: Points;
  readonly allocated: bigint;
  readonly counters: Readonly<Record<LotBucket, Points>>;
  readonly memberId: string;
  readonly purchaseId: string | null;
  /** Null for a lot that was granted here. */
  readonly parentLotId: string | null;
  readonly earnedAt: string;
  readonly expiresAt: string | null;
  /** Instants are written in whole milliseconds; the terms cover no more of them. */
  readonly wholeMilliseconds: boolean;
  /** The digest of its terms. */
  readonly terms: string;
  /** Those it may have had at first; null where what it waited for is not kept. */
  readonly issuedTerms: readonly string[] | null;
  /** Whether it was given another expiry than it was granted with. */
  readonly renewed: boolean;
  /** The posting date with which its points began to be promised or owed. */
  readonly postedOn: string | null;
}

/** What a lot's movements add up to. */
export interface LotMovements {
  /** How many movements issued it; always one. */
  readonly issues: number;
  readonly issuedPoints: Points;
  readonly issuedLiability: bigint;
  readonly issuedEventCode: string | null;
  readonly issuedTo: string | null;
  readonly issuedCauseType: string | null;
  readonly issuedCause: string | null;
  readonly issuedAt: string | null;
  /** The event code under which points that were not owed at first began to be. */
  readonly deliveredEventCode: string | null;
  readonly counters: Readonly<Record<LotBucket, Points>>;
  /** The last expiry that a movement set. */
  readonly setsExpiryAt: string | null;
  readonly postedOn: string | null;
  /** The digest that the last movement with one has; null where that is a movement of before. */
  readonly terms: string | null;
  readonly issuedTerms: string | null;
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

/** Compares a lot with what its movements say: its counters, its issue, its terms and its carrying amount (I4 to I6, I19). */
export function checkLot({ accountId, lotId, lot, movements }: LotToCheck): readonly Difference[] {
  const subject = { accountId, lotId };
  if (!lot) return compare(subject, 'lot.exists', 'a lot', 'none');
  if (!movements) return compare(subject, 'lot.issued', 0, 1);
  const differences = [
    ...compare(subject, 'lot.issued', movements.issues, 1),
    ...compare(subject, 'lot.points', movements.issuedPoints, lot.points),
    ...LOT_BUCKETS.flatMap((bucket) =>
      compare(subject, `lot.${bucket}`, movements.counters[bucket], lot.counters[bucket]),
    ),
    ...compare(subject, 'lot.member', movements.issuedTo, lot.memberId),
    ...compare(subject, 'lot.postedOn', movements.postedOn, lot.postedOn),
    ...compare(subject, 'lot.carryingAmount', movements.liability, carryingOf(lot)),
    ...checkIssue(subject, lot, movements),
    ...checkTerms(subject, lot, movements),
  ];
  if (movements.setsExpiryAt !== null || lot.renewed) {
    differences.push(...compare(subject, 'lot.expiresAt', movements.setsExpiryAt, lot.expiresAt));
  }
  if (lot.allocated > 0n) return differences;
  return [...differences, ...compare(subject, 'lot.withoutMoney', movements.withMoney, 0)];
}

/** Everything about the lot that is not a counter, under the hash of the movement that set it. */
function checkTerms(
  subject: { readonly accountId: AccountId; readonly lotId: LotId },
  lot: StoredLot,
  movements: LotMovements,
): readonly Difference[] {
  const whole = 'whole milliseconds';
  const first = movements.issuedTerms;
  const kept = first === null || lot.issuedTerms === null || lot.issuedTerms.includes(first);
  return [
    ...(movements.terms === null ? [] : compare(subject, 'lot.terms', movements.terms, lot.terms)),
    ...(kept ? [] : compare(subject, 'lot.terms', first, lot.issuedTerms.join(' or '))),
    ...compare(subject, 'lot.instants', whole, lot.wholeMilliseconds ? whole : 'finer'),
  ];
}

/** How it began: granted here, or continuing a lot of another account. */
function checkIssue(
  subject: { readonly accountId: AccountId; readonly lotId: LotId },
  lot: StoredLot,
  movements: LotMovements,
): readonly Difference[] {
  const { issuedEventCode, issuedCauseType, ...issue } = movements;
  const waited = issuedEventCode === null;
  const money = waited ? [] : compare(subject, 'lot.allocated', issue.issuedLiability, lot.allocated);
  if (lot.parentLotId !== null) {
    return [...money, ...compare(subject, 'lot.issued', 'transfer', issuedCauseType)];
  }
  const isOfReceipt = issuedCauseType === 'purchase' || issuedCauseType === 'promotion';
  const purchase = isOfReceipt ? issue.issuedCause : null;
  const code = waited ? movements.deliveredEventCode : issuedEventCode;
  const origins = code === null ? [lot.origin] : originsOf(code);
  return [
    ...money,
    ...compare(subject, 'lot.origin', origins.includes(lot.origin) ? lot.origin : origins.join(), lot.origin),
    ...compare(subject, 'lot.purchase', purchase, lot.purchaseId),
    // What was brought in was earned long before; its terms say when.
    ...(issuedCauseType === 'opening' ? [] : compare(subject, 'lot.earnedAt', issue.issuedAt, lot.earnedAt)),
  ];
}

const ORIGINS_BY_CODE: Readonly<Record<string, readonly string[]>> = {
  E01: ['purchase', 'purchase_conditional'],
  E02: ['non_purchase', 'goodwill'],
  E03: ['sale_compensation'],
  E26: ['purchase', 'non_purchase'],
};

/** Which lots an issuing event code opens. */
function originsOf(eventCode: string): readonly string[] {
  return ORIGINS_BY_CODE[eventCode] ?? [];
}

/** The carrying amount by the lot's own counters; text where they cannot be. */
function carryingOf(lot: StoredLot): bigint | string {
  const { pending, available, held } = lot.counters;
  const out = lot.points - pending - available - held;
  return out < 0 ? `${out} of ${lot.points} points out` : carryingAmount(lot, out);
}
