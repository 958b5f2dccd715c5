import type { Rational } from '../../kernel/decimal.js';
import { splitByLargestRemainder, toSafeNumber } from '../../kernel/division.js';
import type { LinePoints, PurchaseLine } from '../../kernel/domain-events.js';
import type { Points } from '../../kernel/points.js';
import { rationalText } from '../../kernel/rational.js';
import { isContested, type Beaten } from './combine.js';
import type { Candidate, RuleResult } from './assessed.js';
import type { Ceiling } from './limits.js';
import { givesOf } from './gives.js';
import { tierFactors } from './rule-amount.js';
import type { RuleTrace } from './rule-trace.js';
import { traceOf } from './stored-trace.js';

/** What limits and other rules made of a candidate. */
export interface Settled {
  /** After the rule's own limits. */
  readonly limited: Points;
  /** What it gives. */
  readonly points: Points;
  /** The cap that cut it last. */
  readonly cap: Ceiling | null;
  readonly beaten: Beaten | null;
}

/**
 * The result of a candidate: its trace, and its points attributed to lines by largest remainder. Status points are
 * worked out and limited like points.
 */
export function settle(candidate: Candidate, { limited, points, cap, beaten }: Settled): RuleResult {
  const { ref, rule, lines, weights, basisMinor, raw, multiplier, condition } = candidate;
  const why =
    beaten?.why ?? (points > 0 ? 'matched' : candidate.points > 0 ? 'limitReached' : 'roundedToNothing');
  const limitedBy = cap?.limitedBy ?? null;
  const isPlain = multiplier === null && limitedBy === null && isWhole(raw, points);
  const gives = givesOf(rule);
  const fields: Partial<RuleTrace> = {
    basisMinor,
    points: gives === 'status' ? 0 : points,
    multiplier,
    limitedBy,
    condition,
    ...(isPlain ? {} : { raw: rationalText(raw) }),
    ...(candidate.points === limited ? {} : { rounded: candidate.points }),
    ...(limited === points ? {} : { limited }),
    ...(gives !== 'points' && points > 0 ? { statusPoints: points } : {}),
    ...(beaten ? { beatenBy: beaten.by } : {}),
    ...(candidate.tier !== null && isTierAsked(candidate, beaten) ? { tier: candidate.tier } : {}),
  };
  const trace = traceOf(rule, ref, why, fields);
  return { trace, lines: points > 0 && lines.length > 0 ? attributed(points, lines, weights) : [] };
}

function isWhole({ numerator, denominator }: Rational, points: Points): boolean {
  return denominator === 1n && numerator === BigInt(points);
}

/** Whether the rule may be assessed again by the member's tier when goods come back. */
function isTierAsked({ rule }: Candidate, beaten: Beaten | null): boolean {
  const { amount } = rule;
  if (amount.type === 'tierTable') return true;
  const isAssessedAgain = beaten !== null || rule.exclusive || isContested(rule);
  return isAssessedAgain && Object.keys(tierFactors(amount)).length > 0;
}

function attributed(
  points: Points,
  lines: readonly PurchaseLine[],
  weights: readonly bigint[],
): LinePoints[] {
  const parts = splitByLargestRemainder(BigInt(points), weights);
  return lines
    .map(({ lineNo }, index) => ({ lineNo, points: toSafeNumber(parts[index] ?? 0n) }))
    .filter((part) => part.points > 0);
}
