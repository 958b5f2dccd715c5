import { pointsKept } from '../earning/index.js';
import type { StatusAward, VersionRef } from '../kernel/domain-events.js';
import type { Points } from '../kernel/points.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { PlannedReturn } from './domain/plan-return.js';
import { pointsBack } from './domain/points-back.js';
import type { RecordedPurchase } from './domain/recorded-purchase.js';
import type { ReturnedAward, ReturnedStatus } from './domain/return-facts.js';
import { remainingOf } from './remaining-of.js';

/** What a return does to the points of a rule. */
export interface PointsOfRule {
  readonly rule: VersionRef;
  /** They go with the goods. */
  readonly points: Points;
  /** Of these, what counts for tiers no more from now on. */
  readonly uncounted: Points;
}

/**
 * The status points that go with the goods of a return. Those that a rule gave with as many points go where its points
 * go; of a rule that gave nothing else the same share comes back as would of points, less what earlier returns took.
 * @param given what the return does to the points of each rule.
 * @param onlyPending nothing is taken but what waits, and status points do not wait: they stay with the member.
 */
export function statusBack(
  planned: PlannedReturn,
  given: readonly PointsOfRule[],
  onlyPending: boolean,
  config: ConfigSnapshot,
): readonly ReturnedStatus[] {
  return planned.purchase.status.flatMap((award): readonly ReturnedStatus[] => {
    const { id: ruleId, version: ruleVersion } = award.rule;
    if (award.withPoints) {
      const own = given.find(({ rule }) => rule.id === ruleId);
      return own && own.points > 0 ? [{ ruleId, ruleVersion, points: own.points, taken: own.uncounted }] : [];
    }
    const points = ofItself(award, planned, config);
    return points === 0 ? [] : [{ ruleId, ruleVersion, points, taken: onlyPending ? 0 : points }];
  });
}

function ofItself(award: StatusAward, planned: PlannedReturn, config: ConfigSnapshot): Points {
  const { purchase, lines } = planned;
  const due = pointsBack(award, lines, pointsKept(config, award.rule, remainingOf(planned)));
  return Math.max(0, due - sumOf(earlier(purchase, award), 'points'));
}

/** Status points that count no more with a return. */
export function statusTaken(status: readonly ReturnedStatus[]): Points {
  return sumOf(status, 'taken');
}

/** What the limits of rules that give status points alone get back. */
export function statusReturned(
  purchase: RecordedPurchase,
  status: readonly ReturnedStatus[],
): readonly ReturnedAward[] {
  return status.flatMap(({ ruleId, ruleVersion, taken }): readonly ReturnedAward[] => {
    const award = purchase.status.find(({ rule }) => rule.id === ruleId);
    if (!award || award.withPoints || taken === 0) return [];
    const whole = sumOf(earlier(purchase, award), 'taken') + taken === award.points;
    return [{ ruleId, ruleVersion, points: taken, expired: 0, whole }];
  });
}

function earlier({ returns }: RecordedPurchase, { rule }: StatusAward): readonly ReturnedStatus[] {
  return returns.flatMap(({ status }) => status).filter(({ ruleId }) => ruleId === rule.id);
}

function sumOf(status: readonly ReturnedStatus[], figure: 'points' | 'taken'): Points {
  return status.reduce((sum, part) => sum + part[figure], 0);
}
