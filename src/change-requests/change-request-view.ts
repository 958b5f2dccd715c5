import { formatInstant, type Instant } from '../kernel/time.js';
import { shownState, type ChangeRequest } from './domain/change-request.js';

/** A request as the API shows it; without `now` as it was recorded. */
export function changeRequestView(request: ChangeRequest, now: Instant = 0) {
  const { decision, effectiveAt } = request;
  return {
    id: request.requestId,
    subject: request.subject,
    subjectId: request.subjectId,
    state: shownState(request, now),
    digest: request.digest,
    baseVersion: request.baseVersion,
    requestedBy: request.requestedBy,
    requestedAt: formatInstant(request.requestedAt),
    makerLines: request.makerLines,
    effectiveAt: effectiveAt === null ? null : formatInstant(effectiveAt),
    expiresAt: formatInstant(request.expiresAt),
    decision: decision && { by: decision.by, at: formatInstant(decision.at), note: decision.note },
  };
}

/** The same with what holds without the change, and the change. */
export function wholeChangeRequestView(request: ChangeRequest, now: Instant) {
  return { ...changeRequestView(request, now), before: request.before, content: request.content };
}
