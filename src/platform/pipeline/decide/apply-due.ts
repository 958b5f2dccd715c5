import type { Problem } from '../../../kernel/problem.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { Instant } from '../../../kernel/time.js';
import type { UnitOfWork } from './unit-of-work.js';
import { nextDueOf, type OwnedDueRule } from '../batch/due-rules.js';

/**
 * Applies everything due by `now`, instant by instant and phase by phase: points that became usable on the 1st and
 * expired on the 9th go through both, in that order, even if no command came in between. So a late run and a timely
 * one leave the same state.
 * @returns a refusal only if a reactor refuses, which would be a bug.
 */
export function applyDue(
  work: UnitOfWork,
  dueRules: readonly OwnedDueRule[],
  now: Instant,
): Result<void, Problem> {
  const { states, config } = work;
  const next = (owned: OwnedDueRule): Instant => nextDueOf(owned, states, config);
  let emitted = work.events.length;
  for (;;) {
    const at = Math.min(...dueRules.map(next));
    if (at > now) return ok(undefined);
    for (const owned of dueRules) {
      if (next(owned) > at) continue;
      const { slice, rule } = owned;
      const state = slice.scope === 'account' ? work.account(slice) : work.member(slice);
      for (const emission of rule.eventsDue(state, at, config)) {
        const done = work.emitDue(emission);
        if (!done.ok) return done;
      }
    }
    if (work.events.length === emitted) throw new Error(`what is due at ${at} was not applied`);
    emitted = work.events.length;
  }
}
