import type { LinePoints, PurchaseLine, RuleTrace, VersionRef } from '../../kernel/domain-events.js';
import { parseDecimal } from '../../kernel/decimal.js';
import { divideFloor, splitByLargestRemainder, toSafeNumber } from '../../kernel/division.js';
import { MAX_POINTS, type Points } from '../../kernel/points.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { EarningRule, LineFilter } from './earning-rule.js';

export interface RuleResult {
  readonly trace: RuleTrace;
  /** Attribution of the points to lines; empty when the rule gave none. */
  readonly lines: readonly LinePoints[];
}

export interface EvaluationInput {
  readonly lines: readonly PurchaseLine[];
  /** Tier when the receipt occurred; null without a ladder. */
  readonly tier: string | null;
  readonly occurredAt: Instant;
  readonly memberActive: boolean;
}

/** Judges one rule over a receipt: points, their attribution to lines by largest remainder, and the trace. */
export function evaluateRule(rule: EarningRule, ref: VersionRef, input: EvaluationInput): RuleResult {
  const skipped = (why: RuleTrace['why'], basisMinor = 0): RuleResult => ({
    trace: trace(rule, ref, why, basisMinor, 0, null),
    lines: [],
  });
  if (!rule.active) return skipped('inactive');
  if (rule.endsAt !== null && formatInstant(input.occurredAt) >= rule.endsAt) return skipped('ended');
  if (!input.memberActive) return skipped('memberNotActive');
  const lines = input.lines.filter((line) => matchesLine(rule.lines, line));
  if (lines.length === 0) return skipped('noMatchingLine');
  const weights = lines.map((line) => BigInt(line.amountMinor - (rule.basis === 'net' ? line.taxMinor : 0)));
  const basis = weights.reduce((a, b) => a + b, 0n);
  const basisMinor = toSafeNumber(basis);
  const multiplier = multiplierFor(rule, input.tier);
  const points = pointsFor(rule, basis, multiplier);
  if (points === 0) return skipped(whyNothing(rule, basis), basisMinor);
  const parts = splitByLargestRemainder(BigInt(points), weights);
  return {
    trace: trace(rule, ref, 'matched', basisMinor, points, multiplier),
    lines: lines
      .map(({ lineNo }, index) => ({ lineNo, points: toSafeNumber(parts[index] ?? 0n) }))
      .filter((part) => part.points > 0),
  };
}

/** Why lines that match earn nothing. */
function whyNothing({ amount }: EarningRule, basis: bigint): RuleTrace['why'] {
  if (amount.type === 'basketBonus') return 'belowMinimum';
  return basis < BigInt(amount.stepMinor) ? 'belowStep' : 'roundedToNothing';
}

function pointsFor(rule: EarningRule, basis: bigint, multiplier: string | null): Points {
  const { amount } = rule;
  if (amount.type === 'basketBonus') return basis >= BigInt(amount.minimumMinor) ? amount.points : 0;
  const steps = divideFloor(basis, BigInt(amount.stepMinor));
  const base = steps * BigInt(amount.points);
  if (multiplier === null) return bounded(base);
  // The step is rounded before the multiplier and the product after it; both downwards.
  const { numerator, denominator } = parseDecimal(multiplier);
  return bounded(divideFloor(base * numerator, denominator));
}

/** One point more than a receipt may earn stands for all that is more; the receipt is refused for it. */
function bounded(points: bigint): Points {
  return points > BigInt(MAX_POINTS) ? MAX_POINTS + 1 : toSafeNumber(points);
}

function multiplierFor(rule: EarningRule, tier: string | null): string | null {
  if (rule.amount.type !== 'perSpend' || tier === null) return null;
  const { tierMultipliers } = rule.amount;
  return Object.hasOwn(tierMultipliers, tier) ? (tierMultipliers[tier] ?? null) : null;
}

function matchesLine(filter: LineFilter, line: PurchaseLine): boolean {
  const { category } = line;
  if (category !== null && filter.excludeCategories.includes(category)) return false;
  return (
    filter.includeCategories.length === 0 ||
    (category !== null && filter.includeCategories.includes(category))
  );
}

function trace(
  rule: EarningRule,
  ref: VersionRef,
  why: RuleTrace['why'],
  basisMinor: number,
  points: Points,
  multiplier: string | null,
): RuleTrace {
  return {
    rule: ref,
    name: rule.name,
    matched: why === 'matched',
    why,
    basisMinor,
    points,
    multiplier,
    limitedBy: null,
    rounding: why === 'matched' && rule.amount.type === 'perSpend' ? 'floor' : null,
  };
}
