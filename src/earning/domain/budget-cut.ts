import { splitByLargestRemainder, toSafeNumber } from '../../kernel/division.js';
import type { Points } from '../../kernel/points.js';
import type { RuleResult } from './assessed.js';

/** What is left of a rule's result where its budget covers only `points` of it: 0 or more, fewer than it gave. */
export function cutToBudget({ trace, lines }: RuleResult, points: Points): RuleResult {
  const { statusPoints, ...rest } = trace;
  const { points: before, limited: most = before, raw = String(most) } = rest;
  // A rule that gives both gives as many of each.
  const status = statusPoints === undefined || points === 0 ? {} : { statusPoints: points };
  const limited = { ...rest, ...status, points, limitedBy: 'budget', raw, limited: most };
  if (points === 0)
    return { trace: { ...limited, matched: false, why: 'budgetSpent', rounding: null }, lines: [] };
  const weights = lines.map((line) => BigInt(line.points));
  const parts = lines.length === 0 ? [] : splitByLargestRemainder(BigInt(points), weights);
  const kept = lines.map(({ lineNo }, index) => ({ lineNo, points: toSafeNumber(parts[index] ?? 0n) }));
  return { trace: limited, lines: kept.filter((line) => line.points > 0) };
}
