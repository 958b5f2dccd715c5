import type { LineRevenue, PurchaseLine, Tender } from '../../kernel/domain-events.js';
import { lineRevenue, ownMinor, tenderedMinor } from '../../kernel/points-paid.js';
import { wordForm } from '../../kernel/texts.js';

/**
 * The lines with their revenue: as the line says, else the default of its category, else `own`. It is determined once,
 * by the policy of when the receipt occurred, and stays with the receipt.
 */
export function soldLines(
  lines: readonly PurchaseLine[],
  byCategory: Readonly<Record<string, LineRevenue>>,
): readonly PurchaseLine[] {
  const defaults = defaultsOf(byCategory);
  const defaultOf = ({ revenue, category }: PurchaseLine): LineRevenue =>
    revenue === undefined && category !== null && defaults.size > 0
      ? (defaults.get(wordForm(category)) ?? 'own')
      : 'own';
  if (lines.every((line) => defaultOf(line) === 'own')) return lines;
  return lines.map((line) => {
    const revenue = defaultOf(line);
    return revenue === 'own' ? line : { ...line, revenue };
  });
}

/** By policy, which never changes once it is published. */
const DEFAULTS = new WeakMap<object, ReadonlyMap<string, LineRevenue>>();

function defaultsOf(byCategory: Readonly<Record<string, LineRevenue>>): ReadonlyMap<string, LineRevenue> {
  const known = DEFAULTS.get(byCategory);
  if (known) return known;
  const made = new Map(
    Object.entries(byCategory).map(([category, revenue]) => [wordForm(category), revenue] as const),
  );
  DEFAULTS.set(byCategory, made);
  return made;
}

/** Why a receipt's lines and tenders do not go together. */
export interface SaleFault {
  readonly code: 'COMMISSION_MISSING' | 'COMMISSION_NOT_EXPECTED' | 'COUPONS_EXCEED_GOODS';
  readonly pointer: '/lines' | '/tenders';
  readonly detail: string;
  readonly meta: Readonly<Record<string, number>>;
}

/** The first fault between a receipt's lines, as they were sold, and its tenders; null where there is none. */
export function saleFault(lines: readonly PurchaseLine[], tenders: readonly Tender[]): SaleFault | null {
  for (const line of lines) {
    const isAgent = lineRevenue(line) === 'agent';
    if (isAgent === (line.commissionMinor !== undefined)) continue;
    const { lineNo } = line;
    const [code, why] = isAgent
      ? (['COMMISSION_MISSING', 'is sold for a commission and needs commissionMinor'] as const)
      : (['COMMISSION_NOT_EXPECTED', 'has a commission; only lines with revenue "agent" do'] as const);
    return { code, pointer: '/lines', detail: `Line ${lineNo} ${why}.`, meta: { lineNo } };
  }
  const couponsMinor = tenderedMinor(tenders, 'discount');
  if (couponsMinor === 0) return null;
  // More points than goods is a fault of the redemptions, which refuse it.
  const [own, pointsMinor] = [ownMinor(lines), tenderedMinor(tenders, 'points')];
  if (couponsMinor + pointsMinor <= own || pointsMinor > own) return null;
  return {
    code: 'COUPONS_EXCEED_GOODS',
    pointer: '/tenders',
    detail: `Coupons pay ${couponsMinor} minor units and points ${pointsMinor}; lines with revenue "own" come to ${own}.`,
    meta: { couponsMinor, pointsMinor, linesMinor: own },
  };
}
