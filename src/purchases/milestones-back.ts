import { milestonesLowered, type MilestoneSteps, type TakenSteps } from '../earning/index.js';
import type { BucketPoints } from '../kernel/domain-events.js';
import type { LotId, ReturnId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { ledgerSlice } from '../ledger/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import type { PlannedReturn } from './domain/plan-return.js';
import type { ReturnedGrant } from './domain/return-facts.js';
import { planTakeBack } from './domain/take-back.js';

/** What happens to points of a milestone that is reached no more. */
export interface MilestoneBack extends ReturnedGrant {
  readonly milestone: NonNullable<ReturnedGrant['milestone']>;
  readonly taken: TakenSteps;
  readonly moves: readonly BucketPoints[];
  readonly short: Points;
}

/** What the goods of a return take back of milestones, whichever receipts reached them; the youngest lots first. */
export function milestonesBack(
  { purchase, returned, whole }: PlannedReturn,
  onlyPending: boolean,
  work: Work,
): readonly MilestoneBack[] {
  if (!purchase.counted) return [];
  const spendMinor = returned.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const off = { spendMinor, visits: whole ? 1 : 0 };
  return milestonesLowered(purchase.facts, off, work).map((taken) => milestoneBack(taken, onlyPending, work));
}

function milestoneBack(taken: TakenSteps, onlyPending: boolean, work: Work): MilestoneBack {
  const { award, steps, points } = taken;
  const { lotIds, rule } = award.given;
  // Lots that are not here are in an account that the member left, or were sent to another one: spent, to this one.
  const own = [...work.account(ledgerSlice).lots.values()]
    .filter((lot) => lotIds.includes(lot.rootLotId ?? lot.lotId))
    .sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  const { moves, gone, notTaken, short } = planTakeBack(points, own, award.gone, onlyPending);
  const lotId = lotIds.at(-1) as LotId;
  return { lotId, milestone: { ruleId: rule.id, steps }, taken, points, moves, gone, notTaken, short };
}

/** Says which steps count no more, and gives their points back to the budgets of their rules. */
export function tellMilestones(
  back: readonly MilestoneBack[],
  returnId: ReturnId,
  emit: (emission: Emission) => Result<void, Problem>,
  work: Work,
): Result<void, Problem> {
  if (back.length === 0) return ok(undefined);
  const steps = back.map((part) => stepsBack(part, returnId, work));
  const told = emit({ type: 'milestones.returned', data: { steps } });
  if (!told.ok) return told;
  for (const { taken, points, gone, notTaken } of back) {
    const { award } = taken;
    const { rule, purchaseId, occurredAt: earnedAt } = award.given;
    const whole = taken.steps === award.steps && notTaken === 0;
    const returned = { ruleId: rule.id, ruleVersion: rule.version, points: points - notTaken, expired: gone };
    const businessDate = localDate(earnedAt, work.config.timeZone);
    const awards = [{ ...returned, whole }];
    const given = emit({ type: 'awards.returned', data: { purchaseId, earnedAt, businessDate, awards } });
    if (!given.ok) return given;
  }
  return ok(undefined);
}

function stepsBack({ taken, points, gone }: MilestoneBack, returnId: ReturnId, work: Work): MilestoneSteps {
  const { milestoneId: awardId, ...given } = taken.award.given;
  return {
    ...given,
    ...{ awardId, returnId, gone, lotIds: [] },
    milestoneId: work.ids.next('mst'),
    steps: 0 - taken.steps,
    points: 0 - points,
  };
}
