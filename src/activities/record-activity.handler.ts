import type { DomainEvent } from '../kernel/domain-events.js';
import { ok } from '../kernel/result.js';
import { formatInstant, localDate } from '../kernel/time.js';
import { balanceOf, ledgerSlice } from '../ledger/index.js';
import { memberProblems, memberSlice, statusAt } from '../members/index.js';
import type { Answer, CommandHandler, Work } from '../platform/pipeline/index.js';
import { grantedView, tierChangeView } from '../purchases/index.js';
import { standingSlice, standingView } from '../tiers/index.js';
import { checkActivity } from './check-activity.js';
import type { ActivityFacts } from './domain/activity-facts.js';
import type { ActivityBody } from './domain/activity-body.js';
import { activityProblems } from './problems.js';

/** Records an activity; what follows from it is the reactors' business. */
export const recordActivity: CommandHandler<ActivityBody> = {
  type: 'activity.record',
  awards: true,
  cacheable: true,
  needsLazyRows: () => false,
  preload: 'referenced',
  unknownTarget: (body, setting) => {
    const checked = checkActivity(body, setting);
    if (!checked.ok) return checked.refusal;
    return memberProblems.problem('MEMBER_NOT_FOUND', 'No member has this identifier.');
  },
  naturalConflict: ({ source, externalId }) =>
    activityProblems.problem(
      'ACTIVITY_CONFLICT',
      `Activity ${externalId} of ${source} was reported before with another body or for another member.`,
    ),
  decide: (body, work) => {
    const checked = checkActivity(body, work);
    if (!checked.ok) return checked;
    const { type, extendsExpiry } = checked.value;
    const { source, externalId, occurredAt, attributes } = body;
    const activity: ActivityFacts = {
      activityId: work.ids.next('atv'),
      ...{ type, source, externalId, occurredAt, attributes },
      businessDate: localDate(occurredAt, work.config.timeZone),
    };
    const { status, statusChanges } = work.member(memberSlice);
    const memberActive = statusAt(status, statusChanges, occurredAt) === 'active';
    const first = work.events.length;
    const data = { activity, memberActive, extendsExpiry };
    const recorded = work.emit({ type: 'activity.recorded', data, occurredAt });
    return recorded.ok ? ok(answer(activity, work, work.events.slice(first))) : recorded;
  },
};

/** @param events what the activity caused, and nothing that came before it. */
function answer(activity: ActivityFacts, work: Work, events: readonly DomainEvent[]): Answer {
  return {
    status: 201,
    body: {
      id: activity.activityId,
      type: activity.type.id,
      typeVersion: activity.type.version,
      memberId: work.memberId,
      accountId: work.accountId,
      source: activity.source,
      externalId: activity.externalId,
      occurredAt: formatInstant(activity.occurredAt),
      recordedAt: formatInstant(work.now),
      attributes: activity.attributes,
      ...grantedView(events, work),
      balance: balanceOf(work.account(ledgerSlice)),
      standing: standingView(work.member(standingSlice), work.config, work.now),
      tierChange: tierChangeView(events),
      explanation: null,
    },
    explanation: events.flatMap((event) => (event.type === 'points.awarded' ? event.data.explanation : [])),
  };
}
