import type { BucketPoints, LinePoints } from '../../kernel/domain-events.js';
import { splitByLargestRemainder, toSafeNumber } from '../../kernel/division.js';
import type { IdSource, LotId, MemberId } from '../../kernel/ids.js';
import type { SubLedgerAmount } from '../../kernel/money.js';
import { NeedsMoreRows } from '../../kernel/needs-more-rows.js';
import type { Points } from '../../kernel/points.js';
import type { Instant } from '../../kernel/time.js';
import { carryingAmount } from './carrying-amount.js';
import type { LedgerState } from './ledger-state.js';
import type { GrantState, ReceivedLot } from './lot-grant.js';
import { lotLiability, movePoints, openPoints, type Lot } from './lot.js';

/** Points of a lot that can leave for another account; what is on hold cannot. */
export interface OpenPart extends BucketPoints {
  readonly from: GrantState;
}

/** What holds for points in the account they come to. */
export interface ChildTerms {
  /** Their member from now on; null: the member that earned them. */
  readonly memberId: MemberId | null;
  /**
   * `keep`: their own end, and those that slide slide on with the other account; `fix`: what slid ends when it
   * would have; else a new end, exclusive, null for one that slides or never comes.
   */
  readonly expiry: 'keep' | 'fix' | { readonly expiresAt: Instant | null; readonly slides: boolean };
}

/** Both sides of points that change accounts: the data of `points.sent` and of `lots.received`. */
export interface Children {
  readonly sent: readonly OpenPart[];
  /** One child a part, in the same order. */
  readonly received: readonly ReceivedLot[];
}

/**
 * The child lots that continue parts of an account's lots elsewhere (docs/accounting.md#transfers-households-merges,
 * E19). A child is allocated exactly what its parent releases by the same fold, so no money is made or lost,
 * whatever the number of parts. Of points that are not owed yet it is what the parent would have come to owe for
 * them.
 * @throws RangeError when a lot has fewer points than its parts ask for.
 */
export function planChildren(
  { lots }: Pick<LedgerState, 'lots'>,
  parts: readonly OpenPart[],
  ids: IdSource,
  terms: ChildTerms,
): Children {
  const now = new Map<LotId, Lot>();
  // What is not owed yet goes first: then the shares of all parts of a lot add up to all it could come to owe.
  const sent = [...parts].sort((a, b) => Number(b.from === 'undelivered') - Number(a.from === 'undelivered'));
  const received = sent.map((part) => {
    const before = now.get(part.lotId) ?? lots.get(part.lotId);
    if (!before) throw new Error(`lot ${part.lotId} is not loaded`);
    const after = movePoints(before, part.from, 'moved', part.points);
    now.set(part.lotId, after);
    const of = part.from === 'undelivered' ? promisedLiability : lotLiability;
    return childOf(before, part, of(before) - of(after), ids.next('lot'), terms);
  });
  return { sent, received };
}

/**
 * Every open part of an account's lots but those on hold, in the order of their lots.
 * @throws NeedsMoreRows unless all of them are loaded.
 */
export function openParts({
  accountId,
  complete,
  lots,
}: Pick<LedgerState, 'accountId' | 'complete' | 'lots'>): readonly OpenPart[] {
  if (!complete) throw new NeedsMoreRows(accountId, 'every lot', 'everything');
  return [...lots.values()].flatMap((lot) =>
    (['undelivered', 'pending', 'available'] as const)
      .filter((from) => lot[from] > 0)
      .map((from) => ({ lotId: lot.lotId, from, points: lot[from] })),
  );
}

/** What a lot would carry if everything promised were owed. */
function promisedLiability(lot: Lot): SubLedgerAmount {
  return carryingAmount(lot, lot.points - openPoints(lot));
}

function childOf(
  parent: Lot,
  { from, points }: OpenPart,
  allocated: SubLedgerAmount,
  lotId: LotId,
  { memberId, expiry }: ChildTerms,
): ReceivedLot {
  const { origin, rule, valuation, purchaseId, earnedAt, availableAt, awaits, movedAt, movedOn } = parent;
  return {
    ...{ lotId, origin, rule, valuation, purchaseId, earnedAt, availableAt, points, allocated },
    memberId: memberId ?? parent.memberId,
    buyer: parent.buyer,
    lines: shareOfLines(parent.lines, points),
    state: from,
    awaits: awaits && { event: awaits.event, thenDays: awaits.thenDays, cancelAt: awaits.cancelAt },
    // Only an end that is still to be worked out needs its policy.
    expiryPolicy: awaits?.expiryPolicy ?? { type: 'never' },
    ...endOf(parent, expiry),
    parentLotId: parent.lotId,
    rootLotId: parent.rootLotId ?? parent.lotId,
    movedAt,
    movedOn,
  };
}

function endOf(parent: Lot, expiry: ChildTerms['expiry']): Pick<ReceivedLot, 'expiresAt' | 'slides'> {
  if (typeof expiry === 'object') return expiry;
  if (expiry === 'keep' && parent.slides) return { expiresAt: null, slides: true };
  return { expiresAt: parent.expiresAt, slides: false };
}

/** The lines' attribution of a part, by largest remainder; a lot of no receipt has none. */
export function shareOfLines(lines: readonly LinePoints[], points: Points): readonly LinePoints[] {
  if (lines.length === 0) return [];
  const weights = lines.map((line) => BigInt(line.points));
  const shares = splitByLargestRemainder(BigInt(points), weights);
  return lines
    .map(({ lineNo }, index) => ({ lineNo, points: toSafeNumber(shares[index] ?? 0n) }))
    .filter((line) => line.points > 0);
}
