import type { Cause, DomainEvent, LotPoints } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import type { Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { planTakeBack, type ReturnedAward } from '../purchases/index.js';
import type { ActivityCancellation } from './domain/activity-facts.js';
import type { ActivityGrant } from './activity.rows.js';

/** Something that is no sale, with what it gave. */
export interface TakenBack {
  /** Of the movements that take it back. */
  readonly cause: Cause;
  readonly occurredAt: Instant;
  readonly grants: readonly ActivityGrant[];
}

/**
 * Takes the points of what is no sale back, as a return takes those of a receipt: out of its own lots and what
 * continues them; what was spent becomes a debt or is forgiven, by the policy of when it occurred. There is no refund
 * to keep anything from, so `deductFromRefund` leaves a debt.
 */
export function takeBackPoints(
  { cause, occurredAt, grants }: TakenBack,
  reason: string | null,
  work: Work,
): Result<ActivityCancellation, Problem> {
  const debtBefore = work.account(ledgerSlice).debt;
  const first = work.events.length;
  const plans = grants.map((grant) => planOf(grant, work));
  const lots = plans.flatMap(({ moves }) => moves);
  if (lots.length > 0) {
    const taken = work.emit({ type: 'points.returned', data: { cause, lots } });
    if (!taken.ok) return taken;
  }
  const short = plans.reduce((sum, plan) => sum + plan.short, 0);
  const isForgiven = programmePolicyInForce(work.config, occurredAt).returnPolicy === 'forgive';
  if (short > 0 && !isForgiven) {
    const incurred = work.emit({ type: 'debt.incurred', data: { cause, points: short } });
    if (!incurred.ok) return incurred;
  }
  const takenFrom = pointsTakenBy(cause, work.events.slice(first));
  return ok({
    reason,
    takenFrom,
    pointsTaken: takenFrom.reduce((sum, { points }) => sum + points, 0),
    gone: plans.reduce((sum, { gone }) => sum + gone, 0),
    debt: Math.max(0, work.account(ledgerSlice).debt - debtBefore),
    forgiven: isForgiven ? short : 0,
  });
}

function planOf({ lotId, points, goneElsewhere }: ActivityGrant, work: Work) {
  const own = [...lotsOf(lotId, work)].sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  return planTakeBack(points, own, -goneElsewhere, false);
}

/** A lot that an activity opened, and what continues it here. */
function lotsOf(lotId: ActivityGrant['lotId'], work: Work): readonly Lot[] {
  return [...work.account(ledgerSlice).lots.values()].filter((lot) => (lot.rootLotId ?? lot.lotId) === lotId);
}

/** What each version of a rule gave, to be given back to its limits and its budget. */
export function awardsOf(grants: readonly ActivityGrant[], work: Work): readonly ReturnedAward[] {
  const byRule = groupBy(grants, ({ rule }) => `${rule.id} ${rule.version}`);
  return [...byRule.values()].map((given) => {
    const [{ rule }] = given as [ActivityGrant];
    return {
      ruleId: rule.id,
      ruleVersion: rule.version,
      points: given.reduce((sum: Points, { points }) => sum + points, 0),
      expired: given.reduce((sum: Points, grant) => sum + expiredOf(grant, work), 0),
      whole: true,
    };
  });
}

function expiredOf({ lotId, goneElsewhere }: ActivityGrant, work: Work): Points {
  return lotsOf(lotId, work).reduce((sum, { expired }) => sum + expired, goneElsewhere);
}

/** The points that left the account: out of the activity's own lots, and out of others into the debt at once. */
function pointsTakenBy({ type, id }: Cause, events: readonly DomainEvent[]): readonly LotPoints[] {
  const isOurs = (cause: Cause) => cause.type === type && cause.id === id;
  const parts = events.flatMap((event): readonly LotPoints[] => {
    if (event.type === 'debt.settled' && isOurs(event.data.cause)) return event.data.lots;
    if (event.type !== 'points.returned') return [];
    return event.data.lots.filter(({ from }) => from !== 'settled');
  });
  return [...groupBy(parts, ({ lotId }) => lotId)].map(([lotId, of]) => ({
    lotId,
    points: of.reduce((sum, { points }) => sum + points, 0),
  }));
}
