import type { PurchaseFacts } from '../kernel/domain-events.js';
import type { Work } from '../platform/pipeline/index.js';
import { stepsTakenBack, type TakenSteps } from './domain/milestone.js';
import { milestoneRuns } from './milestone-runs.js';
import { daysOf, progressOf, stepsGiven } from './milestones-progress.js';

/** What a return is about to take off the day of its receipt. */
export interface TakenOff {
  readonly spendMinor: number;
  readonly visits: number;
}

/**
 * The steps that are reached no more once goods of a receipt are back, from the youngest award of each milestone on.
 * Never more than the return takes off: what was given too much otherwise, as by a merge, stays.
 */
export function milestonesLowered(
  { businessDate: day }: PurchaseFacts,
  off: TakenOff,
  work: Work,
): readonly TakenSteps[] {
  const runs = milestoneRuns(work.config).filter(({ from, through }) => from <= day && day <= through);
  if (runs.length === 0) return [];
  const before = daysOf(work);
  const { spendMinor, visits } = before.get(day) ?? { spendMinor: 0, visits: 0 };
  const counted = { spendMinor: spendMinor - off.spendMinor, visits: visits - off.visits };
  const after = new Map(before).set(day, counted);
  return runs.flatMap((run) => {
    const { steps: was, awards } = progressOf(run, day, work);
    const { steps } = progressOf(run, day, work, after);
    return stepsTakenBack(awards, Math.min(stepsGiven(awards), was) - steps);
  });
}
