import type { VersionRef } from '../kernel/domain-events.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import { balanceOf, insufficientPoints, ledgerSlice, planSpend } from '../ledger/index.js';
import { memberProblems, requireSpender } from '../members/index.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { exceededLimit } from './domain/points-limits.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';
import { redemptionProblems } from './problems.js';
import { redemptionView } from './redemption-view.js';
import { rewardStockSlice } from './redemptions.slice.js';
import { rewardKind } from './reward.kind.js';

/** What a till asks for: a catalogue reward, or a number of points off the basket. */
export interface RedeemBody {
  readonly rewardId: string | null;
  readonly points: Points | null;
  readonly mode: 'authorise' | 'capture';
  readonly holdSeconds: number;
  readonly externalId: string | null;
  /** What the basket comes to before points, minor units; absent where the till did not say. */
  readonly basketMinor?: number;
}

interface Price {
  readonly points: Points;
  readonly discountMinor: number;
  readonly reward: VersionRef | null;
  /** Whether it comes out of a counted stock. */
  readonly stocked: boolean;
}

/** Sets points aside for a redemption, or uses them at once. */
export const redeem: CommandHandler<RedeemBody> = {
  type: 'redemption.redeem',
  cacheable: true,
  needsLazyRows: () => true,
  preload: 'small',
  sharedKeys: ({ rewardId }) => (rewardId === null ? [] : [{ slice: rewardStockSlice.name, key: rewardId }]),
  unknownTarget: () => memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.'),
  naturalConflict: ({ externalId }) =>
    redemptionProblems.problem(
      'REDEMPTION_CONFLICT',
      `externalId ${externalId} was used before with another body.`,
    ),
  decide: (body, work) => {
    const spender = requireSpender(work);
    if (!spender.ok) return spender;
    const priced = priceOf(body, work);
    if (!priced.ok) return priced;
    const { points, discountMinor, reward, stocked } = priced.value;
    const plan = planSpend(work.account(ledgerSlice), points);
    if (!plan.ok) return refuse(shortOfPoints(plan.refusal, work));
    const direct = body.mode === 'capture';
    const redemption: RedemptionFacts = {
      redemptionId: work.ids.next('rdm'),
      memberId: work.memberId,
      status: direct ? 'captured' : 'authorised',
      points,
      lots: plan.value,
      reversedPoints: 0,
      reward,
      stocked,
      discountMinor,
      voucher: null,
      externalId: body.externalId,
      authorisedAt: work.now,
      actor: work.actor,
      holdExpiresAt: direct ? null : work.now + body.holdSeconds * 1000,
      voidReason: null,
      purchaseId: null,
    };
    const emitted = direct
      ? work.emit({ type: 'redemption.captured', data: { redemption, direct, unused: [] } })
      : work.emit({ type: 'redemption.authorised', data: { redemption } });
    return emitted.ok ? ok(redemptionAnswer(201, redemption, work)) : emitted;
  },
};

/** Points that are missing because they expired just now have a problem code of their own. */
function shortOfPoints(
  figures: { required: Points; available: Points; missing: Points },
  work: Work,
): Problem {
  const { required, available } = figures;
  const expired = work.events.flatMap((event) => (event.type === 'points.expired' ? event.data.lots : []));
  const justExpired = expired.reduce((sum, { points }) => sum + points, 0);
  if (justExpired === 0 || available + justExpired < required) return insufficientPoints(figures);
  const detail = `${required} points are required, ${available} are available.`;
  return redemptionProblems.problem('POINTS_EXPIRED', detail, { meta: { ...figures } });
}

function priceOf(body: RedeemBody, work: Work): Result<Price, Problem> {
  return body.rewardId === null ? priceOfPoints(body, work) : priceOfReward(body.rewardId, work);
}

function priceOfReward(rewardId: string, work: Work): Result<Price, Problem> {
  const published = work.config.find(rewardKind, rewardId, work.now);
  if (!published) {
    const begins = work.config.beginsAfter(rewardKind, rewardId, work.now);
    const detail =
      begins === null
        ? `There is no reward ${rewardId}.`
        : `The reward ${rewardId} begins at ${formatInstant(begins)}.`;
    return refuse(redemptionProblems.problem('REWARD_NOT_FOUND', detail));
  }
  const { body, version } = published;
  if (!body.active)
    return refuse(redemptionProblems.problem('REWARD_INACTIVE', `${rewardId} is not offered now.`));
  if (body.stocked && (work.shared(rewardStockSlice, rewardId) ?? 0) < 1) {
    return refuse(redemptionProblems.problem('OUT_OF_STOCK', `${rewardId} is out of stock.`));
  }
  const { points, discountMinor, stocked } = body;
  return ok({ points, discountMinor, stocked, reward: { id: rewardId, version } });
}

function priceOfPoints(body: RedeemBody, work: Work): Result<Price, Problem> {
  const points = body.points ?? 0;
  const terms = programmePolicyInForce(work.config, work.now).pointsOffBasket;
  if (!terms) {
    const detail = 'Points can only be exchanged for rewards of the catalogue.';
    return refuse(redemptionProblems.problem('POINTS_OFF_BASKET_DISABLED', detail));
  }
  if (points < terms.minimumPoints) {
    const detail = `At least ${terms.minimumPoints} points are redeemed at once.`;
    const meta = { minimumPoints: terms.minimumPoints };
    return refuse(redemptionProblems.problem('BELOW_MINIMUM_POINTS', detail, { meta }));
  }
  const discountMinor = points * terms.minorPerPoint;
  const exceeded = exceededLimit(terms, { points, discountMinor, basketMinor: body.basketMinor ?? null });
  if (exceeded) {
    const { code, detail, meta } = exceeded;
    const errors = [{ pointer: '/points', code, detail }];
    return refuse(redemptionProblems.problem(code, detail, { errors, meta }));
  }
  return ok({ points, discountMinor, reward: null, stocked: false });
}

export function redemptionAnswer(status: number, redemption: RedemptionFacts, work: Work): Answer {
  return { status, body: { ...redemptionView(redemption), balance: balanceOf(work.account(ledgerSlice)) } };
}
