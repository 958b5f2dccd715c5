import type { SubLedgerAmount } from '../../kernel/money.js';

/** Rows of the roll-forward, in the order in which they are shown (docs/accounting.md#exports). */
export const ROLL_FORWARD_ROWS = [
  'opening',
  'brought_in',
  'earned_purchase',
  'earned_non_purchase',
  'earned_compensation',
  'returned',
  'debts',
  'redeemed',
  'redemption_reversed',
  'expired',
  'corrected',
  'transferred',
  'other',
  'closing',
] as const;
export type RollForwardRow = (typeof ROLL_FORWARD_ROWS)[number];
type MovementRow = Exclude<RollForwardRow, 'opening' | 'closing'>;

/** Points outstanding and the liability they carry, sub-ledger units. Sums over a programme: bigint. */
export interface PointsAndMoney {
  readonly points: bigint;
  readonly gross: SubLedgerAmount;
}

/**
 * What the movements of one month, event code and kind changed; points that are set aside or given back change none.
 */
export interface MonthlyTotal extends PointsAndMoney {
  /** YYYY-MM. */
  readonly period: string;
  readonly eventCode: string | null;
  /** Whether the points filled a debt; shown apart from what went back with its sale. */
  readonly toDebt: boolean;
}

export interface MonthRollForward {
  readonly period: string;
  readonly rows: Readonly<Record<RollForwardRow, PointsAndMoney>>;
}

const ROW_OF_CODE: Readonly<Record<string, MovementRow>> = {
  E01: 'earned_purchase',
  E02: 'earned_non_purchase',
  E03: 'earned_compensation',
  E06: 'redeemed',
  E12: 'redemption_reversed',
  E15: 'expired',
  E17: 'returned',
  E19: 'transferred',
  E24: 'corrected',
  E26: 'brought_in',
};

const NOTHING: PointsAndMoney = { points: 0n, gross: 0n };

/**
 * The roll-forward of each of `periods`: opening + movements = closing in points and in money, because closing
 * is that sum (I10). Movements are signed: redeemed and expired are negative. A code without a row of its own
 * goes to `other`, so nothing is ever left out.
 * @param opening outstanding before the first period.
 * @param periods consecutive months as YYYY-MM, ascending.
 */
export function rollForward(
  opening: PointsAndMoney,
  totals: readonly MonthlyTotal[],
  periods: readonly string[],
): readonly MonthRollForward[] {
  const months: MonthRollForward[] = [];
  let balance = opening;
  for (const period of periods) {
    const month = rollMonth(
      balance,
      totals.filter((total) => total.period === period),
    );
    months.push({ period, rows: month });
    balance = month.closing;
  }
  return months;
}

function rollMonth(opening: PointsAndMoney, totals: readonly MonthlyTotal[]): MonthRollForward['rows'] {
  const nothing = Object.fromEntries(ROLL_FORWARD_ROWS.map((row) => [row, NOTHING]));
  const rows = { ...nothing, opening, closing: opening } as Record<RollForwardRow, PointsAndMoney>;
  for (const total of totals) {
    const row = total.toDebt ? 'debts' : (ROW_OF_CODE[total.eventCode ?? ''] ?? 'other');
    rows[row] = add(rows[row], total);
    rows.closing = add(rows.closing, total);
  }
  return rows;
}

/** Every month from `from` to `to`, both as YYYY-MM and both included; none when `to` is earlier. */
export function monthsBetween(from: string, to: string): readonly string[] {
  const months: string[] = [];
  let [year = 0, month = 1] = from.split('-').map(Number);
  for (
    let period = from;
    period <= to;
    period = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
  ) {
    months.push(period);
    month += 1;
    if (month > 12) [year, month] = [year + 1, 1];
  }
  return months;
}

function add(a: PointsAndMoney, b: PointsAndMoney): PointsAndMoney {
  return { points: a.points + b.points, gross: a.gross + b.gross };
}
