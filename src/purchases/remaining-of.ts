import type { pointsKept } from '../earning/index.js';
import { paidOtherwise } from '../kernel/points-paid.js';
import { linesLeft } from './domain/line-state.js';
import type { PlannedReturn } from './domain/plan-return.js';
import { paidOtherwiseLeft, tendersLeft } from './domain/points-back.js';

/** What is left of a receipt once what is planned is back, as rules evaluate it again. */
export function remainingOf({ purchase, lines }: PlannedReturn): Parameters<typeof pointsKept>[2] {
  const { facts, trace } = purchase;
  return {
    occurredAt: facts.occurredAt,
    receipt: { ...facts, lines: linesLeft(lines), tenders: tendersLeft(facts.tenders, lines) },
    sold: facts.lines,
    trace,
    paidOtherwise: paidOtherwiseLeft(paidOtherwise(facts), lines),
  };
}
