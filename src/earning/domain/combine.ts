import type { VersionRef } from '../../kernel/domain-events.js';
import type { Points } from '../../kernel/points.js';
import { groupBy } from '../../kernel/group-by.js';
import type { EarningRule } from './earning-rule.js';
import { givesOnlyStatus } from './gives.js';

/** A rule that gives points after its own limits. */
export interface Contender {
  readonly ref: VersionRef;
  readonly rule: EarningRule;
  readonly points: Points;
}

/** Why a contender gives nothing, and the rule that beat it. */
export interface Beaten {
  readonly why: 'groupLost' | 'excluded';
  readonly by: string;
}

/** Whether rules of the list may take points from each other. */
export function areCombined(rules: readonly { readonly rule: EarningRule }[]): boolean {
  return rules.some(({ rule }) => rule.exclusive || isContested(rule));
}

/** Whether a rule is in a group of which one wins. */
export function isContested({ group }: EarningRule): boolean {
  return group !== null && group.combine !== 'sum';
}

/**
 * Which rules lose their points to another one. Rules that give status points alone compete among themselves: none of
 * them takes a member's points, nor the other way round.
 * @param contenders all with points, by order and key. The first of a group says how its rules combine.
 * @returns those beaten, by the key of the rule.
 */
export function beatenOf(contenders: readonly Contender[]): ReadonlyMap<string, Beaten> {
  const ofStatus = contenders.filter(({ rule }) => givesOnlyStatus(rule));
  if (ofStatus.length === 0) return beatenAmong(contenders);
  const others = contenders.filter(({ rule }) => !givesOnlyStatus(rule));
  return new Map([...beatenAmong(others), ...beatenAmong(ofStatus)]);
}

/**
 * Which rules lose to another one: first within each group, then to the first exclusive rule that is left.
 */
function beatenAmong(contenders: readonly Contender[]): ReadonlyMap<string, Beaten> {
  const beaten = new Map<string, Beaten>();
  const grouped = contenders.filter(({ rule }) => rule.group !== null);
  for (const members of groupBy(grouped, ({ rule }) => rule.group?.key ?? '').values()) {
    const winner = winnerOf(members);
    if (!winner) continue;
    for (const { ref } of members)
      if (ref.id !== winner.ref.id) beaten.set(ref.id, { why: 'groupLost', by: winner.ref.id });
  }
  const left = contenders.filter(({ ref }) => !beaten.has(ref.id));
  const exclusive = left.find(({ rule }) => rule.exclusive);
  if (!exclusive) return beaten;
  for (const { ref } of left)
    if (ref.id !== exclusive.ref.id) beaten.set(ref.id, { why: 'excluded', by: exclusive.ref.id });
  return beaten;
}

/** The one rule of a group that gives; undefined where all do. */
function winnerOf(members: readonly Contender[]): Contender | undefined {
  const [first] = members;
  if (first?.rule.group?.combine === 'first') return first;
  if (first?.rule.group?.combine !== 'best') return undefined;
  return members.reduce((best, next) => (isBetter(next, best) ? next : best));
}

/** More points; of equal ones the lower key. */
function isBetter(a: Contender, b: Contender): boolean {
  return a.points === b.points ? a.ref.id < b.ref.id : a.points > b.points;
}
