import { divideFloor, multiplyDivideFloor, toSafeNumber } from '../../kernel/division.js';
import type { Tender } from '../../kernel/domain-events.js';
import type { RedemptionId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import { lineRevenue, type PaidOtherwise } from '../../kernel/points-paid.js';
import { amountLeft, isBack, isHandedBack, shareBack, type LineState } from './line-state.js';
import type { PurchaseGrant, RecordedReturn } from './recorded-purchase.js';
import type { RuleGrant } from './rule-grant.js';

/** Whether nothing of a receipt is left. */
export function isWholeBack(lines: readonly LineState[]): boolean {
  return lines.every(isBack);
}

/**
 * How many of a grant's points went with the goods that are back by now: of each line the share of its points
 * that came back, rounded down; with the last goods all of them. A function of what is back, so neither the
 * order nor the size of the returns makes a difference (docs/decisions.md#returns-in-parts).
 * @param kept what the remaining basket would still get, for a grant that does not go by lines; null for all others.
 */
export function pointsBack(
  { points, lines: parts }: Pick<PurchaseGrant, 'points' | 'lines'>,
  lines: readonly LineState[],
  kept: Points | null,
): Points {
  if (isWholeBack(lines)) return points;
  if (kept !== null) return Math.max(0, points - kept);
  return parts.reduce((sum, part) => {
    const state = lines.find(({ line }) => line.lineNo === part.lineNo);
    if (!state) return sum;
    const { numerator, denominator } = shareBack(state);
    return sum + multiplyDivideFloor(part.points, numerator, denominator);
  }, 0);
}

/** Points of a grant that earlier returns accounted for, by what had become of them. */
export function accountedFor(
  { lotIds }: Pick<RuleGrant, 'lotIds'>,
  returns: readonly Pick<RecordedReturn, 'grants'>[],
): { readonly points: Points; readonly gone: Points; readonly notTaken: Points } {
  const own = returns.flatMap(({ grants }) => grants).filter(({ lotId }) => lotIds.includes(lotId));
  return own.reduce(
    (sum, { points, gone, notTaken }) => ({
      points: sum.points + points,
      gone: sum.gone + gone,
      notTaken: sum.notTaken + notTaken,
    }),
    { points: 0, gone: 0, notTaken: 0 },
  );
}

/**
 * How many points of a redemption off the basket that was used on the receipt come back with the goods that are back
 * by now: its share of the returned money of our own goods, rounded down; with the last goods all of them.
 */
export function redeemedPointsBack(points: Points, lines: readonly LineState[]): Points {
  if (isWholeBack(lines)) return points;
  const { amountMinor, amountBack } = moneyOf(lines);
  return amountMinor === 0n ? 0 : multiplyDivideFloor(points, amountBack, amountMinor);
}

/** Whether the goods that hand a reward over are back: all of the lines that name it, and there is one. */
export function isRewardBack(redemptionId: RedemptionId, lines: readonly LineState[]): boolean {
  const own = lines.filter(({ line }) => line.redemptionId === redemptionId);
  return own.length > 0 && own.every(isHandedBack);
}

/** What is left of what was not paid with money: the returned money takes its share of it, rounded down. */
export function paidOtherwiseLeft(paid: PaidOtherwise, lines: readonly LineState[]): PaidOtherwise {
  const { amountMinor, amountBack } = moneyOf(lines);
  const left = (minor: number): number =>
    minor === 0 ? 0 : minor - toSafeNumber(divideFloor(BigInt(minor) * amountBack, amountMinor));
  const pointsMinor = left(paid.pointsMinor);
  return { pointsMinor, discountMinor: left(paid.pointsMinor + paid.discountMinor) - pointsMinor };
}

/** What is left of tenders: each shrinks with the goods that are back, rounded down. */
export function tendersLeft(tenders: readonly Tender[], lines: readonly LineState[]): readonly Tender[] {
  const total = lines.reduce((sum, { line }) => sum + BigInt(line.amountMinor), 0n);
  const left = lines.reduce((sum, state) => sum + BigInt(amountLeft(state)), 0n);
  if (left === total) return tenders;
  return tenders.map((tender) => ({
    ...tender,
    amountMinor: multiplyDivideFloor(tender.amountMinor, left, total),
  }));
}

/**
 * What a return gives back in money, minor units: what its lines came to without what was paid otherwise.
 * @param before the lines before it.
 * @param after the lines after it.
 */
export function refundInMoney(
  paid: PaidOtherwise,
  before: readonly LineState[],
  after: readonly LineState[],
): number {
  const left = (lines: readonly LineState[]): number => {
    const { pointsMinor, discountMinor } = paidOtherwiseLeft(paid, lines);
    return lines.reduce((sum, state) => sum + amountLeft(state), -pointsMinor - discountMinor);
  };
  return left(before) - left(after);
}

/** What the lines came to that points and coupons could pay for, and what of it is back: those of our own goods. */
function moneyOf(lines: readonly LineState[]): { readonly amountMinor: bigint; readonly amountBack: bigint } {
  const own = lines.filter(({ line }) => lineRevenue(line) === 'own');
  return {
    amountMinor: own.reduce((sum, { line }) => sum + BigInt(line.amountMinor), 0n),
    amountBack: own.reduce((sum, { amountBack }) => sum + BigInt(amountBack), 0n),
  };
}
