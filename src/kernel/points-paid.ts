import { divideHalfUp, splitByLargestRemainder, toSafeNumber } from './division.js';
import type { LineRevenue, PurchaseFacts, PurchaseLine, Tender, TenderKind } from './domain-events.js';

/** The type of a tender that stands for points where the tender says no kind. */
const POINTS_TENDER = 'points';

export const TENDER_KINDS = ['money', 'points', 'discount'] as const satisfies readonly TenderKind[];
export const LINE_REVENUES = ['own', 'none', 'agent'] as const satisfies readonly LineRevenue[];

/** What a tender is where it does not say. */
export function kindOfType(type: string): TenderKind {
  return type === POINTS_TENDER ? 'points' : 'money';
}

export function tenderKind({ type, kind }: Tender): TenderKind {
  return kind ?? kindOfType(type);
}

export function lineRevenue({ revenue }: Pick<PurchaseLine, 'revenue'>): LineRevenue {
  return revenue ?? 'own';
}

/** Minor units that a receipt's tenders of one kind say, all together; the lines are as they were before them. */
export function tenderedMinor(tenders: PurchaseFacts['tenders'], kind: TenderKind): number {
  let sum = 0;
  for (const tender of tenders) if (tenderKind(tender) === kind) sum += tender.amountMinor;
  return sum;
}

/** What was paid with points, minor units; null where no tender says so, which is not the same as one of 0. */
export function pointsTenderMinor(tenders: PurchaseFacts['tenders']): number | null {
  return tenders.some((tender) => tenderKind(tender) === 'points') ? tenderedMinor(tenders, 'points') : null;
}

/** What the lines of our own goods come to, minor units: as much as can be paid otherwise than with money. */
export function ownMinor(lines: readonly PurchaseLine[]): number {
  let sum = 0;
  for (const line of lines) if (lineRevenue(line) === 'own') sum += line.amountMinor;
  return sum;
}

/** Minor units of a receipt that were paid otherwise than with money, never more than its own goods come to. */
export interface PaidOtherwise {
  readonly pointsMinor: number;
  readonly discountMinor: number;
}

/** What was paid with points and with coupons. Receipts of before the limit may say more than there was to pay. */
export function paidOtherwise({ lines, tenders }: Pick<PurchaseFacts, 'lines' | 'tenders'>): PaidOtherwise {
  if (tenders.length === 0) return NOTHING;
  const own = ownMinor(lines);
  const discountMinor = Math.min(tenderedMinor(tenders, 'discount'), own);
  return { discountMinor, pointsMinor: Math.min(tenderedMinor(tenders, 'points'), own - discountMinor) };
}

const NOTHING: PaidOtherwise = { pointsMinor: 0, discountMinor: 0 };

/**
 * The lines as far as they were paid with money. What was paid otherwise is spread over the lines of our own goods by
 * largest remainder on their amounts; what is left of a line keeps its tax rate:
 * `amount' = amount - part`, `tax' = HU(tax x amount' / amount)`. All other lines stay as they are.
 * @param otherwiseMinor minor units, from 0 to what our own goods come to.
 * @throws RangeError for a negative amount.
 */
export function paidLines(lines: readonly PurchaseLine[], otherwiseMinor: number): readonly PurchaseLine[] {
  if (otherwiseMinor === 0) return lines;
  const parts = overOwnLines(lines, otherwiseMinor);
  return lines.map((line, index) => {
    const part = parts[index] ?? 0n;
    if (part === 0n) return line;
    const whole = BigInt(line.amountMinor);
    const left = whole - part;
    const tax = divideHalfUp(BigInt(line.taxMinor) * left, whole);
    return { ...line, amountMinor: toSafeNumber(left), taxMinor: toSafeNumber(tax) };
  });
}

/** An amount spread over the lines of our own goods by largest remainder on what they cost; the others get nothing. */
export function overOwnLines(lines: readonly PurchaseLine[], minor: number): readonly bigint[] {
  const weights = lines.map((line) => (lineRevenue(line) === 'own' ? BigInt(line.amountMinor) : 0n));
  return splitByLargestRemainder(BigInt(minor), weights);
}
