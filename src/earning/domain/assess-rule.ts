import type { PurchaseLine } from '../../kernel/domain-events.js';
import type { VersionRef } from '../../kernel/version-ref.js';
import { NO_BASES, type Bases } from './base-figure.js';
import type { Basket } from './basket.js';
import { countedPart } from './counted-money.js';
import type { EarningRule } from './earning-rule.js';
import { multiplierFor } from './factors.js';
import { pointsOf, skippedAsEver, type Assessed, type RuleResult } from './assessed.js';
import { matchingLines } from './matching-lines.js';
import { basisOf, isBelow, rawFigure, whyBelow } from './raw-figure.js';
import { isSkipped, preconditions, type RuleSetting } from './preconditions.js';
import type { RuleConditions } from './rule-conditions.js';
import type { RuleTrace } from './rule-trace.js';
import { traceOf } from './stored-trace.js';

export interface EvaluationInput extends RuleSetting {
  readonly basket: Basket;
}

/**
 * The first steps of one rule over a receipt, in their order (docs/earning.md): condition, basis, raw figure, factors,
 * rounding. Limits, groups and the balance come after it.
 * @param bases what a multiplier multiplies.
 */
export function assessRule(
  rule: EarningRule,
  ref: VersionRef,
  input: EvaluationInput,
  bases: Bases = NO_BASES,
): Assessed {
  const held = preconditions(rule, ref, input);
  if (isSkipped(held)) return held;
  const skipped = (why: RuleTrace['why'], fields: Partial<RuleTrace> = {}): RuleResult => ({
    trace: traceOf(rule, ref, why, fields),
    lines: [],
  });
  const part = countedPart(rule, input.basket);
  if (part === null) return skippedAsEver(rule, ref, 'tenderNotUsed');
  const candidates = matchingLines(rule.lines, part.lines);
  const failed = failedLine(candidates, held);
  if (failed) return skipped('conditionFailed', { condition: failed });
  const lines = meetingLines(candidates, held);
  if (lines.length === 0) {
    const [first] = candidates;
    if (!first || !held.line) return skippedAsEver(rule, ref, 'noMatchingLine');
    return skipped('conditionFalse', { condition: held.line.trace(first.lineNo) });
  }
  const basisMinor = basisOf(rule, lines);
  if (isBelow(rule, basisMinor)) return skipped(whyBelow(rule), { basisMinor });
  const { whole, facts } = input.basket;
  const goods = part === whole ? lines : meetingLines(matchingLines(rule.lines, whole.lines), held);
  const counted = { lines, share: part.share, othersShare: part.othersShare };
  const { raw, weights } = rawFigure(rule, {
    ...{ part: counted, goods, sold: facts.sold, basisMinor, tier: input.tier, bases },
  });
  if (raw.numerator === 0n) return skipped(whyBelow(rule), { basisMinor });
  const multiplier = multiplierFor(rule, input.tier);
  const points = pointsOf(rule, raw, multiplier);
  const condition = held.met();
  return { ref, rule, lines, weights, basisMinor, raw, multiplier, points, tier: input.tier, condition };
}

/** What the condition on lines says of the first line over which it fails. */
function failedLine(lines: readonly PurchaseLine[], { line }: RuleConditions): RuleTrace['condition'] {
  const failed = line && lines.find(({ lineNo }) => line.outcome(lineNo) === 'failed');
  return failed ? line.trace(failed.lineNo) : undefined;
}

function meetingLines(lines: readonly PurchaseLine[], { line }: RuleConditions): readonly PurchaseLine[] {
  return line === null ? lines : lines.filter(({ lineNo }) => line.outcome(lineNo) === 'true');
}
