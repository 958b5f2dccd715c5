import { multiplyDivideFloor } from '../kernel/division.js';
import type { RedemptionId } from '../kernel/ids.js';
import type { Points } from '../kernel/points.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import type { CommandHandler, Work } from '../platform/pipeline/index.js';
import { capturedPart } from './captured-part.js';
import { extendedHoldEnd, latestHoldEnd } from './domain/extended-hold.js';
import type { RedemptionFacts } from './domain/redemption-facts.js';
import { redemptionProblems } from './problems.js';
import { redemptionAnswer } from './redeem.handler.js';
import { redemptionsSlice, voided } from './redemptions.slice.js';

export interface CaptureBody {
  readonly redemptionId: RedemptionId;
  /** Part of the hold; null for all of it. */
  readonly points: Points | null;
}

export interface VoidBody {
  readonly redemptionId: RedemptionId;
}

export interface ExtendBody {
  readonly redemptionId: RedemptionId;
  readonly holdSeconds: number;
}

const shared = {
  needsLazyRows: () => true,
  preload: 'referenced' as const,
  referencedIds: ({ redemptionId }: VoidBody) => [redemptionId],
  unknownTarget: ({ redemptionId }: VoidBody) =>
    redemptionProblems.problem('REDEMPTION_NOT_FOUND', `There is no redemption ${redemptionId}.`),
  naturalConflict: ({ redemptionId }: VoidBody) =>
    redemptionProblems.problem(
      'REDEMPTION_CONFLICT',
      `${redemptionId} was captured or voided before with another body.`,
    ),
};

/** Uses the points of a hold, all or part; the rest goes back. */
export const capture: CommandHandler<CaptureBody> = {
  ...shared,
  type: 'redemption.capture',
  cacheable: true,
  decide: (body, work) => {
    const hold = onHold(body.redemptionId, work);
    if (!hold.ok) return hold;
    const held = hold.value;
    const points = body.points ?? held.points;
    if (points > held.points || (held.reward !== null && points !== held.points)) {
      const detail =
        points > held.points ? `${held.points} points are on hold.` : 'A reward is captured whole or voided.';
      return refuse(
        redemptionProblems.problem('CAPTURE_EXCEEDS_HOLD', detail, { meta: { held: held.points } }),
      );
    }
    const discountMinor = multiplyDivideFloor(held.discountMinor, BigInt(points), BigInt(held.points));
    const { redemption, unused } = capturedPart(held, points, discountMinor);
    const emitted = work.emit({ type: 'redemption.captured', data: { redemption, direct: false, unused } });
    return emitted.ok ? ok(redemptionAnswer(200, redemption, work)) : emitted;
  },
};

/** Gives up a hold: every point goes back to its own lot. */
export const voidHold: CommandHandler<VoidBody> = {
  ...shared,
  type: 'redemption.void',
  cacheable: true,
  decide: (body, work) => {
    const hold = onHold(body.redemptionId, work);
    if (!hold.ok) return hold;
    const redemption = voided(hold.value, 'requested');
    const emitted = work.emit({ type: 'redemption.voided', data: { redemption } });
    return emitted.ok ? ok(redemptionAnswer(200, redemption, work)) : emitted;
  },
};

/** Makes a hold last longer, and never shorter. One that lasts long enough already stays as it is. */
export const extendHold: CommandHandler<ExtendBody> = {
  ...shared,
  type: 'redemption.extend',
  cacheable: true,
  decide: ({ redemptionId, holdSeconds }, work) => {
    const hold = onHold(redemptionId, work);
    if (!hold.ok) return hold;
    const held = hold.value;
    const until = held.holdExpiresAt ?? work.now;
    const holdExpiresAt = extendedHoldEnd(until, holdSeconds, work.now);
    const latest = latestHoldEnd(held.authorisedAt);
    if (holdExpiresAt > latest) {
      const detail = `The hold may last until ${formatInstant(latest)}.`;
      const meta = { latest: formatInstant(latest) };
      return refuse(redemptionProblems.problem('HOLD_TOO_LONG', detail, { meta }));
    }
    if (holdExpiresAt === until) return ok(redemptionAnswer(200, held, work));
    const redemption: RedemptionFacts = { ...held, holdExpiresAt };
    const emitted = work.emit({ type: 'redemption.extended', data: { redemption } });
    return emitted.ok ? ok(redemptionAnswer(200, redemption, work)) : emitted;
  },
};

function onHold(redemptionId: RedemptionId, work: Work): Result<RedemptionFacts, Problem> {
  const redemption = work.account(redemptionsSlice).redemptions.get(redemptionId);
  if (!redemption) {
    return refuse(
      redemptionProblems.problem('REDEMPTION_NOT_FOUND', `There is no redemption ${redemptionId}.`),
    );
  }
  if (redemption.status === 'authorised') return ok(redemption);
  if (redemption.voidReason === 'holdExpired') {
    return refuse(redemptionProblems.problem('HOLD_EXPIRED', `The hold of ${redemptionId} has lapsed.`));
  }
  const detail = `${redemptionId} is ${redemption.status}, not authorised.`;
  return refuse(
    redemptionProblems.problem('REDEMPTION_NOT_AUTHORISED', detail, { meta: { status: redemption.status } }),
  );
}
