import type { LinePoints, LineRevenue, PurchaseLine, VersionRef } from '../../kernel/domain-events.js';
import { splitByLargestRemainder, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';
import { lineRevenue } from '../../kernel/points-paid.js';
import { wordForm } from '../../kernel/texts.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import { basisOf, grantOf, isBelow, multiplierFor, whyBelow, whyNothing } from './amount.js';
import type { Basket } from './basket.js';
import type { EarningRule, LineFilter } from './earning-rule.js';
import type { Ceiling } from './limits.js';
import { hasConditions, NO_CONDITIONS, type ConditionsOf, type RuleConditions } from './rule-conditions.js';
import type { RuleTrace } from './rule-trace.js';
import { traceOf } from './stored-trace.js';

export interface RuleResult {
  readonly trace: RuleTrace;
  /** Attribution of the points to lines; empty when the rule gave none. */
  readonly lines: readonly LinePoints[];
}

export interface EvaluationInput {
  readonly basket: Basket;
  /** Tier when the receipt occurred; null without a ladder. */
  readonly tier: string | null;
  readonly occurredAt: Instant;
  readonly memberActive: boolean;
  readonly conditionsOf: ConditionsOf;
  /** Whether a rule's schedule holds the instant; absent where that was evaluated before. */
  readonly inSchedule?: (rule: EarningRule) => boolean;
}

/** Whether a rule gives points at an instant, whatever for. */
export function isRunning({ active, paused, endsAt }: EarningRule, at: Instant): boolean {
  return active && paused !== true && (endsAt === null || formatInstant(at) < endsAt);
}

/**
 * Evaluates one rule for a receipt: points, their attribution to lines by largest remainder, and the trace. Points
 * above the ceiling are cut before they are attributed.
 * @param ceilingOf asked only where the rule gives points; most rules are about other receipts.
 */
export function evaluateRule(
  rule: EarningRule,
  ref: VersionRef,
  input: EvaluationInput,
  ceilingOf: () => Ceiling | null = () => null,
): RuleResult {
  const skipped = (why: RuleTrace['why'], fields: Partial<RuleTrace> = {}): RuleResult => ({
    trace: traceOf(rule, ref, why, fields),
    lines: [],
  });
  if (!isRunning(rule, input.occurredAt)) return skippedAsEver(rule, ref, whyNotRunning(rule));
  if (rule.schedule && input.inSchedule?.(rule) === false) return skippedAsEver(rule, ref, 'outOfSchedule');
  if (!input.memberActive) return skippedAsEver(rule, ref, 'memberNotActive');
  const conditions = hasConditions(rule) ? input.conditionsOf(rule) : NO_CONDITIONS;
  const result = conditions.receipt?.() ?? null;
  if (result !== null && result.outcome !== 'true')
    return skipped(WHY_NOT[result.outcome], { condition: result.trace });
  const part = rule.earnOnPointsPaid ? input.basket.whole : input.basket.paid;
  const candidates = matchingLines(rule.lines, part.lines);
  const failed = failedLine(candidates, conditions);
  if (failed) return skipped('conditionFailed', { condition: failed });
  const lines = meetingLines(candidates, conditions);
  if (lines.length === 0) {
    const [first] = candidates;
    if (!first || !conditions.line) return skippedAsEver(rule, ref, 'noMatchingLine');
    return skipped('conditionFalse', { condition: conditions.line.trace(first.lineNo) });
  }
  const basis = basisOf(rule, lines);
  if (isBelow(rule, basis)) return skipped(whyBelow(rule), { basisMinor: basis });
  const multiplier = multiplierFor(rule, input.tier);
  const { whole } = input.basket;
  const goods = part === whole ? lines : meetingLines(matchingLines(rule.lines, whole.lines), conditions);
  const grant = grantOf(rule, { lines, share: part.share }, goods, multiplier);
  const { points, basisMinor, weights } = grant;
  if (points === 0) return skipped(whyNothing(rule, grant), { basisMinor });
  const ceiling = ceilingOf();
  const limited = ceiling !== null && ceiling.points < points ? ceiling : null;
  const given = limited?.points ?? points;
  const fields = {
    basisMinor,
    points: given,
    multiplier,
    limitedBy: limited?.limitedBy ?? null,
    condition: conditions.met(),
  };
  if (given === 0) return skipped('limitReached', fields);
  return { trace: traceOf(rule, ref, 'matched', fields), lines: attributed(given, lines, weights) };
}

/** Why a rule whose condition is not met gives nothing. */
export const WHY_NOT = { false: 'conditionFalse', failed: 'conditionFailed' } as const;

/** Why a rule that is not running gives nothing. */
export function whyNotRunning({ active, paused }: EarningRule): RuleTrace['why'] {
  if (!active) return 'inactive';
  return paused === true ? 'paused' : 'ended';
}

/** What the condition on lines says of the first line over which it fails. */
function failedLine(lines: readonly PurchaseLine[], { line }: RuleConditions): RuleTrace['condition'] {
  const failed = line && lines.find(({ lineNo }) => line.outcome(lineNo) === 'failed');
  return failed ? line.trace(failed.lineNo) : undefined;
}

function meetingLines(lines: readonly PurchaseLine[], { line }: RuleConditions): readonly PurchaseLine[] {
  return line === null ? lines : lines.filter(({ lineNo }) => line.outcome(lineNo) === 'true');
}

/** Results that say no more than why, which is the same each time, by rule. */
const SKIPPED = new WeakMap<EarningRule, Partial<Record<RuleTrace['why'], RuleResult>>>();

/** The result of a rule that says no more than why; one object for all occasions. */
export function skippedAsEver(rule: EarningRule, ref: VersionRef, why: RuleTrace['why']): RuleResult {
  let known = SKIPPED.get(rule);
  if (!known) SKIPPED.set(rule, (known = {}));
  const found = known[why];
  // One body may stand under several names in a test; in a programme each has its own.
  if (found && found.trace.rule.id === ref.id && found.trace.rule.version === ref.version) return found;
  return (known[why] = { trace: traceOf(rule, ref, why, {}), lines: [] });
}

function matchingLines(filter: LineFilter, lines: readonly PurchaseLine[]): readonly PurchaseLine[] {
  const { includeCategories, excludeCategories, revenue = NO_KINDS } = filter;
  if (includeCategories.length + excludeCategories.length + revenue.length === 0 && lines.every(isRevenue))
    return lines;
  return lines.some((line) => matchesLine(filter, line))
    ? lines.filter((line) => matchesLine(filter, line))
    : NO_LINES;
}

const NO_LINES: readonly PurchaseLine[] = [];
const NO_KINDS: readonly LineRevenue[] = [];

function isRevenue(line: PurchaseLine): boolean {
  return line.revenue !== 'none';
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

/** What a list of categories names, by list: a published rule never changes. */
const NAMES = new WeakMap<readonly string[], ReadonlySet<string>>();

function namesOf(categories: readonly string[]): ReadonlySet<string> {
  const known = NAMES.get(categories);
  if (known) return known;
  const made = new Set(categories.map(wordForm));
  NAMES.set(categories, made);
  return made;
}

function matchesLine(filter: LineFilter, line: PurchaseLine): boolean {
  const { includeCategories, excludeCategories, revenue: kinds } = filter;
  const category = line.category === null ? null : wordForm(line.category);
  if (category !== null && namesOf(excludeCategories).has(category)) return false;
  const named = category !== null && namesOf(includeCategories).has(category);
  if (!named && includeCategories.length > 0) return false;
  const revenue = lineRevenue(line);
  if (kinds !== undefined && kinds.length > 0) return kinds.includes(revenue);
  return named || revenue !== 'none';
}
