import { givesBoth, isMilestone, isPromotionRule } from '../earning/index.js';
import { isOfSale } from '../kernel/lot-facts.js';
import type { FiguresOwner } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import type { MemberId, PurchaseId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import { ok } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import { ledgerSlice, type Lot } from '../ledger/index.js';
import { householdMembersSlice, memberSlice } from '../members/index.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import type { ReturnedAward } from './domain/return-facts.js';

interface Cancelled {
  readonly lot: Lot;
  readonly purchaseId: PurchaseId;
  readonly points: Points;
}

/** The member for whom points counted, and the account that may take off what they counted for. */
interface Buyer {
  readonly memberId: MemberId;
  /** Null where the buyer is loaded, on this account or on the command's other one, or is not known. */
  readonly owner: FiguresOwner | null;
  readonly elsewhere: boolean;
}

/**
 * Points of a receipt that are cancelled while they wait no longer count as earned: the caps of their rules and
 * the measures of the receipt's day get them back (docs/decisions.md#using-and-expiring-lower-no-measure). Both are
 * the buyer's, wherever the points went.
 */
export const returnCancelledAwards = reactor({
  name: 'purchases.returnCancelledAwards',
  on: 'points.cancelled',
  react: ({ data }, work) => {
    const { lots } = work.account(ledgerSlice);
    const cancelled = data.lots.flatMap(({ lotId, points }): readonly Cancelled[] => {
      const lot = lots.get(lotId);
      // What was done is counted for a milestone, not its points: they go without a step being reached again.
      if (lot?.rule && isMilestone(work.config, lot.rule)) return [];
      return lot && lot.purchaseId !== null ? [{ lot, purchaseId: lot.purchaseId, points }] : [];
    });
    const byReceipt = groupBy(cancelled, ({ purchaseId }) => purchaseId);
    return ok([...byReceipt.values()].flatMap((parts) => emissionsOf(parts, work)));
  },
});

function buyerOf({ memberId, buyer }: Lot, work: Work): Buyer {
  const id = buyer?.memberId ?? memberId;
  const isOf = (party: Work) =>
    party.memberId === id || party.member(memberSlice).mergedFrom.some((merged) => merged === id);
  if (isOf(work)) return { memberId: work.memberId, owner: null, elsewhere: false };
  const { other } = work;
  if (other && isOf(other)) return { memberId: other.memberId, owner: null, elsewhere: true };
  const sharing = work.account(householdMembersSlice).owners.get(id);
  const left = buyer ? { memberId: id, homeAccountId: buyer.homeAccountId, left: true } : null;
  return { memberId: id, owner: sharing ? { ...sharing, left: false } : left, elsewhere: false };
}

function emissionsOf(parts: readonly Cancelled[], work: Work): readonly Emission[] {
  const [{ lot, purchaseId }] = parts as [Cancelled];
  const { memberId, owner, elsewhere } = buyerOf(lot, work);
  const { earnedAt } = lot;
  const businessDate = localDate(earnedAt, work.config.timeZone);
  const awards = parts.flatMap((part): readonly ReturnedAward[] =>
    part.lot.rule === null
      ? []
      : [
          {
            ...{ ruleId: part.lot.rule.id, ruleVersion: part.lot.rule.version },
            ...{ points: part.points, expired: 0, whole: isGone(part.lot) },
          },
        ],
  );
  const lots = parts.map((part) => ({ lotId: part.lot.rootLotId ?? part.lot.lotId, points: part.points }));
  const points = parts
    .filter(({ lot: { origin, rule } }) => isOfSale(origin) && !isPromotionRule(work.config, rule))
    .reduce((sum, part) => sum + part.points, 0);
  const status = parts
    .filter(({ lot: { rule } }) => rule !== null && givesBoth(work.config, rule))
    .reduce((sum, part) => sum + part.points, 0);
  const buyer = { memberId, owner };
  const isInOther = elsewhere && work.other?.accountId !== work.accountId;
  const counts = status > 0 ? { points, status } : { points };
  const told = {
    ...buyer,
    purchaseId,
    lots,
    elsewhere: isInOther,
    earnedAt,
    businessDate,
    ...counts,
    awards,
  };
  const place = elsewhere ? ({ elsewhere: true } as const) : {};
  if (memberId !== work.memberId && !elsewhere) return [{ type: 'awards.cancelled', data: told }];
  return [
    { type: 'awards.returned', data: { purchaseId, earnedAt, businessDate, awards }, ...place },
    { type: 'awards.cancelled', data: told, ...place },
  ];
}

/** Nothing of the lot counts as given any more. */
function isGone({ points, returned, cancelled }: Lot): boolean {
  return points === returned + cancelled;
}
