import type { LotId, MemberId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import { ledgerSlice, openParts, type OpenPart } from '../ledger/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { graceEnd, programmePolicyInForce } from '../programmes/index.js';
import { memberSlice } from './member.slice.js';
import { membershipSlice } from './membership.slice.js';

/** Whether no member is left whose membership is open: of a household, only once that of each of them is closed. */
export function isAbandoned(work: Work): boolean {
  const { householdSize, openMembers } = work.account(membershipSlice);
  if (householdSize === null) return work.member(memberSlice).status === 'closed';
  return householdSize > 0 && openMembers.length === 0;
}

/**
 * What takes all points of an account without open members, but those on hold, at an instant; nothing where there is
 * an open member. @throws NeedsMoreRows unless every lot is loaded.
 */
export function forfeitureOf(work: Work, at: Instant): readonly Emission[] {
  if (!isAbandoned(work)) return [];
  return emissionsOf(openParts(work.account(ledgerSlice)), work.memberId, at);
}

/** The same of these lots alone, which must be loaded. */
function forfeitureOfLots(work: Work, lotIds: readonly LotId[], at: Instant): readonly Emission[] {
  if (!isAbandoned(work)) return [];
  const { accountId, lots } = work.account(ledgerSlice);
  const named = new Map([...lots].filter(([lotId]) => lotIds.includes(lotId)));
  return emissionsOf(openParts({ accountId, complete: true, lots: named }), work.memberId, at);
}

/** What becomes of the points once the last membership is closed, or its member leaves: forfeited, or kept for a while. */
export function abandonment(work: Work): readonly Emission[] {
  if (!isAbandoned(work) || work.account(membershipSlice).forfeitsAt !== null) return [];
  const forfeitsAt = graceAfter(work, work.now);
  return forfeitsAt > work.now ? [graceUntil(forfeitsAt)] : forfeitureOf(work, work.now);
}

/** What becomes of points that come to an account, or back to it, at an instant: without open members no more is kept. */
export function forfeitureOfArrivals(work: Work, lotIds: readonly LotId[], at: Instant): readonly Emission[] {
  const { forfeitsAt } = work.account(membershipSlice);
  if (forfeitsAt !== null && forfeitsAt > at) return [];
  const end = isAbandoned(work) ? ownGraceEnd(work) : null;
  return end !== null && end > at ? [graceUntil(end)] : forfeitureOfLots(work, lotIds, at);
}

/** Of a member's own account: when the grace ends that began when the member was closed, wherever they were then. */
function ownGraceEnd(work: Work): Instant | null {
  if (work.account(membershipSlice).householdSize !== null) return null;
  const closed = work.member(memberSlice).statusChanges.findLast(([status]) => status === 'closed');
  return closed ? graceAfter(work, closed[1]) : null;
}

function graceAfter({ config }: Work, at: Instant): Instant {
  return graceEnd(programmePolicyInForce(config, at).closing, at, config.timeZone);
}

function graceUntil(forfeitsAt: Instant): Emission {
  return { type: 'closing.graceBegan', data: { forfeitsAt } };
}

/** Forfeits now what `forfeitureOf` says. */
export function forfeitAll(work: Work): Result<void, Problem> {
  for (const emission of forfeitureOf(work, work.now)) {
    const emitted = work.emit(emission);
    if (!emitted.ok) return emitted;
  }
  return ok(undefined);
}

/** Usable points are forfeited, waiting ones cancelled: both E15, but those that were not owed yet. */
function emissionsOf(parts: readonly OpenPart[], memberId: MemberId, occurredAt: Instant): Emission[] {
  const cause = { type: 'closing', id: memberId } as const;
  const usable = parts.filter(({ from }) => from === 'available');
  const waiting = parts.filter(({ from }) => from !== 'available');
  const emissions: Emission[] = [];
  if (usable.length > 0)
    emissions.push({
      type: 'points.forfeited',
      data: { cause, lots: usable.map(({ lotId, points }) => ({ lotId, points })) },
      occurredAt,
    });
  if (waiting.length > 0)
    emissions.push({ type: 'points.cancelled', data: { cause, lots: waiting }, occurredAt });
  return emissions;
}
