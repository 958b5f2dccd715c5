import type { PurchaseFacts, RedemptionFacts } from '../kernel/domain-events.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { reactor } from '../platform/pipeline/command.js';
import type { Emission } from '../platform/pipeline/emission.js';
import type { Work } from '../platform/pipeline/work-view.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { exceededLimit, pointsOnReceipt } from './domain/points-limits.js';
import { redemptionProblems } from './problems.js';
import { redemptionsSlice } from './redemptions.slice.js';

/** A receipt uses the redemptions it names: those on hold are captured with it, those captured are tied to it. */
export const captureOnPurchase = reactor({
  name: 'redemptions.captureOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase } }, work) => {
    const named: RedemptionFacts[] = [];
    for (const [index, redemptionId] of purchase.redemptionIds.entries()) {
      const usable = usableRedemption(work.account(redemptionsSlice).redemptions.get(redemptionId), {
        redemptionId,
        pointer: `/redemptionIds/${index}`,
      });
      if (!usable.ok) return usable;
      named.push(usable.value);
    }
    const within = withinLimits(purchase, named, work);
    return within.ok ? ok(named.map((redemption) => useOf(redemption, purchase, work))) : within;
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

/** What of a receipt its redemptions may pay for, all together, by the policy in force when it occurred. */
function withinLimits(
  purchase: PurchaseFacts,
  redemptions: readonly RedemptionFacts[],
  work: Work,
): Result<void, Problem> {
  const { discountMinor, tenderedMinor, offBasket } = pointsOnReceipt(purchase, redemptions);
  if (tenderedMinor > discountMinor) {
    const code = 'POINTS_TENDER_MISMATCH';
    const detail = `${tenderedMinor} minor units were paid with points, the redemptions give ${discountMinor}.`;
    const errors = [{ pointer: '/tenders', code, detail }];
    return refuse(
      redemptionProblems.problem(code, detail, { errors, meta: { tenderedMinor, discountMinor } }),
    );
  }
  const limits = programmePolicyInForce(work.config, purchase.occurredAt).pointsOffBasket;
  const exceeded = limits && exceededLimit(limits, offBasket);
  if (!exceeded) return ok(undefined);
  const { code, detail, meta } = exceeded;
  const errors = [{ pointer: '/redemptionIds', code, detail }];
  return refuse(redemptionProblems.problem(code, detail, { errors, meta }));
}

function useOf(redemption: RedemptionFacts, { purchaseId }: PurchaseFacts, work: Work): Emission {
  const used = { ...redemption, status: 'captured' as const, holdExpiresAt: null, purchaseId };
  return redemption.status === 'captured'
    ? { type: 'redemption.used', data: { redemption: used } }
    : {
        type: 'redemption.captured',
        data: { redemption: used, direct: false, unused: [] },
        occurredAt: work.now,
      };
}
