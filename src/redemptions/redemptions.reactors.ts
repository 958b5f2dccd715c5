import { ok, refuse } from '../kernel/result.js';
import { reactor } from '../platform/pipeline/command.js';
import type { Emission } from '../platform/pipeline/emission.js';
import { redemptionProblems } from './problems.js';
import { redemptionsSlice } from './redemptions.slice.js';

export const holdPoints = reactor({
  name: 'redemptions.holdPoints',
  on: 'redemption.authorised',
  react: ({ data: { redemption } }) =>
    ok([{ type: 'points.held', data: { redemptionId: redemption.redemptionId, lots: redemption.lots } }]),
});

export const usePoints = reactor({
  name: 'redemptions.usePoints',
  on: 'redemption.captured',
  react: ({ data: { redemption, direct, unused } }) => {
    const { redemptionId, lots } = redemption;
    const used: Emission = {
      type: 'points.redeemed',
      data: { redemptionId, from: direct ? 'available' : 'held', lots },
    };
    return ok(
      unused.length === 0
        ? [used]
        : [used, { type: 'points.released', data: { redemptionId, lots: unused } }],
    );
  },
});

export const releasePoints = reactor({
  name: 'redemptions.releasePoints',
  on: 'redemption.voided',
  react: ({ data: { redemption } }) =>
    ok([{ type: 'points.released', data: { redemptionId: redemption.redemptionId, lots: redemption.lots } }]),
});

/** A receipt uses the redemptions it names: those on hold are captured with it, those captured are tied to it. */
export const captureOnPurchase = reactor({
  name: 'redemptions.captureOnPurchase',
  on: 'purchase.recorded',
  react: ({ data: { purchase } }, work) => {
    const emissions: Emission[] = [];
    for (const [index, redemptionId] of purchase.redemptionIds.entries()) {
      const redemption = work.account(redemptionsSlice).redemptions.get(redemptionId);
      const pointer = `/redemptionIds/${index}`;
      const deny = (
        code:
          'REDEMPTION_NOT_FOUND' | 'REDEMPTION_NOT_AUTHORISED' | 'REDEMPTION_ALREADY_USED' | 'HOLD_EXPIRED',
        detail: string,
      ) => refuse(redemptionProblems.problem(code, detail, { errors: [{ pointer, code, detail }] }));
      if (!redemption) return deny('REDEMPTION_NOT_FOUND', `The member has no redemption ${redemptionId}.`);
      if (redemption.purchaseId !== null)
        return deny('REDEMPTION_ALREADY_USED', `${redemptionId} belongs to another receipt.`);
      if (redemption.voidReason === 'holdExpired')
        return deny('HOLD_EXPIRED', `The hold of ${redemptionId} has lapsed.`);
      if (redemption.status === 'voided')
        return deny('REDEMPTION_NOT_AUTHORISED', `${redemptionId} was voided.`);
      const used = {
        ...redemption,
        status: 'captured' as const,
        holdExpiresAt: null,
        purchaseId: purchase.purchaseId,
      };
      emissions.push(
        redemption.status === 'captured'
          ? { type: 'redemption.used', data: { redemption: used } }
          : {
              type: 'redemption.captured',
              data: { redemption: used, direct: false, unused: [] },
              occurredAt: work.now,
            },
      );
    }
    return ok(emissions);
  },
});
