import type { LeapDay } from '../../kernel/anniversary.js';
import type { LocalDate } from '../../kernel/time.js';
import { windowStart, type CalendarWindow, type Window } from '../../kernel/window.js';

/** What a requirement counts: money, purchase points, receipts, days with a receipt, status points. */
export type MeasureName = 'spend' | 'points' | 'purchases' | 'visits' | 'status';

/** Over which days a requirement counts; `validity`: the days of the validity that ends, of a condition to keep. */
export type RequirementWindow = Window | { readonly type: 'validity' };

/** What must be reached: a measure over a window, or all, any, or at least n of several requirements. */
export type Requirement =
  | { readonly measure: MeasureName; readonly window: RequirementWindow; readonly atLeast: number }
  | { readonly all: readonly Requirement[] }
  | { readonly any: readonly Requirement[] }
  | { readonly of: readonly Requirement[]; readonly atLeast: number };

/**
 * How long a rung is held before its condition to keep is evaluated. Days run to the end of their last one in the
 * programme's zone; an anniversary is the next one that gives at least `leastMonths`.
 */
export type Validity =
  | { readonly type: 'forever' }
  | { readonly type: 'whileQualified' }
  | {
      readonly type: 'endOfPeriod';
      readonly period: CalendarWindow;
      readonly periods: 0 | 1;
      readonly days: number;
    }
  | { readonly type: 'months'; readonly months: number; readonly toEndOfMonth: boolean }
  | { readonly type: 'anniversary'; readonly leastMonths: number; readonly leapDay?: LeapDay };

export interface Rung {
  readonly key: string;
  /** Null for the first rung, on which a member begins. */
  readonly reach: Requirement | null;
  /** Null: what was to be reached is to be kept. */
  readonly keep: Requirement | null;
  readonly validity: Validity;
  /** No roll leaves the rung. */
  readonly noDowngrade: boolean;
  /** No member enters the rung any more; its members go to the successor, or stay until their end where there is none. */
  readonly retired: { readonly successor: string | null } | null;
}

/** Time that a member has after the condition to keep was not met, from then or from the beginning of the standing. */
export interface Grace {
  readonly from: 'disqualification' | 'tierStart';
  readonly months: number;
  readonly days: number;
  readonly toEndOfMonth: boolean;
}

/** Rungs in ascending order, the first without a requirement. */
export interface Ladder {
  readonly rungs: readonly Rung[];
  /** `atOnce` on the day on which the requirement is met; else from the next of these periods. */
  readonly promotion: 'atOnce' | CalendarWindow;
  /** Where a member goes whose time is over: nowhere, one rung down, or to the highest rung that is kept. */
  readonly demotion: 'none' | 'oneDown' | 'byMeasure';
  readonly grace: Grace | null;
}

/** What a standing follows from, besides the ladder. */
export interface Counted {
  /** The measure over these business days, both inclusive. */
  valueOf(measure: MeasureName, from: LocalDate, through: LocalDate): number;
  /** The days, ascending, on which something counted. */
  readonly days: readonly LocalDate[];
  readonly enrolledOn: LocalDate;
}

/** Days that a requirement is about. */
export interface RequirementDays {
  /** The day that windows end with, or whose period they are. */
  readonly day: LocalDate;
  /** The last day that counts: `day`, or the day before where nothing of `day` is known yet. */
  readonly through: LocalDate;
  /** First day of the validity, for windows that are named so; else the day itself. */
  readonly validFrom: LocalDate;
  /** The day on which the present standing began. */
  readonly tierSince: LocalDate;
}

/** Whether a requirement is met by what counted. */
export function isMet(requirement: Requirement, counted: Counted, days: RequirementDays): boolean {
  if ('all' in requirement) return requirement.all.every((part) => isMet(part, counted, days));
  if ('any' in requirement) return requirement.any.some((part) => isMet(part, counted, days));
  if ('of' in requirement)
    return requirement.of.filter((part) => isMet(part, counted, days)).length >= requirement.atLeast;
  return measured(requirement, counted, days) >= requirement.atLeast;
}

/** What a single requirement's measure comes to over its window. */
export function measured(
  { measure, window }: { readonly measure: MeasureName; readonly window: RequirementWindow },
  counted: Counted,
  { day, through, validFrom, tierSince }: RequirementDays,
): number {
  const from =
    window.type === 'validity'
      ? validFrom
      : windowStart(window, day, { enrolledOn: counted.enrolledOn, tierSince });
  return counted.valueOf(measure, from, through);
}

/** The single requirements that a requirement is made of. */
export function leavesOf(requirement: Requirement): readonly {
  readonly measure: MeasureName;
  readonly window: RequirementWindow;
  readonly atLeast: number;
}[] {
  if ('all' in requirement) return requirement.all.flatMap(leavesOf);
  if ('any' in requirement) return requirement.any.flatMap(leavesOf);
  return 'of' in requirement ? requirement.of.flatMap(leavesOf) : [requirement];
}

/** Every window that a rung is reached or kept over. */
export function windowsOf({ rungs }: Ladder): readonly RequirementWindow[] {
  const requirements = rungs.flatMap(({ reach, keep }) => [reach, keep].filter((each) => each !== null));
  return requirements.flatMap(leavesOf).map(({ window }) => window);
}
