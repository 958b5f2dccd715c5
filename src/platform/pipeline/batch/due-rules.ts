import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import {
  PHASES,
  type AccountSlice,
  type AnySlice,
  type DueRule,
  type MemberSlice,
} from '../contract/slice.js';

export interface OwnedDueRule {
  readonly slice: AccountSlice<unknown> | MemberSlice<unknown>;
  readonly rule: DueRule<unknown>;
}

/** The states of an account and of the member for whom a command speaks, by slice. */
export interface DueStates {
  readonly account: ReadonlyMap<string, unknown>;
  readonly member: ReadonlyMap<string, unknown>;
}

/** All due rules, in the order in which they are applied at one instant. */
export function dueRulesOf(slices: readonly AnySlice[]): readonly OwnedDueRule[] {
  const owned = slices.flatMap((slice) =>
    slice.scope === 'shared' ? [] : (slice.due ?? []).map((rule) => ({ slice, rule })),
  );
  return PHASES.flatMap((phase) => owned.filter(({ rule }) => rule.phase === phase));
}

/** When something of a rule is due next; never, if nothing is. */
export function nextDueOf(
  { slice, rule }: OwnedDueRule,
  { account, member }: DueStates,
  config: ConfigSnapshot,
): Instant {
  const states = slice.scope === 'account' ? account : member;
  return rule.nextDue(states.get(slice.name), config) ?? Infinity;
}

/** Whether anything may be due by `now`, according to the states alone. */
export function mayBeDue(
  states: DueStates,
  dueRules: readonly OwnedDueRule[],
  config: ConfigSnapshot,
  now: Instant,
): boolean {
  return dueRules.some((owned) => nextDueOf(owned, states, config) <= now);
}
