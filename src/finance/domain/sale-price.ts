import { divideHalfUp } from '../../kernel/division.js';
import type { PurchaseFacts, PurchaseLine } from '../../kernel/domain-events.js';
import { minorToSubLedger, subLedgerUnitsPerMinor, type SubLedgerAmount } from '../../kernel/money.js';
import { lineRevenue, overOwnLines, paidLines, paidOtherwise } from '../../kernel/points-paid.js';

/** What a receipt's price is split by, sub-ledger units without tax. */
export interface SalePrice {
  /** TP: what is paid in money for our own goods, and our commission on those of others. */
  readonly transactionPrice: SubLedgerAmount;
  /** What each line sells for by itself, in the order of the lines; 0 for a line that is no revenue. */
  readonly lineSsps: readonly SubLedgerAmount[];
}

/**
 * The transaction price of a receipt and the stand-alone selling prices of its lines (IFRS 15.47, 74, B36;
 * docs/accounting.md#the-transaction-price, `cash_only`). Points and coupons lower the price, never what the goods
 * sell for by themselves. A line sells for its list price where it has one, else for what it costs; its tax rate
 * takes the tax out of both.
 * @param offLinesMinor minor units that points took off the lines before they came: they are what is left after it.
 */
export function salePrice(
  purchase: Pick<PurchaseFacts, 'lines' | 'tenders'>,
  offLinesMinor: number,
): SalePrice {
  const { lines } = purchase;
  const { pointsMinor, discountMinor } = paidOtherwise(purchase);
  const transactionPrice = paidLines(lines, pointsMinor + discountMinor).reduce(
    (sum, line) => sum + netPrice(line),
    0n,
  );
  const off = offLinesMinor === 0 ? null : overOwnLines(lines, offLinesMinor);
  return {
    transactionPrice,
    lineSsps: lines.map((line, index) => standAlonePrice(line, off?.[index] ?? 0n)),
  };
}

/** What of a line is our price. */
function netPrice(line: PurchaseLine): SubLedgerAmount {
  switch (lineRevenue(line)) {
    case 'own':
      return minorToSubLedger(line.amountMinor - line.taxMinor);
    case 'agent':
      return minorToSubLedger((line.commissionMinor ?? 0) - (line.commissionTaxMinor ?? 0));
    case 'none':
      return 0n;
  }
}

/** @param off minor units, with tax, that points took off the line. */
function standAlonePrice(line: PurchaseLine, off: bigint): SubLedgerAmount {
  const { amountMinor, taxMinor, listMinor } = line;
  if (lineRevenue(line) !== 'own' || (listMinor === undefined && off === 0n)) return netPrice(line);
  const gross =
    subLedgerUnitsPerMinor() * (listMinor === undefined ? BigInt(amountMinor) + off : BigInt(listMinor));
  // A line that costs nothing has no tax rate to take off.
  return amountMinor === 0
    ? gross
    : divideHalfUp(gross * BigInt(amountMinor - taxMinor), BigInt(amountMinor));
}
