import type { Problem } from '../kernel/problem.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import { shownState, type ChangeRequest, type Decider, type DecisionKind } from './domain/change-request.js';
import { changeRequestProblems } from './problems.js';

/**
 * What stands against a decision; null for nothing. A line of keys that had a part in a change does not approve it. The
 * key that asked for it does not reject it, and only its line withdraws it.
 */
export function decisionRefusal(
  request: ChangeRequest,
  kind: DecisionKind,
  by: Decider,
  now: Instant,
): Problem | null {
  const { requestId, requestedBy, makerLines } = request;
  const isMaker = makerLines.includes(by.line);
  if (kind === 'approve' && isMaker) {
    return makerIsChecker('A key of the line that made the change, or asked for it, cannot approve it.');
  }
  if (kind === 'reject' && requestedBy === by.keyId) {
    return makerIsChecker('The key that asked for a change withdraws it instead of rejecting it.');
  }
  if (kind === 'withdraw' && !isMaker) {
    return makerIsChecker('Only a key of the line that made the change withdraws it; reject it instead.');
  }
  const state = shownState(request, now);
  if (state === 'open') return null;
  const ended = request.decision && ` since ${formatInstant(request.decision.at)}`;
  const detail = `${requestId} is ${state}${ended ?? ''}.`;
  return changeRequestProblems.problem(state === 'lapsed' ? 'CHANGE_LAPSED' : 'CHANGE_NOT_OPEN', detail, {
    meta: { state },
  });
}

function makerIsChecker(detail: string): Problem {
  return changeRequestProblems.problem('SECOND_PERSON_REQUIRED', detail);
}
