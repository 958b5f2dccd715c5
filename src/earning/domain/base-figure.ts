import type { Rational } from '../../kernel/decimal.js';
import { divideFloor } from '../../kernel/division.js';
import type { PurchaseLine } from '../../kernel/domain-events.js';
import { plus, whole } from '../../kernel/rational.js';
import type { MultiplierOnBase } from './rule-amount.js';

/** What a rule that others multiply came to, before its own factors. */
export interface Base {
  readonly raw: Rational;
  readonly lines: readonly PurchaseLine[];
  /** What each of its lines contributed. */
  readonly weights: readonly bigint[];
}

/** By the key of the rule; those that matched nothing are absent. */
export type Bases = ReadonlyMap<string, Base>;

export const NO_BASES: Bases = new Map();
const NOTHING = whole(0n);
/** Points of lines are compared in millionths. */
const MILLIONTHS = 1_000_000n;

/**
 * The base of a multiplier: of each rule that it names, the raw figure as far as it comes from the given lines, by what
 * they contributed.
 */
export function baseFigure(
  { of }: MultiplierOnBase,
  lines: readonly PurchaseLine[],
  bases: Bases,
): { readonly raw: Rational; readonly weights: readonly bigint[] } {
  const shares = of.flatMap((key) => {
    const base = bases.get(key);
    return base ? [sharesOf(base, lines)] : [];
  });
  const weights = lines.map((_, index) =>
    shares.reduce((sum, parts) => {
      const { numerator, denominator } = parts[index] ?? NOTHING;
      return sum + divideFloor(numerator * MILLIONTHS, denominator);
    }, 0n),
  );
  return { raw: shares.flat().reduce(plus, NOTHING), weights };
}

/** What of a base comes from each line; where nothing weighs anything, from all its lines alike. */
function sharesOf({ raw, lines: own, weights }: Base, lines: readonly PurchaseLine[]): readonly Rational[] {
  const total = weights.reduce((a, b) => a + b, 0n);
  const weightOf = new Map(
    own.map(({ lineNo }, index) => [lineNo, total === 0n ? 1n : (weights[index] ?? 0n)]),
  );
  const denominator = raw.denominator * (total === 0n ? BigInt(own.length) : total);
  return lines.map(({ lineNo }) => ({
    numerator: raw.numerator * (weightOf.get(lineNo) ?? 0n),
    denominator,
  }));
}
