import type { Rational } from '../../kernel/decimal.js';
import { divideHalfUp, splitByLargestRemainder, toSafeNumber } from '../../kernel/division.js';
import type { PurchaseLine, Tender } from '../../kernel/domain-events.js';
import { ownMinor, tenderKind } from '../../kernel/points-paid.js';
import { times } from '../../kernel/rational.js';
import { wordForm } from '../../kernel/texts.js';
import { partOf, type Basket, type BasketFacts, type BasketPart } from './basket.js';
import type { CountedMoney, EarningRule } from './earning-rule.js';

/** The lines with the money that counts for a rule; null where it asks for tenders and none of them was used. */
export function countedPart({ counts, earnOnPointsPaid }: EarningRule, basket: Basket): BasketPart | null {
  if (counts === null) return earnOnPointsPaid ? basket.whole : basket.paid;
  const { facts } = basket;
  const before = counts.discounts === 'before';
  const points = earnOnPointsPaid ? 0 : facts.pointsPaid;
  const lines = before ? listed(facts) : facts.lines;
  const otherwise = points + (before ? 0 : facts.couponsPaid);
  const part = partOf(lines, Math.min(otherwise, ownMinor(lines)));
  if (counts.onlyTenders.length + counts.withoutTenders.length === 0) return part;
  const share = tenderShare(counts, facts, points);
  return share.numerator === 0n ? null : shrunk(part, share);
}

/**
 * How much of what was paid was paid with the tenders that count, from 0 to 1. Coupons pay nothing, and points only
 * where the rule counts them.
 */
function tenderShare(
  { onlyTenders, withoutTenders }: CountedMoney,
  { lines, couponsPaid, tenders }: BasketFacts,
  points: number,
): Rational {
  const paid = lines.reduce((sum, { amountMinor }) => sum + amountMinor, 0) - couponsPaid - points;
  if (paid <= 0) return { numerator: 0n, denominator: 1n };
  const paidWith = (types: readonly string[]): number => {
    const named = tenders.filter((tender) => isMoney(tender) && types.includes(wordForm(tender.type)));
    return Math.min(
      named.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
      paid,
    );
  };
  const counted = onlyTenders.length > 0 ? paidWith(onlyTenders) : paid - paidWith(withoutTenders);
  return { numerator: BigInt(counted), denominator: BigInt(paid) };
}

function isMoney(tender: Tender): boolean {
  return tenderKind(tender) === 'money';
}

/** A share of every line, spread by largest remainder on their amounts; tax and units shrink with it. */
function shrunk({ lines, share, othersShare }: BasketPart, by: Rational): BasketPart {
  const amounts = lines.map(({ amountMinor }) => BigInt(amountMinor));
  const total = amounts.reduce((a, b) => a + b, 0n);
  const parts = splitByLargestRemainder(divideHalfUp(total * by.numerator, by.denominator), amounts);
  return {
    lines: lines.map((line, index) => withAmount(line, parts[index] ?? 0n)),
    share: times(share, by),
    othersShare: times(othersShare, by),
  };
}

/** Lines at their list price, where they have one; of a line of which something came back, at its part of it. */
function listed({ lines, sold }: BasketFacts): readonly PurchaseLine[] {
  if (lines.every(({ listMinor }) => listMinor === undefined)) return lines;
  const amounts = new Map(sold.map(({ lineNo, amountMinor }) => [lineNo, amountMinor]));
  return lines.map((line) => {
    const amount = amounts.get(line.lineNo) ?? 0;
    if (line.listMinor === undefined || amount === 0) return line;
    return withAmount(line, divideHalfUp(BigInt(line.listMinor) * BigInt(line.amountMinor), BigInt(amount)));
  });
}

/** A line at another amount, with the tax that is in it at the same rate. */
function withAmount(line: PurchaseLine, amount: bigint): PurchaseLine {
  const before = BigInt(line.amountMinor);
  if (before === 0n || amount === before) return line;
  const tax = divideHalfUp(BigInt(line.taxMinor) * amount, before);
  return { ...line, amountMinor: toSafeNumber(amount), taxMinor: toSafeNumber(tax) };
}
