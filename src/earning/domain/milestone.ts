import { divideFloor, multiplyDivideFloor, toSafeNumber } from '../../kernel/division.js';
import type { LotId, MilestoneId, PurchaseId, ReturnId } from '../../kernel/ids.js';
import type { Points } from '../../kernel/points.js';
import type { Instant, LocalDate } from '../../kernel/time.js';
import type { VersionRef } from '../../kernel/version-ref.js';
import type { MilestoneTrigger } from './rule-trigger.js';

/** What milestones count of a business day. */
export interface CountedForMilestones {
  /** Less what was returned. */
  readonly spendMinor: number;
  /** Receipts that are not returned whole. */
  readonly visits: number;
}

/** Business days, both inclusive. */
export interface Period {
  readonly from: LocalDate;
  readonly through: LocalDate;
}

/** Steps of a milestone that were given, or that a return took back: below 0 then. */
export interface MilestoneSteps {
  readonly milestoneId: MilestoneId;
  readonly rule: VersionRef;
  /** The first of the versions of the rule that count together. */
  readonly run: number;
  /** The first day that counts in the period. */
  readonly firstDay: LocalDate;
  /** The award of which steps are taken back; null for an award. */
  readonly awardId: MilestoneId | null;
  /** The receipt that reached them. */
  readonly purchaseId: PurchaseId;
  /** The return that took them back; null for an award. */
  readonly returnId: ReturnId | null;
  readonly steps: number;
  readonly points: Points;
  /** Of points that are taken back: those that had expired or were cancelled before. */
  readonly gone: Points;
  /** The lots of an award. */
  readonly lotIds: readonly LotId[];
  /** When the receipt that reached them occurred. */
  readonly occurredAt: Instant;
}

/** What of an award still counts. */
export interface MilestoneAward {
  readonly given: MilestoneSteps;
  readonly steps: number;
  readonly points: Points;
  /** Points of it that earlier returns found gone. */
  readonly gone: Points;
}

/** What a member did in a period, in the measure's unit; never below 0. */
export function measuredIn(
  { measure }: Pick<MilestoneTrigger, 'measure'>,
  days: ReadonlyMap<LocalDate, CountedForMilestones>,
  { from, through }: Period,
): number {
  let sum = 0;
  for (const [day, { spendMinor, visits }] of days) {
    if (day < from || day > through) continue;
    if (measure === 'spend') sum += spendMinor;
    else if (measure === 'purchases') sum += visits;
    else if (visits > 0) sum += 1;
  }
  return Math.max(0, sum);
}

/** How many steps a measure reaches: whole ones, and at most the first so many. */
export function stepsOf({ step, first = Infinity }: MilestoneTrigger, measured: number): number {
  return Math.min(first, toSafeNumber(divideFloor(BigInt(measured), BigInt(step))));
}

/** What is missing to the next step; null where no further one is given. */
export function missingOf(trigger: MilestoneTrigger, measured: number): number | null {
  const { step, first = Infinity } = trigger;
  const steps = stepsOf(trigger, measured);
  return steps >= first ? null : (steps + 1) * step - measured;
}

/** The awards of a run of a rule in a period with what is left of each, from the oldest to the youngest. */
export function awardsLeft(
  all: readonly MilestoneSteps[],
  { ruleId, run, period }: { readonly ruleId: string; readonly run: number; readonly period: Period },
): readonly MilestoneAward[] {
  const own = all.filter(
    ({ rule, run: of, firstDay }) =>
      rule.id === ruleId && of === run && firstDay >= period.from && firstDay <= period.through,
  );
  return own
    .filter(({ awardId }) => awardId === null)
    .map((given): MilestoneAward => {
      const taken = own.filter(({ awardId }) => awardId === given.milestoneId);
      return {
        given,
        steps: taken.reduce((sum, { steps }) => sum + steps, given.steps),
        points: taken.reduce((sum, { points }) => sum + points, given.points),
        gone: taken.reduce((sum, { gone }) => sum + gone, 0),
      };
    })
    .sort((a, b) => (youngestLot(a) < youngestLot(b) ? -1 : 1));
}

/** Ids grow with time. */
function youngestLot({ given: { lotIds } }: MilestoneAward): string {
  return lotIds.at(-1) ?? '';
}

/** What is taken back of an award. */
export interface TakenSteps {
  readonly award: MilestoneAward;
  readonly steps: number;
  readonly points: Points;
}

/**
 * What is taken back of awards, from the youngest on: of each its points by its steps, rounded down, with the last step
 * all of them.
 * @param awards from the oldest to the youngest.
 */
export function stepsTakenBack(awards: readonly MilestoneAward[], wanted: number): readonly TakenSteps[] {
  const taken: TakenSteps[] = [];
  let left = wanted;
  for (const award of awards.toReversed()) {
    const steps = Math.min(left, award.steps);
    if (steps <= 0) continue;
    const isLast = steps === award.steps;
    const points = isLast
      ? award.points
      : multiplyDivideFloor(award.points, BigInt(steps), BigInt(award.steps));
    taken.push({ award, steps, points });
    left -= steps;
  }
  return taken;
}
