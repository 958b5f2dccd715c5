import type { ReturnedAward } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import type { MemberId, PurchaseId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import { ok } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import { memberSlice } from '../members/index.js';
import { reactor } from '../platform/pipeline/command.js';
import type { Emission } from '../platform/pipeline/emission.js';

interface Cancelled {
  readonly lot: Lot;
  readonly purchaseId: PurchaseId;
  readonly points: Points;
}

/**
 * Points of a receipt that are cancelled while they wait no longer count as earned: the caps of their rules and
 * the measures of the receipt's day get them back (scenario decision 5).
 */
export const returnCancelledAwards = reactor({
  name: 'pending.returnCancelledAwards',
  on: 'points.cancelled',
  react: ({ data }, work) => {
    const { lots } = work.account(ledgerSlice);
    const cancelled = data.lots.flatMap(({ lotId, points }): readonly Cancelled[] => {
      const lot = lots.get(lotId);
      return lot && lot.purchaseId !== null ? [{ lot, purchaseId: lot.purchaseId, points }] : [];
    });
    const own = new Set([work.memberId, ...work.member(memberSlice).mergedFrom]);
    const byReceipt = groupBy(cancelled, ({ purchaseId, lot }) => `${purchaseId} ${lot.memberId}`);
    return ok(
      [...byReceipt.values()].flatMap((parts) => {
        const memberId = (parts[0] as Cancelled).lot.memberId;
        return emissionsOf(parts, own.has(memberId) ? work.memberId : memberId, work);
      }),
    );
  },
});

function emissionsOf(
  parts: readonly Cancelled[],
  memberId: MemberId,
  work: { readonly memberId: MemberId; readonly config: { readonly timeZone: string } },
): readonly Emission[] {
  const [{ lot, purchaseId }] = parts as [Cancelled];
  const businessDate = localDate(lot.earnedAt, work.config.timeZone);
  const awards = parts.flatMap((part): readonly ReturnedAward[] =>
    part.lot.rule === null
      ? []
      : [{ ruleId: part.lot.rule.id, points: part.points, whole: isGone(part.lot) }],
  );
  const lotIds = parts.map((part) => part.lot.rootLotId ?? part.lot.lotId);
  const points = parts
    .filter((part) => part.lot.origin === 'purchase')
    .reduce((sum, part) => sum + part.points, 0);
  const told: Emission = {
    type: 'awards.cancelled',
    data: { memberId, purchaseId, lotIds, earnedAt: lot.earnedAt, businessDate, points, awards },
  };
  if (memberId !== work.memberId) return [told];
  return [{ type: 'awards.returned', data: { purchaseId, businessDate, awards } }, told];
}

/** Nothing of the lot counts as given any more. */
function isGone({ points, returned, cancelled }: Lot): boolean {
  return points === returned + cancelled;
}
