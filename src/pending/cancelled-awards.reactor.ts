import type { BucketPoints, ReturnedAward } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import type { AccountId, LotId, MemberId, PurchaseId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import { ok } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import { memberSlice } from '../members/index.js';
import { reactor } from '../platform/pipeline/command.js';
import type { Emission } from '../platform/pipeline/emission.js';
import type { Work } from '../platform/pipeline/work-view.js';

interface Cancelled {
  readonly lot: Lot;
  readonly purchaseId: PurchaseId;
  readonly points: Points;
}

/** For whom points counted; `homeAccountId` is null where it is at hand. */
interface Buyer {
  readonly memberId: MemberId;
  readonly homeAccountId: AccountId | null;
}

/**
 * Points of a receipt that are cancelled while they wait no longer count as earned: the caps of their rules and
 * the measures of the receipt's day get them back (scenario decision 5). Both are the buyer's, wherever the points went.
 */
export const returnCancelledAwards = reactor({
  name: 'pending.returnCancelledAwards',
  on: 'points.cancelled',
  react: ({ data }, work) => {
    if (data.countedElsewhere) return ok([]);
    const own = new Set([work.memberId, ...work.member(memberSlice).mergedFrom]);
    const buyerOf = ({ memberId, buyer }: Lot): Buyer => {
      const id = buyer?.memberId ?? memberId;
      return own.has(id)
        ? { memberId: work.memberId, homeAccountId: null }
        : { memberId: id, homeAccountId: buyer?.homeAccountId ?? null };
    };
    return ok(cancelledAwards(work.account(ledgerSlice).lots, data.lots, buyerOf, work));
  },
});

/** The same, told on the work of the one who bought all of them. */
export function cancelledAwardsOfBuyer(
  lots: ReadonlyMap<LotId, Lot>,
  points: readonly BucketPoints[],
  work: Work,
): readonly Emission[] {
  const { memberId } = work;
  return cancelledAwards(lots, points, () => ({ memberId, homeAccountId: null }), work);
}

function cancelledAwards(
  lots: ReadonlyMap<LotId, Lot>,
  points: readonly BucketPoints[],
  buyerOf: (lot: Lot) => Buyer,
  work: Work,
): readonly Emission[] {
  const cancelled = points.flatMap(({ lotId, points: given }): readonly Cancelled[] => {
    const lot = lots.get(lotId);
    return lot && lot.purchaseId !== null ? [{ lot, purchaseId: lot.purchaseId, points: given }] : [];
  });
  const byReceipt = groupBy(cancelled, ({ purchaseId }) => purchaseId);
  return [...byReceipt.values()].flatMap((parts) =>
    emissionsOf(parts, buyerOf((parts[0] as Cancelled).lot), work),
  );
}

function emissionsOf(
  parts: readonly Cancelled[],
  { memberId, homeAccountId }: Buyer,
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
  const { earnedAt } = lot;
  const told: Emission = {
    type: 'awards.cancelled',
    data: { memberId, homeAccountId, purchaseId, lotIds, earnedAt, businessDate, points, awards },
  };
  if (memberId !== work.memberId) return [told];
  return [{ type: 'awards.returned', data: { purchaseId, businessDate, awards } }, told];
}

/** Nothing of the lot counts as given any more. */
function isGone({ points, returned, cancelled }: Lot): boolean {
  return points === returned + cancelled;
}
