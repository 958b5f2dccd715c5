import { liveMember, type ActivityFacts } from '../conditions/index.js';
import type { AwardSource, LotOrigin } from '../kernel/domain-events.js';
import type { Problem } from '../kernel/problem.js';
import type { Result } from '../kernel/result.js';
import { ledgerSlice } from '../ledger/index.js';
import type { Emission, Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { awardPoints } from './award-points.js';
import { evaluateOccasion } from './domain/evaluate-occasion.js';
import { headroomOf } from './domain/headroom.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import type { RuleTrace } from './domain/rule-trace.js';
import { traceOf } from './domain/stored-trace.js';
import { earningCountersSlice } from './earning-counters.slice.js';
import { historySource } from './history-source.js';
import { enrolledOn, personSlice, type Person } from './person.slice.js';
import { registeredFor } from './registered-for.js';
import { conditionsOverOccasion } from './rule-conditions.js';
import { followsSchedule } from './rule-schedules.js';

/** Something that is no receipt and for which rules may give points. */
export interface Occasion {
  /** What the points are awarded for: its kind and id are the cause of the movements. */
  readonly source: AwardSource;
  /** Whether the member was active when it occurred. */
  readonly memberActive: boolean;
  /** Whether it moves the end of points that slide, even where it earns nothing. */
  readonly extendsExpiry: boolean;
  /** What conditions read of an activity; absent for what is none. */
  readonly activity?: ActivityFacts;
  /** What conditions read of the member, where that was loaded with the occasion. */
  readonly person?: Person | null;
  /** The rung that it brings; absent: the one held when it occurred. */
  readonly tier?: string;
  /** As in `awardPoints`. */
  readonly origin?: LotOrigin;
}

/** That a rule gives nothing for an occasion, and why. */
export function nothingOfOccasion(
  source: AwardSource,
  { ref, rule }: RuleInForce,
  why: RuleTrace['why'],
): Emission {
  const explanation = [traceOf(rule, ref, why, {})];
  return {
    type: 'points.awarded',
    data: { source, awards: [], explanation, counted: [], slidingExpiresAt: null },
  };
}

/**
 * Works out what an occasion earns, by the policy and the standing in force when it occurred, under the caps of its
 * own periods and of the balance as it is now.
 * @param rules those to be evaluated, of the occasion's trigger.
 */
export function awardsOfOccasion(
  { source, memberActive, extendsExpiry, activity, origin, ...known }: Occasion,
  rules: readonly RuleInForce[],
  work: Work,
): Result<readonly Emission[], Problem> {
  const { config } = work;
  const { occurredAt, businessDate: day } = source;
  const { timeZone } = config;
  const set = tierSetInForce(config, occurredAt);
  const held = set ? tierAt(work.member(standingSlice), set.body, occurredAt).key : null;
  const tier = known.tier ?? held;
  const policy = programmePolicyInForce(config, occurredAt);
  const person = known.person ?? work.member(personSlice);
  const member = liveMember({
    person: person && { ...person, enrolledOn: enrolledOn(person, timeZone) },
    tier,
    day,
  });
  const history = historySource({ day, at: occurredAt, purchaseId: null }, work);
  const results = evaluateOccasion(
    rules,
    {
      tier,
      occurredAt,
      memberActive,
      conditionsOf: conditionsOverOccasion({ activity, member, history, occurredAt, timeZone }),
      inSchedule: (rule) => followsSchedule(rule, occurredAt, timeZone),
      registeredFor: (rule) => registeredFor(rule, occurredAt, work),
    },
    {
      day,
      counters: work.member(earningCountersSlice),
      headroom: headroomOf(policy.maximumBalance, work.account(ledgerSlice)),
    },
  );
  const awarded = { source, results, tier, memberActive, extendsExpiry };
  return awardPoints(origin ? { ...awarded, origin } : awarded, work);
}
