import type { Instant } from '../../../kernel/time.js';
import { PHASES, type AccountSlice, type AnySlice, type DueRule } from '../contract/slice.js';

export interface OwnedDueRule {
  readonly slice: AccountSlice<unknown>;
  readonly rule: DueRule<unknown>;
}

/** All due rules, in the order in which they are applied at one instant. */
export function dueRulesOf(slices: readonly AnySlice[]): readonly OwnedDueRule[] {
  const owned = slices.flatMap((slice) =>
    slice.scope === 'account' ? (slice.due ?? []).map((rule) => ({ slice, rule })) : [],
  );
  return PHASES.flatMap((phase) => owned.filter(({ rule }) => rule.phase === phase));
}

/** Whether anything may be due by `now`, according to the states alone. */
export function mayBeDue(
  states: ReadonlyMap<string, unknown>,
  dueRules: readonly OwnedDueRule[],
  now: Instant,
): boolean {
  return dueRules.some(({ slice, rule }) => (rule.nextDue(states.get(slice.name)) ?? Infinity) <= now);
}
