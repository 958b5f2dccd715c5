import { parseDecimal } from '../../kernel/decimal.js';
import type { LineRevenue } from '../../kernel/domain-events.js';
import { subLedgerUnitsPerMajor } from '../../kernel/money.js';
import type { PointValue } from './allocate.js';
import type { AccountRole } from './chart-of-accounts.js';

/** A published accounting policy: the estimates and the accounts the entries name. */
export interface AccountingPolicy {
  /** Legal entity the entries are for. */
  readonly entity: string;
  readonly method: 'relative_ssp';
  /** Major currency units a point is worth to a member, decimal. */
  readonly valuePerPoint: string;
  /** Share of points expected to be redeemed, decimal 0 to 1. */
  readonly redemptionProbability: string;
  /** Whether `valuePerPoint` contains tax at `taxRate`; the allocation takes it out. */
  readonly valueIncludesTax: boolean;
  /** Decimal, 0.05 for 5 %. */
  readonly taxRate: string;
  /** Ledger account by role, where it differs from the default chart. */
  readonly accounts: Readonly<Partial<Record<AccountRole, string>>>;
  /** What lines of a category are to us where they do not say; absent in versions published before it existed. */
  readonly revenueByCategory?: Readonly<Record<string, LineRevenue>>;
}

/** The policy's estimates at the scale of the sub-ledger. */
export function pointValue(policy: AccountingPolicy, currency: string): PointValue {
  const value = parseDecimal(policy.valuePerPoint);
  return {
    valuePerPoint: { ...value, numerator: value.numerator * subLedgerUnitsPerMajor(currency) },
    redemptionProbability: parseDecimal(policy.redemptionProbability),
    taxRate: parseDecimal(policy.valueIncludesTax ? policy.taxRate : '0'),
  };
}
