import type { PurchaseFacts } from '../kernel/domain-events.js';
import { pointsTenderMinor } from '../kernel/points-paid.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { capturedPart } from './captured-part.js';
import { coverTender, type RedemptionUse } from './domain/cover-tender.js';
import { exceededLimit, pointsOnReceipt } from './domain/points-limits.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';
import { redemptionProblems } from './problems.js';
import { redemptionsSlice, voided } from './redemptions.slice.js';

/**
 * A receipt uses the redemptions it names: those on hold are captured with it, those captured are tied to it. Where
 * it has a points tender, holds give no more points than cover it, and what is left of them is free at once.
 */
export const captureOnPurchase = reactor({
  name: 'redemptions.captureOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase } }, work) => {
    const tendered = pointsTenderMinor(purchase.tenders);
    if (!tendered && purchase.redemptionIds.length === 0) return ok([]);
    const named: RedemptionFacts[] = [];
    for (const [index, redemptionId] of purchase.redemptionIds.entries()) {
      const usable = usableRedemption(work.account(redemptionsSlice).redemptions.get(redemptionId), {
        redemptionId,
        pointer: `/redemptionIds/${index}`,
      });
      if (!usable.ok) return usable;
      named.push(usable.value);
    }
    const handedOver = handsOverRewards(purchase, named);
    if (!handedOver.ok) return handedOver;
    const uses = coverTender(named, tendered);
    const within = withinLimits(purchase, uses, work);
    return within.ok ? ok(uses.map((use) => emissionOf(use, purchase, work))) : within;
  },
});

function usableRedemption(
  redemption: RedemptionFacts | undefined,
  { redemptionId, pointer }: { readonly redemptionId: string; readonly pointer: string },
): Result<RedemptionFacts, Problem> {
  const deny = (
    code: 'REDEMPTION_NOT_FOUND' | 'REDEMPTION_NOT_AUTHORISED' | 'REDEMPTION_ALREADY_USED' | 'HOLD_EXPIRED',
    detail: string,
  ) => refuse(redemptionProblems.problem(code, detail, { errors: [{ pointer, code, detail }] }));
  if (!redemption) return deny('REDEMPTION_NOT_FOUND', `The member has no redemption ${redemptionId}.`);
  const { status, purchaseId, voidReason } = redemption;
  if (purchaseId !== null)
    return deny('REDEMPTION_ALREADY_USED', `${redemptionId} belongs to another receipt.`);
  if (voidReason === 'holdExpired') return deny('HOLD_EXPIRED', `The hold of ${redemptionId} has lapsed.`);
  if (status === 'voided' || status === 'reversed')
    return deny('REDEMPTION_NOT_AUTHORISED', `${redemptionId} was ${status}.`);
  return ok(redemption);
}

/** Whether the redemptions that lines name are for rewards: points off the basket belong to no line. */
function handsOverRewards(
  { lines }: PurchaseFacts,
  named: readonly RedemptionFacts[],
): Result<void, Problem> {
  const offBasket = new Set(
    named.filter(({ reward }) => reward === null).map(({ redemptionId }) => redemptionId),
  );
  const wrong = lines.find(({ redemptionId }) => redemptionId && offBasket.has(redemptionId));
  if (!wrong) return ok(undefined);
  const code = 'REDEMPTION_NOT_A_REWARD';
  const detail = `Line ${wrong.lineNo} names ${wrong.redemptionId}: that is points off the basket, and belongs to no line.`;
  return refuse(redemptionProblems.problem(code, detail, { errors: [{ pointer: '/lines', code, detail }] }));
}

/** What of a receipt its redemptions may pay for, all together, by the policy in force when it occurred. */
function withinLimits(
  purchase: PurchaseFacts,
  uses: readonly RedemptionUse[],
  work: Work,
): Result<void, Problem> {
  const { discountMinor, tenderedMinor: tendered, goodsMinor, offBasket } = pointsOnReceipt(purchase, uses);
  if (tendered > goodsMinor) {
    const detail = `${tendered} minor units were paid with points, lines with revenue "own" come to ${goodsMinor}.`;
    const meta = { tenderedMinor: tendered, linesMinor: goodsMinor };
    return refuse(tenderProblem('POINTS_TENDER_EXCEEDS_BASKET', detail, meta));
  }
  if (tendered > discountMinor) {
    const detail = `${tendered} minor units were paid with points, the redemptions give ${discountMinor}.`;
    return refuse(
      tenderProblem('POINTS_TENDER_MISMATCH', detail, { tenderedMinor: tendered, discountMinor }),
    );
  }
  const limits = programmePolicyInForce(work.config, purchase.occurredAt).pointsOffBasket;
  const exceeded = limits && exceededLimit(limits, offBasket);
  if (!exceeded) return ok(undefined);
  const { code, detail, meta } = exceeded;
  const errors = [{ pointer: '/redemptionIds', code, detail }];
  return refuse(redemptionProblems.problem(code, detail, { errors, meta }));
}

function tenderProblem(
  code: 'POINTS_TENDER_EXCEEDS_BASKET' | 'POINTS_TENDER_MISMATCH',
  detail: string,
  meta: Record<string, number>,
): Problem {
  return redemptionProblems.problem(code, detail, { errors: [{ pointer: '/tenders', code, detail }], meta });
}

/** Holds are captured now, however late the receipt: until now they could have lapsed. */
function emissionOf(
  { redemption, points, discountMinor }: RedemptionUse,
  { purchaseId }: PurchaseFacts,
  work: Work,
): Emission {
  if (redemption.status === 'captured')
    return { type: 'redemption.used', data: { redemption: { ...redemption, purchaseId } } };
  const occurredAt = work.now;
  if (points === 0)
    return {
      type: 'redemption.voided',
      data: { redemption: voided(redemption, 'notNeeded') },
      occurredAt,
    };
  const { redemption: captured, unused } = capturedPart(redemption, points, discountMinor);
  const data = { redemption: { ...captured, purchaseId }, direct: false, unused };
  return { type: 'redemption.captured', data, occurredAt };
}
