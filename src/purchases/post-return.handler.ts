import { ok, refuse, type Result } from '../kernel/result.js';
import type { Problem } from '../kernel/problem.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import { memberProblems } from '../members/index.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { redemptionProblems, redemptionsSlice } from '../redemptions/index.js';
import { standingSlice, standingView } from '../tiers/index.js';
import { carryOutReturn } from './carry-out-return.js';
import { checkBackdating } from './check-backdating.js';
import { CLOCK_SKEW_MS } from './domain/purchase-body.js';
import { planReturn, type ReturnFault } from './domain/plan-return.js';
import type { RecordedPurchase } from './domain/recorded-purchase.js';
import type { ReturnBody } from './domain/return-body.js';
import { purchaseProblems } from './problems.js';
import { purchasesSlice, recordedPurchase } from './purchases.slice.js';
import { returnView } from './return-view.js';
import { tierChangeView } from './tier-change-view.js';

/** What a return's command carries: the return, and for the load when the earliest of its receipts occurred. */
export interface PostReturnBody extends ReturnBody {
  readonly measuresAt: number;
  /** A tier is looked at again with all that counts, so all of it is loaded. */
  readonly wholeStanding: true;
}

/** JSON pointers of the fields that a refusal names. */
export interface FieldPlaces {
  readonly occurredAt: string;
  readonly lines: string;
  readonly redemptions: string;
}

const AT_TOP: FieldPlaces = { occurredAt: '/occurredAt', lines: '/lines', redemptions: '/redemptionIds' };

const about = {
  unknownCounterparty: ({ purchaseId }: ReturnBody): Problem => purchaseNotFound(purchaseId),
  unknownTarget: ({ memberNamed, purchaseId }: ReturnBody): Problem =>
    memberNamed
      ? memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.')
      : purchaseNotFound(purchaseId),
  naturalConflict: ({ source, receiptNo }: ReturnBody): Problem =>
    purchaseProblems.problem(
      'RETURN_CONFLICT',
      `Return ${receiptNo} of ${source} was posted before with another body.`,
    ),
};

/**
 * Takes back goods of a receipt that is named. The counterparty is where points of the receipt wait, if that is another
 * account than the one the buyer has now: they stayed in a household that was left, or went on from there.
 */
export const postReturn: CommandHandler<PostReturnBody> = {
  ...about,
  type: 'purchase.return',
  needsLazyRows: () => true,
  preload: 'referenced',
  cacheable: true,
  referencedIds: ({ lookedUp }) => lookedUp.referencedIds,
  decide: (body, work) => {
    const returned = decideReturns(body, AT_TOP, work);
    if (!returned.ok) return returned;
    const [only] = returned.value;
    return ok({ status: 201, body: { ...only, ...accountAfter(work) } });
  },
};

/** Takes back goods of receipts that the till may not know; the answer names them. */
export const findReturn: CommandHandler<PostReturnBody> = {
  ...about,
  type: 'purchase.findReturn',
  needsLazyRows: () => true,
  preload: 'referenced',
  cacheable: true,
  referencedIds: ({ lookedUp }) => lookedUp.referencedIds,
  decide: (body, work) => {
    const returned = decideReturns(body, AT_TOP, work);
    return returned.ok
      ? ok({ status: 201, body: { returns: returned.value, ...accountAfter(work) } })
      : returned;
  },
};

/**
 * Carries out a return of one receipt or several, latest first. @returns one view for each receipt of which
 * something came back.
 * @param where the fields stand in the request body.
 * @param exchanged whether other goods are bought for these in the same command.
 */
export function decideReturns(
  body: ReturnBody,
  where: FieldPlaces,
  work: Work,
  exchanged = false,
): Result<readonly Record<string, unknown>[], Problem> {
  if (body.occurredAt > work.now + CLOCK_SKEW_MS) {
    const detail = `occurredAt is more than ${CLOCK_SKEW_MS / 1000} seconds ahead of the server's clock.`;
    return refuse(fieldProblem('OCCURRED_IN_FUTURE', where.occurredAt, detail));
  }
  const backdated = checkBackdating('return', body.occurredAt, where.occurredAt, work);
  if (!backdated.ok) return backdated;
  const purchases = candidates(body, work);
  const [original] = purchases;
  if (body.purchaseId !== null && !original) return refuse(purchaseNotFound(body.purchaseId));
  if (original && original.facts.occurredAt > body.occurredAt) {
    const detail = 'The return is earlier than the purchase.';
    return refuse(fieldProblem('RETURN_BEFORE_PURCHASE', where.occurredAt, detail));
  }
  const plan = planReturn(purchases, body);
  if (!plan.ok) return refuse(problemOf(plan.refusal, body, where));
  const restorable = requireRestorable(body, where, work);
  if (!restorable.ok) return restorable;
  const views: Record<string, unknown>[] = [];
  for (const planned of plan.value) {
    const first = work.events.length;
    const done = carryOutReturn(planned, { ...body, exchanged }, work);
    if (!done.ok) return done;
    const { facts, notices } = done.value;
    const { purchaseId } = planned.purchase.facts;
    const { memberId, accountId } = work;
    const place = { purchaseId, memberId, accountId, occurredAt: body.occurredAt, recordedAt: work.now };
    const tierChange = tierChangeView(work.events.slice(first));
    views.push({ ...returnView({ ...facts, ...place }), tierChange, notices });
  }
  return ok(views);
}

/** Refuses a named redemption that is no reward, or is not used any more. One of another account gets a notice. */
function requireRestorable(
  { redemptionIds = [] }: ReturnBody,
  where: FieldPlaces,
  work: Work,
): Result<void, Problem> {
  const { redemptions } = work.account(redemptionsSlice);
  for (const [index, redemptionId] of redemptionIds.entries()) {
    const used = redemptions.get(redemptionId);
    const pointer = `${where.redemptions}/${index}`;
    if (used && used.reward === null) {
      const detail = `${redemptionId} is points off the basket: they come back with the money, unnamed.`;
      const errors = [{ pointer, code: 'REDEMPTION_NOT_A_REWARD', detail }];
      return refuse(redemptionProblems.problem('REDEMPTION_NOT_A_REWARD', detail, { errors }));
    }
    if (used && used.status !== 'captured') {
      const detail = `All ${used.points} points of ${redemptionId} came back already.`;
      const errors = [{ pointer, code: 'NOTHING_LEFT_TO_REVERSE', detail }];
      return refuse(redemptionProblems.problem('NOTHING_LEFT_TO_REVERSE', detail, { errors }));
    }
  }
  return ok(undefined);
}

/** Balance and standing after what was decided. */
export function accountAfter(work: Work) {
  return {
    balance: balanceOf(work.account(ledgerSlice)),
    standing: standingView(work.member(standingSlice), work.config, work.now),
  };
}

/** The receipts it may be about as they are now, latest first: the member's own, and made before. */
function candidates({ purchaseId, occurredAt, lookedUp }: ReturnBody, work: Work): RecordedPurchase[] {
  const state = work.account(purchasesSlice);
  return lookedUp.candidates
    .map((id) => recordedPurchase(state, id))
    .filter((purchase) => purchase !== undefined)
    .filter(({ memberId }) => memberId === work.memberId)
    .filter(({ facts }) => purchaseId !== null || facts.occurredAt <= occurredAt)
    .sort(
      (a, b) => b.facts.occurredAt - a.facts.occurredAt || (b.facts.purchaseId < a.facts.purchaseId ? -1 : 1),
    );
}

function problemOf(fault: ReturnFault, body: ReturnBody, where: FieldPlaces): Problem {
  const { purchaseId, lines, redemptionIds = [] } = body;
  const nothingLeft = () =>
    purchaseProblems.problem('NOTHING_LEFT_TO_RETURN', 'Everything was returned before.');
  if (fault.type === 'nothingLeft') return nothingLeft();
  if (fault.type === 'unknownRedemption') {
    const detail = `The receipt used no ${redemptionIds[fault.index]}.`;
    return fieldProblem('RETURN_REDEMPTION_UNKNOWN', `${where.redemptions}/${fault.index}`, detail);
  }
  const { lineNo, sku, quantity } = lines[fault.index] ?? {};
  const at = `${where.lines}/${fault.index}`;
  if (fault.type === 'unknownLine') {
    const detail =
      purchaseId === null
        ? `The member bought no ${sku} that could be returned now.`
        : `The receipt has no line ${lineNo ?? `with ${sku}`}.`;
    return fieldProblem('RETURN_LINE_UNKNOWN', `${at}/${lineNo ? 'lineNo' : 'sku'}`, detail);
  }
  const { left } = fault;
  if (purchaseId === null && left.quantity === '0' && left.amountMinor === 0) return nothingLeft();
  const field = quantity === null ? 'amountMinor' : 'quantity';
  const detail =
    quantity === null
      ? `At most ${left.amountMinor} minor units of the line can still come back.`
      : `At most ${left.quantity} of the line can still come back.`;
  return fieldProblem('RETURN_EXCEEDS_PURCHASE', `${at}/${field}`, detail, { left });
}

function purchaseNotFound(purchaseId: string | null): Problem {
  return purchaseProblems.problem('PURCHASE_NOT_FOUND', `The member has no purchase ${purchaseId}.`);
}

function fieldProblem(
  code: Parameters<typeof purchaseProblems.problem>[0],
  pointer: string,
  detail: string,
  meta?: Record<string, unknown>,
): Problem {
  return purchaseProblems.problem(code, detail, {
    errors: [{ pointer, code, detail }],
    ...(meta ? { meta } : {}),
  });
}
