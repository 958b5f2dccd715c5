import type { LocalDate } from '../kernel/time.js';
import { localDate } from '../kernel/time.js';
import { historySlice, standingSlice } from '../tiers/index.js';
import type { Work } from '../platform/pipeline/index.js';
import {
  awardsLeft,
  measuredIn,
  stepsOf,
  type CountedForMilestones,
  type MilestoneAward,
} from './domain/milestone.js';
import { periodOf, type MilestoneRun } from './milestone-runs.js';
import { milestonesSlice } from './milestones.slice.js';

/** How far a member is with a milestone in the period of a day. */
export interface Progress {
  readonly firstDay: LocalDate;
  readonly measured: number;
  /** Steps that are reached. */
  readonly steps: number;
  /** What was given and still counts, from the oldest to the youngest. */
  readonly awards: readonly MilestoneAward[];
}

/** @param days what the member did, where that is not what is known now. */
export function progressOf(
  run: MilestoneRun,
  day: LocalDate,
  work: Work,
  days: ReadonlyMap<LocalDate, CountedForMilestones> = daysOf(work),
): Progress {
  const { ruleId, trigger, versions } = run;
  const enrolledOn = localDate(work.member(standingSlice).enrolledAt, work.config.timeZone);
  const period = periodOf(run, day, { enrolledOn, tierSince: enrolledOn });
  const measured = measuredIn(trigger, days, period);
  const awards = awardsLeft(work.member(milestonesSlice).known, {
    ruleId,
    run: versions[0] as number,
    period,
  });
  return { firstDay: period.from, measured, steps: stepsOf(trigger, measured), awards };
}

/** What the member did, day by day. */
export function daysOf(work: Work): ReadonlyMap<LocalDate, CountedForMilestones> {
  const history = work.member(historySlice);
  if (!history) throw new Error('a milestone reads a history that was not loaded');
  return history.days;
}

/** Steps that were given and still count. */
export function stepsGiven(awards: readonly MilestoneAward[]): number {
  return awards.reduce((sum, { steps }) => sum + steps, 0);
}
