import { isOfSale } from '../kernel/lot-facts.js';
import { pointsKept } from '../earning/index.js';
import { ACCOUNTING_POLICY_KEY, accountingPolicyKind } from '../finance/index.js';
import type { BucketPoints, Cause, DomainEvent, LotPoints } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import type { AdjustmentId, ReturnId } from '../kernel/ids.js';
import { paidOtherwise } from '../kernel/points-paid.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import { ledgerSlice } from '../ledger/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { keepFromRefund } from './domain/keep-from-refund.js';
import type { PlannedReturn } from './domain/plan-return.js';
import { accountedFor, pointsBack, refundInMoney } from './domain/points-back.js';
import type { RecordedPurchase } from './domain/recorded-purchase.js';
import type { ReturnBody, SpentPointsPolicy } from './domain/return-body.js';
import type { ReturnedAward, ReturnedGrant, ReturnFacts } from './domain/return-facts.js';
import { ruleGrants, type RuleGrant } from './domain/rule-grant.js';
import { milestonesBack, tellMilestones, type MilestoneBack } from './milestones-back.js';
import { planTakeBack, type LotCounters } from './domain/take-back.js';
import { remainingOf } from './remaining-of.js';
import { restoreRedemptions, type Restored } from './restore-redemptions.js';
import { statusBack, statusReturned, statusTaken } from './status-back.js';

export type ReturnTerms = Pick<
  ReturnBody,
  'source' | 'receiptNo' | 'occurredAt' | 'spentPoints' | 'onlyPending'
> & {
  readonly exchanged: boolean;
  /** Of a return by hand. */
  readonly adjustmentId?: AdjustmentId;
};

/** A return that was carried out, and what a till may want to tell. */
export interface CarriedOut {
  readonly facts: ReturnFacts;
  readonly notices: readonly { readonly code: string; readonly detail: string }[];
}

/** What happens to a grant's points with a return. */
interface GrantBack extends ReturnedGrant {
  readonly grant: RuleGrant;
  readonly moves: readonly BucketPoints[];
  /** Of points that wait in the command's other account. */
  readonly movesElsewhere: readonly BucketPoints[];
  readonly short: Points;
  /** Nothing of it is left, and nothing of it stays. */
  readonly whole: boolean;
}

/**
 * Carries out the return of goods of one receipt: redemptions used on it come back first, so that their points are
 * there when the receipt's own are taken; what is missing then is dealt with by the programme's policy of when the
 * receipt occurred; at last the return is recorded, and with it what counted for tiers and caps goes back. Points
 * are taken from what is there now, so they move now, however late the return is reported.
 */
export function carryOutReturn(
  planned: PlannedReturn,
  terms: ReturnTerms,
  work: Work,
): Result<CarriedOut, Problem> {
  const { purchase, returned } = planned;
  const returnId = work.ids.next('ret');
  const cause = { type: 'return', id: returnId } as const;

  const { occurredAt: effectiveAt } = terms;
  const restored = restoreRedemptions(planned, cause, effectiveAt, work);
  if (!restored.ok) return restored;
  const debtBefore = work.account(ledgerSlice).debt;
  const first = work.events.length;
  const firstElsewhere = work.other?.events.length ?? 0;
  const grants = ruleGrants(purchase.grants).map((grant) =>
    grantBack(grant, planned, terms.onlyPending, work),
  );
  const milestones = milestonesBack(planned, terms.onlyPending, work);
  const parts = [...grants, ...milestones];
  for (const [place, lots] of [
    [work.other, grants.flatMap((grant) => grant.movesElsewhere)],
    [work, parts.flatMap((part) => part.moves)],
  ] as const) {
    if (place === null || lots.length === 0) continue;
    const taken = place.emit({ type: 'points.returned', data: { cause, lots }, effectiveAt });
    if (!taken.ok) return taken;
  }
  const short = parts.reduce((sum, part) => sum + part.short, 0);
  const amountMinor = returned.reduce((sum, line) => sum + line.amountMinor, 0);
  const refundMinor = refundInMoney(paidOtherwise(purchase.facts), planned.before, planned.lines);
  const spent = spentPoints(short, purchase, refundMinor, terms.spentPoints, work);
  if (spent.debt > 0) {
    const incurred = work.emit({
      type: 'debt.incurred',
      data: { cause, points: spent.debt },
      effectiveAt,
    });
    if (!incurred.ok) return incurred;
  }
  const takenFrom = [
    ...pointsTakenBy(returnId, work.events.slice(first)),
    ...pointsTakenBy(returnId, work.other?.events.slice(firstElsewhere) ?? []).map(({ lotId, points }) => ({
      ...{ lotId, points, accountId: (work.other as Work).accountId },
    })),
  ];
  const { source, receiptNo, adjustmentId = null } = terms;
  const facts: ReturnFacts = {
    ...{ returnId, source, receiptNo, adjustmentId, amountMinor, refundMinor, takenFrom },
    lines: returned,
    taxMinor: returned.reduce((sum, line) => sum + line.taxMinor, 0),
    whole: planned.whole,
    grants: parts.filter(({ points }) => points > 0).map(grantFacts),
    status: statusBack(planned, grants.map(asPointsOfRule), terms.onlyPending, work.config),
    redemptions: restored.value.redemptions,
    pointsTaken: takenFrom.reduce((sum, { points }) => sum + points, 0),
    debt: Math.max(0, work.account(ledgerSlice).debt - debtBefore),
    forgiven: spent.forgiven,
    keepFromRefundMinor: spent.keepFromRefundMinor,
  };
  const emit = (emission: Emission) => work.emit({ ...emission, occurredAt: terms.occurredAt });
  const lowered = tellMilestones(milestones, returnId, emit, work);
  if (!lowered.ok) return lowered;
  const recorded = record(facts, purchase, grants, terms.exchanged, emit);
  return recorded.ok ? ok({ facts, notices: noticesOf(restored.value) }) : recorded;
}

function grantFacts(part: GrantBack | MilestoneBack): ReturnedGrant {
  const { lotId, points, gone, notTaken } = part;
  const milestone = 'milestone' in part ? { milestone: part.milestone } : {};
  return { lotId, points, gone, notTaken, ...milestone };
}

/** What tiers and caps hear of it, and the row. */
function record(
  returned: ReturnFacts,
  recorded: RecordedPurchase,
  grants: readonly GrantBack[],
  exchanged: boolean,
  emit: (emission: Emission) => Result<void, Problem>,
): Result<void, Problem> {
  const { facts: purchase, counted } = recorded;
  const ofPoints = grants
    .map((back): ReturnedAward => ({
      ruleId: back.grant.rule.id,
      ruleVersion: back.grant.rule.version,
      points: stillCounted(back),
      expired: back.grant.cancelled ? 0 : back.gone,
      whole: back.whole,
    }))
    .filter(({ points }) => points > 0);
  const awards = [...ofPoints, ...statusReturned(recorded, returned.status)];
  if (counted && awards.length > 0) {
    const { purchaseId, businessDate, occurredAt: earnedAt } = purchase;
    const told = emit({ type: 'awards.returned', data: { purchaseId, earnedAt, businessDate, awards } });
    if (!told.ok) return told;
  }
  const points = grants
    .filter(({ grant }) => isOfSale(grant.origin))
    .reduce((sum, back) => sum + stillCounted(back), 0);
  const status = statusTaken(returned.status);
  const more = { ...(status > 0 ? { status } : {}), ...(exchanged ? { exchanged } : {}) };
  return emit({ type: 'purchase.returned', data: { returned, purchase, counted, points, ...more } });
}

function asPointsOfRule(back: GrantBack) {
  return { rule: back.grant.rule, points: back.points, uncounted: stillCounted(back) };
}

/** Points of a grant that counted for tiers and caps until now: what was cancelled while it waited did not. */
function stillCounted({ grant, points, notTaken, gone }: GrantBack): Points {
  return points - notTaken - (grant.cancelled ? gone : 0);
}

/** What the grants of a receipt owe for goods that come back, whatever became of their points. */
export function pointsDue(planned: PlannedReturn, config: Work['config']): Points {
  return ruleGrants(planned.purchase.grants).reduce((sum, grant) => sum + dueOf(grant, planned, config), 0);
}

/** What a grant owes for goods that come back and earlier returns did not take. */
function dueOf(grant: RuleGrant, planned: PlannedReturn, config: Work['config']): Points {
  const { purchase, lines } = planned;
  const due = pointsBack(grant, lines, pointsKept(config, grant.rule, remainingOf(planned)));
  return Math.max(0, due - accountedFor(grant, purchase.returns).points);
}

function grantBack(grant: RuleGrant, planned: PlannedReturn, onlyPending: boolean, work: Work): GrantBack {
  const { lotId, lotIds } = grant;
  const before = accountedFor(grant, planned.purchase.returns);
  const points = dueOf(grant, planned, work.config);
  const own = [...work.account(ledgerSlice).lots.values()]
    .filter((lot) => lotIds.includes(lot.rootLotId ?? lot.lotId))
    .sort((a, b) => (a.lotId < b.lotId ? -1 : 1));
  const elsewhere = waitingElsewhere(grant, work);
  const taken = planTakeBack(points, [...elsewhere, ...own], before.gone - grant.goneElsewhere, onlyPending);
  const { gone, notTaken, short } = taken;
  const [movesElsewhere, moves] = [true, false].map((away) =>
    taken.moves.filter((move) => elsewhere.some((lot) => lot.lotId === move.lotId) === away),
  ) as [BucketPoints[], BucketPoints[]];
  const whole = before.points + points === grant.points && before.notTaken + notTaken === 0;
  const back = { grant, lotId, points, moves, movesElsewhere, gone, notTaken, short };
  return { ...back, whole: whole && points > 0 };
}

/**
 * The grant's points that wait in the command's other account, which may be another's by now. What was usable there is
 * that account's, and what ended there is part of the grant.
 */
function waitingElsewhere({ lotIds }: RuleGrant, { accountId, other }: Work): readonly LotCounters[] {
  if (other === null || other.accountId === accountId) return [];
  const nothing = { available: 0, settled: 0, expired: 0, cancelled: 0 };
  return [...other.account(ledgerSlice).lots.values()]
    .filter((lot) => lotIds.includes(lot.rootLotId ?? lot.lotId))
    .map((lot) => ({ lotId: lot.lotId, undelivered: lot.undelivered, pending: lot.pending, ...nothing }));
}

/**
 * What becomes of points that were spent before their goods came back.
 * @param refundMinor what the return gives back in money.
 */
function spentPoints(
  short: Points,
  { facts: { occurredAt } }: RecordedPurchase,
  refundMinor: number,
  asked: SpentPointsPolicy | null,
  work: Work,
): Pick<ReturnFacts, 'debt' | 'forgiven' | 'keepFromRefundMinor'> {
  const policy = programmePolicyInForce(work.config, occurredAt);
  const none = { debt: 0, forgiven: 0, keepFromRefundMinor: 0 };
  switch (asked ?? policy.returnPolicy) {
    case 'debt':
      return { ...none, debt: short };
    case 'forgive':
      return { ...none, forgiven: short };
    case 'deductFromRefund': {
      const accounting = work.config.find(accountingPolicyKind, ACCOUNTING_POLICY_KEY, occurredAt)?.body;
      const worth = policy.pointsOffBasket ?? { valuePerPoint: accounting?.valuePerPoint ?? '0' };
      const kept = keepFromRefund(short, worth, refundMinor, work.config.currency);
      return { ...none, debt: short - kept.points, keepFromRefundMinor: kept.minor };
    }
  }
}

/** The points that left the account: out of the receipt's own lots, and out of others into the debt at once. */
function pointsTakenBy(returnId: ReturnId, events: readonly DomainEvent[]): readonly LotPoints[] {
  const isOurs = (cause: Cause) => cause.type === 'return' && cause.id === returnId;
  const parts = events.flatMap((event): readonly LotPoints[] => {
    if (event.type === 'debt.settled' && isOurs(event.data.cause)) return event.data.lots;
    if (event.type !== 'points.returned') return [];
    return event.data.lots.filter(({ from }) => from !== 'settled');
  });
  return [...groupBy(parts, ({ lotId }) => lotId)].map(([lotId, lots]) => ({
    lotId,
    points: lots.reduce((sum, { points }) => sum + points, 0),
  }));
}

function noticesOf({ elsewhere, stillUsed, expired }: Restored): CarriedOut['notices'] {
  return [
    ...elsewhere.map((redemptionId) => ({
      code: 'REDEMPTION_ELSEWHERE',
      detail: `${redemptionId} was used with another account; its points stay used.`,
    })),
    ...stillUsed.map((redemptionId) => ({
      code: 'REWARD_STILL_USED',
      detail: `${redemptionId} stays used: no line names it, and the return does not. Name it in redemptionIds when its reward comes back.`,
    })),
    ...(expired > 0
      ? [
          {
            code: 'POINTS_ALREADY_EXPIRED',
            detail: `${expired} of the points that came back had expired meanwhile.`,
          },
        ]
      : []),
  ];
}
