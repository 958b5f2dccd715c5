import type { LotPoints } from '../kernel/domain-events.js';
import {
  balanceOf,
  insufficientPoints,
  ledgerSlice,
  movePoints,
  planSpend,
  type TransferFacts,
  type Move,
} from '../ledger/index.js';
import { expiryOf, slidingExpiryOf } from '../kernel/expiry-policy.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import { memberProblems, requireActive, requireSpender } from '../members/index.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { memberExpiry, programmePolicyInForce } from '../programmes/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { transferProblems } from './problems.js';

/** What a member sends another. */
export interface SendPointsBody {
  readonly points: Points;
  readonly note: string | null;
  readonly externalId: string | null;
}

/** Sends points from one member's account to another's, in spending order; no member earns by it. */
export const sendPoints: CommandHandler<SendPointsBody> = {
  type: 'transfer.send',
  needsLazyRows: () => true,
  preload: 'small',
  unknownTarget: () => unknownMember('/from'),
  unknownCounterparty: () => unknownMember('/to'),
  naturalConflict: ({ externalId }) =>
    transferProblems.problem(
      'TRANSFER_CONFLICT',
      `externalId ${externalId} was used before with another body.`,
    ),
  decide: (body, giver, receiver) => {
    if (receiver === null || receiver.accountId === giver.accountId) {
      const detail = 'Sender and recipient are one member, or share an account.';
      return refuse(transferProblems.problem('SAME_ACCOUNT', detail, at('/to', 'SAME_ACCOUNT', detail)));
    }
    const allowed = requireAllowed(body.points, giver, receiver);
    if (!allowed.ok) return allowed;
    const plan = planSpend(giver.account(ledgerSlice), body.points);
    if (!plan.ok) return refuse(insufficientPoints(plan.refusal));
    const moved = movePoints(giver, receiver, { ...body, ...moveOf(plan.value, receiver) });
    if (!moved.ok) return moved;
    return ok(answer(moved.value as TransferFacts, giver, receiver));
  },
};

function requireAllowed(points: Points, giver: Work, receiver: Work): Result<void, Problem> {
  const { transfers } = programmePolicyInForce(giver.config, giver.now);
  if (!transfers) {
    const detail = 'Members of this programme cannot send points.';
    return refuse(transferProblems.problem('TRANSFERS_DISABLED', detail));
  }
  const spender = requireSpender(giver);
  if (!spender.ok) return spender;
  const active = requireActive(receiver);
  if (!active.ok) {
    const { code, detail } = active.refusal;
    return refuse({ ...active.refusal, ...at('/to', code, detail) });
  }
  const { minimumPoints, maximumPoints } = transfers;
  const limits = { minimumPoints, maximumPoints };
  const bound = (code: 'TRANSFER_TOO_SMALL' | 'TRANSFER_TOO_LARGE', detail: string) =>
    refuse(transferProblems.problem(code, detail, { ...at('/points', code, detail), meta: limits }));
  if (points < minimumPoints)
    return bound('TRANSFER_TOO_SMALL', `At least ${minimumPoints} points can be sent in one transfer.`);
  if (maximumPoints !== null && points > maximumPoints)
    return bound('TRANSFER_TOO_LARGE', `At most ${maximumPoints} points can be sent in one transfer.`);
  return ok(undefined);
}

/** Points that are sent keep their end, sliding or not, or live anew as the receiver's would that came today. */
function moveOf(lots: readonly LotPoints[], receiver: Work): Omit<Move, 'note' | 'externalId'> {
  const { config, now } = receiver;
  const policy = programmePolicyInForce(config, now);
  const parts = lots.map((lot) => ({ ...lot, from: 'available' as const }));
  const move = { kind: 'member' as const, parts, withDebt: false };
  const { memberId } = receiver;
  if (policy.transfers?.expiry !== 'reset')
    return { ...move, terms: { memberId, expiry: 'fix' }, slidingExpiresAt: null };
  const set = tierSetInForce(config, now);
  const tier = set ? tierAt(receiver.member(standingSlice), set.body, now).key : null;
  const expiry = memberExpiry(policy, tier);
  const expiresAt = expiryOf(expiry, now, config.timeZone);
  const slidingExpiresAt = slidingExpiryOf(expiry, now, config.timeZone);
  return {
    ...move,
    terms: { memberId, expiry: { expiresAt, slides: expiry.type === 'sliding' } },
    slidingExpiresAt,
  };
}

function answer(transfer: TransferFacts, giver: Work, receiver: Work): Answer {
  return {
    status: 201,
    body: {
      id: transfer.transferId,
      points: transfer.points,
      note: transfer.note,
      externalId: transfer.externalId,
      from: {
        memberId: giver.memberId,
        lots: transfer.lots.map(({ lotId, points }) => ({ lotId, points })),
        balance: balanceOf(giver.account(ledgerSlice)),
      },
      to: {
        memberId: receiver.memberId,
        lots: transfer.lots.map(({ childLotId, lotId, points, expiresAt }) => ({
          lotId: childLotId,
          parentLotId: lotId,
          points,
          expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
        })),
        balance: balanceOf(receiver.account(ledgerSlice)),
      },
    },
  };
}

function unknownMember(pointer: '/from' | '/to'): Problem {
  const detail = 'No member has this identifier.';
  return memberProblems.problem('MEMBER_NOT_FOUND', detail, at(pointer, 'MEMBER_NOT_FOUND', detail));
}

function at(pointer: string, code: string, detail: string) {
  return { errors: [{ pointer, code, detail }] };
}
