import type { DomainEventMap, MilestoneMark, PurchaseFacts } from '../kernel/domain-events.js';
import { MAX_POINTS } from '../kernel/points.js';
import { whole } from '../kernel/rational.js';
import { ok } from '../kernel/result.js';
import { saleSource } from '../kernel/sale-source.js';
import { ledgerSlice } from '../ledger/index.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import { programmePolicyInForce } from '../programmes/index.js';
import { standingSlice, tierAt, tierSetInForce } from '../tiers/index.js';
import { awardPoints } from './award-points.js';
import { applyCaps } from './domain/apply-caps.js';
import {
  isRunning,
  skippedAsEver,
  whyNotRunning,
  type Assessed,
  type RuleResult,
} from './domain/assessed.js';
import { headroomOf } from './domain/headroom.js';
import { missingOf } from './domain/milestone.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import { MILESTONE } from './domain/rule-trigger.js';
import type { MilestoneTrace } from './domain/rule-trace.js';
import { traceOf } from './domain/stored-trace.js';
import { earningCountersSlice } from './earning-counters.slice.js';
import { rulesTriggeredBy } from './earning-rule.kind.js';
import { runOf } from './milestone-runs.js';
import { progressOf, stepsGiven } from './milestones-progress.js';
import { milestonesSlice } from './milestones.slice.js';

/** A milestone with what a receipt reached of it. */
interface Reached {
  readonly assessed: Assessed;
  readonly trace: MilestoneTrace | null;
  /** Null where no step was reached that was not given. */
  readonly mark: MilestoneMark | null;
}

/**
 * Gives the steps that a receipt reaches and that were not given yet, by the rules in force when it occurred. They are
 * counted over the days as they are known now, so that the order of arrival makes no difference. Runs once tiers have
 * decided, before all awards of the receipt are valued.
 */
export const reachMilestones = reactor({
  name: 'earning.reachMilestones',
  on: 'purchase.recorded',
  react: ({ data: { purchase, memberActive } }, work) => {
    const { occurredAt, businessDate: day } = purchase;
    const rules = rulesTriggeredBy(work.config, occurredAt, MILESTONE);
    if (rules.length === 0) return ok([]);
    const reached = rules.map((rule) => reachedOf(rule, purchase, memberActive, work));
    const policy = programmePolicyInForce(work.config, occurredAt);
    const capped = applyCaps(
      rules,
      reached.map(({ assessed }) => assessed),
      {
        day,
        counters: work.member(earningCountersSlice),
        headroom: headroomOf(policy.maximumBalance, work.account(ledgerSlice)),
      },
    );
    const results = capped.map((result, index) => withProgress(result, reached[index]?.trace ?? null));
    const set = tierSetInForce(work.config, occurredAt);
    const tier = set ? tierAt(work.member(standingSlice), set.body, occurredAt).key : null;
    const source = saleSource(purchase);
    const awarded = awardPoints({ source, results, tier, memberActive, extendsExpiry: false }, work);
    if (!awarded.ok) return awarded;
    const marks = new Map(rules.map(({ ref }, index) => [ref.id, reached[index]?.mark ?? undefined]));
    return ok(awarded.value.map((emission) => marked(emission, marks)));
  },
});

function reachedOf(
  { ref, rule }: RuleInForce,
  { occurredAt, businessDate }: PurchaseFacts,
  memberActive: boolean,
  work: Work,
): Reached {
  const skipped = (assessed: RuleResult): Reached => ({ assessed, trace: null, mark: null });
  if (!isRunning(rule, occurredAt)) return skipped(skippedAsEver(rule, ref, whyNotRunning(rule)));
  if (!memberActive) return skipped(skippedAsEver(rule, ref, 'memberNotActive'));
  const run = runOf(work.config, ref);
  const { firstDay, measured, steps, awards } = progressOf(run, businessDate, work);
  const trace = { measured, steps, missing: missingOf(run.trigger, measured) };
  const due = steps - stepsGiven(awards);
  if (due <= 0) {
    const assessed = { trace: traceOf(rule, ref, 'milestoneNotReached', { milestone: trace }), lines: [] };
    return { assessed, trace, mark: null };
  }
  // No other amount is published for a milestone.
  const each = rule.amount.type === 'fixed' ? rule.amount.points : 0;
  const points = Math.min(MAX_POINTS + 1, due * each);
  const nothing = {
    lines: [],
    weights: [],
    basisMinor: 0,
    multiplier: null,
    tier: null,
    condition: undefined,
  };
  const [milestoneId, first] = [work.ids.next('mst'), run.versions[0] as number];
  return {
    assessed: { ref, rule, ...nothing, raw: whole(BigInt(points)), points },
    trace,
    mark: { milestoneId, run: first, firstDay, steps: due },
  };
}

function withProgress<R extends RuleResult>(result: R, milestone: MilestoneTrace | null): R {
  return milestone === null ? result : { ...result, trace: { ...result.trace, milestone } };
}

/** The award of a milestone says which steps it is for. */
function marked(emission: Emission, marks: ReadonlyMap<string, MilestoneMark | undefined>): Emission {
  if (emission.type !== 'points.awarded') return emission;
  const data: DomainEventMap['points.awarded'] = emission.data;
  const awards = data.awards.map((award) => ({ ...award, milestone: marks.get(award.rule.id) }));
  return { ...emission, data: { ...data, awards } };
}

/** What the duplicate was given is not given to the survivor again; the load after the merge finds the same. */
export const carryMilestones = reactor({
  name: 'earning.carryMilestones',
  on: 'member.merged',
  react: ({ data: { survivor }, memberId }, work) => {
    const steps = work.other?.member(milestonesSlice).known ?? [];
    if (memberId !== survivor.memberId || steps.length === 0) return ok([]);
    return ok([{ type: 'milestones.carried', data: { steps } }]);
  },
});
