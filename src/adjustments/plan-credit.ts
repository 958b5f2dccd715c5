import { valueCompensation } from '../finance/index.js';
import type { Cause } from '../kernel/domain-events.js';
import {
  debtOpenSince,
  ledgerSlice,
  partsByDebt,
  type LotGrant,
  type GrantPart,
  type PointsToCome,
} from '../ledger/index.js';
import { expiryOf, slidingExpiryOf, type ExpiryPolicy } from '../kernel/expiry-policy.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import { memberProblems, memberSlice } from '../members/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { memberExpiry, programmePolicyInForce } from '../programmes/index.js';
import { checkBackdating, CLOCK_SKEW_MS, purchaseProblems } from '../purchases/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { lotOf, type AdjustmentPlan } from './adjustment-plan.js';
import { adjustmentsSlice } from './adjustments.slice.js';
import type { AdjustmentReason, CreditOrigin } from './domain/adjustment-reason.js';
import { reinstatedOf } from './domain/reinstated.js';
import { saidPoints, type AdjustmentOrder } from './domain/order.js';
import { adjustmentProblems } from './problems.js';

/** Points given by hand: usable at once, from when it is said to have happened. */
export function planCredit(
  order: AdjustmentOrder,
  reason: AdjustmentReason,
  work: Work,
): Result<AdjustmentPlan, Problem> {
  const at = order.occurredAt ?? work.now;
  if (at > work.now + CLOCK_SKEW_MS) {
    const detail = `occurredAt is more than ${CLOCK_SKEW_MS / 1000} seconds ahead of the server's clock.`;
    const errors = [{ pointer: '/occurredAt', code: 'OCCURRED_IN_FUTURE', detail }];
    return refuse(purchaseProblems.problem('OCCURRED_IN_FUTURE', detail, { errors }));
  }
  const backdated = checkBackdating('credit', at, '/occurredAt', work, order.toldAt);
  if (!backdated.ok) return backdated;
  return planGrant(
    { points: saidPoints(order), origin: originOf(reason), at, expiresAt: null },
    reason,
    work,
  );
}

/** Expired points given back as a new lot without money: never more than expired and were not given back yet. */
export function planReinstatement(
  order: AdjustmentOrder,
  reason: AdjustmentReason,
  work: Work,
): Result<AdjustmentPlan, Problem> {
  const found = lotOf(order.lotId, work);
  if (!found.ok) return found;
  if (originOf(reason) !== 'goodwill') {
    const detail = 'Expired points come back as goodwill; use a reason of this origin.';
    const errors = [{ pointer: '/reason', code: 'ORIGIN_MISMATCH', detail }];
    return refuse(adjustmentProblems.problem('ORIGIN_MISMATCH', detail, { errors }));
  }
  const { lotId, expired } = found.value;
  const reinstated = reinstatedOf(lotId, work.account(adjustmentsSlice).known.values());
  const left = expired - reinstated;
  const points = order.points ?? left;
  if (points < 1 || points > left) {
    const detail = `${expired} points of ${lotId} expired and ${reinstated} of them were given back already.`;
    const meta = { expired, reinstated, left };
    return refuse(adjustmentProblems.problem('MORE_THAN_EXPIRED', detail, { meta }));
  }
  const { expiresAt } = order;
  if (expiresAt !== null && expiresAt <= work.now) {
    const detail = 'The points would have expired by now.';
    const errors = [{ pointer: '/expiresAt', code: 'LOT_NOT_EXTENDABLE', detail }];
    return refuse(adjustmentProblems.problem('LOT_NOT_EXTENDABLE', detail, { errors }));
  }
  return planGrant({ points, origin: 'goodwill', at: work.now, expiresAt }, reason, work);
}

interface Given {
  readonly points: Points;
  readonly origin: CreditOrigin;
  readonly at: Instant;
  /** The end asked for; null: by policy. */
  readonly expiresAt: Instant | null;
}

/**
 * A lot of points that are given, and one of those that fill a debt at once. Points that slide are an activity of their own: they move the account's end, so
 * that they live as long as promised.
 */
function planGrant(given: Given, reason: AdjustmentReason, work: Work): Result<AdjustmentPlan, Problem> {
  if (work.member(memberSlice).status === 'closed') {
    return refuse(memberProblems.problem('MEMBER_CLOSED', 'A closed member receives no points.'));
  }
  const { points, origin, at } = given;
  const { timeZone } = work.config;
  const expiryPolicy = reason.expiry ?? policyExpiry(work, at);
  const slides = given.expiresAt === null && expiryPolicy.type === 'sliding';
  const slidTo = slides ? slidingExpiryOf(expiryPolicy, at, timeZone) : null;
  const { debt, slidingExpiresAt } = work.account(ledgerSlice);
  const sliding = Math.max(slidingExpiresAt ?? 0, slidTo ?? 0) || null;
  const asked = {
    ...{ origin, points, slides, expiryPolicy, lines: [], awaits: null, availableAt: at },
    expiresAt: given.expiresAt ?? expiryOf(expiryPolicy, at, timeZone),
  };
  const grants: LotGrant[] = [];
  for (const part of partsByDebt([asked], { debt, openSince: debtOpenSince(work) }, sliding, work.now)) {
    const valued = valueOf(part, at, work);
    if (!valued.ok) return valued;
    const lotId = work.ids.next('lot');
    grants.push({ lotId, ...asked, points: part.points, ...valued.value, rule: null, state: 'available' });
  }
  return ok({
    ...{ points, origin },
    lots: grants.map((grant) => ({ lotId: grant.lotId, points: grant.points })),
    emissions: (cause: Cause): readonly Emission[] => [
      ...(slidTo === null
        ? []
        : [{ type: 'expiry.slid' as const, data: { cause, expiresAt: slidTo }, occurredAt: at }]),
      { type: 'lots.granted', data: { cause, purchaseId: null, lots: grants }, occurredAt: at },
    ],
  });
}

/** What points given by hand carry: compensation its worth, unless it fills a debt at once; all others nothing. */
function valueOf(
  { of: { origin }, points, fillsDebt }: GrantPart<PointsToCome & Pick<Given, 'origin'>>,
  at: Instant,
  work: Work,
): Result<Pick<LotGrant, 'allocated' | 'valuation'>, Problem> {
  if (origin !== 'sale_compensation') return ok({ allocated: 0n, valuation: null });
  const valued = valueCompensation(work.config, points, at);
  if (!valued.ok || !fillsDebt) return valued;
  return ok({ allocated: 0n, valuation: { ...valued.value.valuation, unallocated: 'debt' } });
}

/** How long points live by the programme's policy for the tier the member had at an instant. */
function policyExpiry(work: Work, at: Instant): ExpiryPolicy {
  const set = tierSetInForce(work.config, at);
  const tier = set ? tierAt(work.member(standingSlice), set.body, at).key : null;
  return memberExpiry(programmePolicyInForce(work.config, at), tier);
}

function originOf({ origin, name }: AdjustmentReason): CreditOrigin {
  if (origin === null) throw new Error(`the reason ${name} gives points without an origin`);
  return origin;
}
