import { awardsOf, takeBackPoints } from '../activities/index.js';
import { placeReturned } from '../campaigns/index.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse } from '../kernel/result.js';
import { formatInstant } from '../kernel/time.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import type { CommandHandler } from '../platform/pipeline/index.js';
import type { CancelRegistrationBody } from './domain/registration-body.js';
import { registrationProblems } from './problems.js';
import { recordedRegistration, registrationsSlice } from './registrations.slice.js';

/** Takes a registration back: its place, its points, and what it had used of limits and budgets. */
export const cancelRegistration: CommandHandler<CancelRegistrationBody> = {
  type: 'campaign.cancelRegistration',
  cacheable: true,
  needsLazyRows: () => true,
  preload: 'referenced',
  referencedIds: ({ registrationId }) => [registrationId],
  unknownTarget: ({ registrationId }) => registrationNotFound(registrationId),
  naturalConflict: ({ registrationId }) => cancelledBefore(registrationId),
  decide: ({ campaignId, registrationId, reason }, work) => {
    const recorded = recordedRegistration(work.account(registrationsSlice), registrationId);
    if (recorded?.facts.campaign.id !== campaignId) return refuse(registrationNotFound(registrationId));
    if (recorded.cancelled) return refuse(cancelledBefore(registrationId));
    const { facts, grants } = recorded;
    const cause = { type: 'registrationCancellation', id: registrationId } as const;
    const taken = takeBackPoints({ cause, occurredAt: facts.registeredAt, grants }, reason, work);
    if (!taken.ok) return taken;
    const { value: cancellation } = taken;
    const data = {
      ...{ registration: facts, cause: 'request' as const, cancellation },
      awards: awardsOf(grants, work),
      changes: placeReturned(facts.businessDate, work),
    };
    const cancelled = work.emit({ type: 'campaign.cancelled', data });
    if (!cancelled.ok) return cancelled;
    const { takenFrom, pointsTaken, gone, debt, forgiven } = cancellation;
    const body = {
      id: registrationId,
      campaignId,
      memberId: work.memberId,
      accountId: work.accountId,
      cancelledAt: formatInstant(work.now),
      reason,
      ...{ pointsTaken, pointsGone: gone, debt, forgiven, takenFrom },
      balance: balanceOf(work.account(ledgerSlice)),
    };
    return ok({ status: 200, body });
  },
};

export function registrationNotFound(id: string): Problem {
  return registrationProblems.problem('REGISTRATION_NOT_FOUND', `There is no registration ${id}.`);
}

function cancelledBefore(id: string): Problem {
  return registrationProblems.problem(
    'REGISTRATION_CANCELLED',
    `The registration ${id} was cancelled before.`,
  );
}
