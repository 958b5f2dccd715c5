import type { AuditedAction } from '../kernel/audited-actions.js';
import type { DomainEventType } from '../kernel/domain-events.js';
import type { MemberId } from '../kernel/ids.js';
import { ok } from '../kernel/result.js';
import { reactor, type Reactor } from '../platform/pipeline/index.js';

/** What an entry says of an event. */
interface EntryFacts {
  readonly action: AuditedAction;
  /** The member, who is the subject of the entry. */
  readonly memberId: MemberId;
  readonly before: unknown;
  readonly after: unknown;
}

/** An entry for each event of a kind. */
function audited<T extends DomainEventType>(
  on: T,
  entryOf: (event: Parameters<Reactor<T>['react']>[0]) => EntryFacts,
): Reactor {
  return reactor({
    name: `audit ${on}`,
    on,
    react: (event, work) => {
      const facts = entryOf(event);
      const data = { auditId: work.ids.next('adt'), subject: facts.memberId, ...facts };
      return ok([{ type: 'act.audited', data }]);
    },
  });
}

/** What commands do to members and households; adjustments have entries of their own. */
export const auditReactors: readonly Reactor[] = [
  audited('member.closed', ({ memberId, data: { statusChanges } }) => ({
    action: 'member.closed',
    memberId,
    before: { status: statusChanges.at(-2)?.[0] ?? 'active' },
    after: { status: 'closed' },
  })),
  // Both members have the event, and an entry of their own with what became of the duplicate.
  audited('member.merged', ({ memberId, data: { survivor, duplicate } }) => ({
    action: 'member.merged',
    memberId,
    before: { duplicate: { memberId: duplicate.memberId, status: duplicate.status } },
    after: { duplicate: { memberId: duplicate.memberId, status: 'merged', mergedInto: survivor.memberId } },
  })),
  audited('activity.cancelled', ({ memberId, data: { activity, cancellation } }) => ({
    action: 'activity.cancelled',
    memberId,
    before: { activityId: activity.activityId, type: activity.type.id },
    after: {
      activityId: activity.activityId,
      reason: cancellation.reason,
      pointsTaken: cancellation.pointsTaken,
      debt: cancellation.debt,
    },
  })),
  audited('receipt.claimed', ({ memberId, data: { unmatchedId, purchaseId, source, receiptNo } }) => ({
    action: 'receipt.claimed',
    memberId,
    before: { receiptId: unmatchedId, source, receiptNo },
    after: { purchaseId },
  })),
  audited('campaign.cancelled', ({ memberId, data: { registration, cause, cancellation } }) => ({
    action: 'registration.cancelled',
    memberId,
    before: { registrationId: registration.registrationId, campaignId: registration.campaign.id },
    after: {
      registrationId: registration.registrationId,
      cause,
      reason: cancellation.reason,
      pointsTaken: cancellation.pointsTaken,
      debt: cancellation.debt,
    },
  })),
  audited('household.joined', ({ data: { householdId, memberId, role } }) => ({
    action: 'household.joined',
    memberId,
    before: null,
    after: { householdId, role },
  })),
  audited('household.left', ({ data: { householdId, memberId, closed } }) => ({
    action: 'household.left',
    memberId,
    before: { householdId },
    after: { householdClosed: closed },
  })),
  audited('household.roleChanged', ({ data: { householdId, memberId, role, formerHead } }) => ({
    action: 'household.roleChanged',
    memberId,
    before: { formerHead },
    after: { householdId, role },
  })),
];
