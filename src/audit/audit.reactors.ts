import type { DomainEventType } from '../kernel/domain-events.js';
import type { MemberId } from '../kernel/ids.js';
import { ok } from '../kernel/result.js';
import { reactor, type Reactor, type Work } from '../platform/pipeline/index.js';

/** What an entry tells of an event. */
interface Told {
  readonly action: string;
  readonly subject: MemberId;
  readonly before: unknown;
  readonly after: unknown;
}

/** An entry for each event of a kind; none where `tell` finds nothing to tell. */
function audited<T extends DomainEventType>(
  on: T,
  tell: (event: Parameters<Reactor<T>['react']>[0], work: Work) => Told | null,
): Reactor {
  return reactor({
    name: `audit ${on}`,
    on,
    react: (event, work) => {
      const told = tell(event, work);
      if (!told) return ok([]);
      return ok([{ type: 'act.audited', data: { auditId: work.ids.next('adt'), ...told } }]);
    },
  });
}

/** What commands do to members and households; adjustments have entries of their own. */
export const auditReactors: readonly Reactor[] = [
  audited('member.closed', ({ memberId, data: { statusChanges } }) => ({
    action: 'member.closed',
    subject: memberId,
    before: { status: statusChanges.at(-2)?.[0] ?? 'active' },
    after: { status: 'closed' },
  })),
  // Both works have the event; the survivor's tells of it.
  audited('member.merged', ({ memberId, data: { survivor, duplicate } }) =>
    memberId === survivor.memberId
      ? {
          action: 'member.merged',
          subject: survivor.memberId,
          before: { duplicate: { memberId: duplicate.memberId, status: duplicate.status } },
          after: { duplicate: { memberId: duplicate.memberId, status: 'merged' } },
        }
      : null,
  ),
  audited('household.joined', ({ data: { householdId, memberId, role } }) => ({
    action: 'household.joined',
    subject: memberId,
    before: null,
    after: { householdId, role },
  })),
  audited('household.left', ({ data: { householdId, memberId, closed } }) => ({
    action: 'household.left',
    subject: memberId,
    before: { householdId },
    after: { householdClosed: closed },
  })),
  audited('household.roleChanged', ({ data: { householdId, memberId, role, formerHead } }) => ({
    action: 'household.roleChanged',
    subject: memberId,
    before: { formerHead },
    after: { householdId, role },
  })),
];
