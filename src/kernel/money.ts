import { formatScaled } from './decimal.js';

/**
 * Money has two scales (docs/accounting.md#allocation):
 * - **minor units** of the ISO 4217 currency, whole numbers, what tills send and the general ledger takes;
 * - **sub-ledger units**, four digits finer (`SubLedgerAmount`, bigint), in which liabilities are kept, so
 *   that rounding inside the sub-ledger never reaches a minor unit.
 */
export type SubLedgerAmount = bigint;

/** Digits that the sub-ledger keeps below the minor unit. */
export const SUB_LEDGER_DIGITS = 4;
const SUB_LEDGER_UNITS_PER_MINOR = 10n ** BigInt(SUB_LEDGER_DIGITS);

/** Exponents other than 2 in ISO 4217:2015 (list one, amendments to 2024). */
const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0,
  VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
  CLF: 4, UYW: 4,
}; // prettier-ignore

const KNOWN = new Set(Intl.supportedValuesOf('currency'));

export function isCurrency(code: string): boolean {
  return KNOWN.has(code);
}

/** Decimals of the currency's minor unit per ISO 4217 (TWD 2, JPY 0, KWD 3). */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

export function minorToSubLedger(minor: number): SubLedgerAmount {
  return BigInt(minor) * SUB_LEDGER_UNITS_PER_MINOR;
}

/** Sub-ledger units in one major unit of the currency (TWD: 10^6). */
export function subLedgerUnitsPerMajor(currency: string): bigint {
  return 10n ** BigInt(currencyExponent(currency) + SUB_LEDGER_DIGITS);
}

/** Sub-ledger units in one minor unit of any currency: 10^4. */
export function subLedgerUnitsPerMinor(): bigint {
  return SUB_LEDGER_UNITS_PER_MINOR;
}

/** A sub-ledger amount in major units, as JSON and CSV carry it: "78.950000" for TWD. */
export function formatSubLedger(amount: SubLedgerAmount, currency: string): string {
  return formatScaled(amount, currencyExponent(currency) + SUB_LEDGER_DIGITS);
}

/** Minor units in major units: (105000, TWD) -> "1050.00". */
export function formatMinor(minor: bigint, currency: string): string {
  return formatScaled(minor, currencyExponent(currency));
}
