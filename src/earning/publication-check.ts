import { unknownBudget } from '../budgets/index.js';
import { unknownCampaign } from '../campaigns/index.js';
import type { FieldError, Problem } from '../kernel/problem.js';
import { formatInstant, type Instant } from '../kernel/time.js';
import { invalid } from '../platform/http/validation.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { unknownTiers } from '../programmes/index.js';
import { tierSetInForce } from '../tiers/index.js';
import { activityFaults } from './activity-faults.js';
import { conditionFaults } from './condition-faults.js';
import type { EarningRule } from './domain/earning-rule.js';
import { namedTiers } from './domain/rule-amount.js';
import { faultsTogether, type OtherRule } from './domain/rules-together.js';
import { completeBody, earningRulesFrom, type PublishedEarningRule } from './earning-rule.kind.js';
import { triggerOf } from './domain/rule-trigger.js';
import { compiledConditions } from './rule-conditions.js';
import { scheduleFaults } from './schedule-faults.js';

/** Steps that the conditions of all rules together may take over one receipt of 1,000 lines. */
export const MAX_STEPS_TOGETHER = 200_000;

/**
 * What a rule must meet before it is published: its conditions compile, also those of drafts that an earlier release
 * saved, and schedules still happen; it gets on with the other rules; and the budget and the tiers that
 * it names exist.
 */
export const refusal: PublishCheck['refusal'] = ({ draft, config, effectiveAt }) => {
  const rule = completeBody(draft.body as unknown as PublishedEarningRule);
  const others = earningRulesFrom(config, effectiveAt).filter(({ id }) => id !== draft.key);
  const from = formatInstant(effectiveAt);
  const faults = [
    ...conditionFaults(rule),
    ...endFaults(rule, from),
    ...scheduleFaults(rule.schedule, { from, until: rule.endsAt }),
    ...faultsTogether({ id: draft.key, rule }, others),
    ...activityFaults(rule, config, effectiveAt),
    ...firstRungFaults(rule, config, effectiveAt),
    ...costFaults(rule, others),
  ];
  if (faults.length > 0) return invalid(faults).problem;
  const missing = rule.budget && unknownBudget(config, rule.budget.budgetId, '/budget/budgetId');
  if (missing) return missing;
  const lacking = unknownCampaignOf(rule, config);
  if (lacking) return lacking;
  const { field, tiers } = namedTiers(rule.amount);
  const { receipt, line } = compiledConditions(rule);
  return (
    unknownTiers(config, tiers, `/amount/${field}`, effectiveAt) ??
    pointedAt('/trigger/tier', unknownTiers(config, rungsOf(rule), '', effectiveAt)) ??
    pointedAt('/condition', unknownTiers(config, receipt?.rungs ?? [], '', effectiveAt)) ??
    pointedAt('/lines/condition', unknownTiers(config, line?.rungs ?? [], '', effectiveAt))
  );
};

/** The rung that a rule about promotions names. */
function rungsOf(rule: EarningRule): readonly string[] {
  const trigger = triggerOf(rule);
  return trigger.type === 'promotion' && trigger.tier !== undefined ? [trigger.tier] : [];
}

/** A promotion never leads to the first rung, so a rule about it would never give. */
function firstRungFaults(rule: EarningRule, config: ConfigSnapshot, from: Instant): readonly FieldError[] {
  const first = tierSetInForce(config, from)?.body.tiers[0]?.key;
  if (!rungsOf(rule).some((key) => key === first)) return [];
  const detail = 'No member is promoted to the first tier, so the rule would never give points.';
  return [{ pointer: '/trigger/tier', code: 'NEVER_HAPPENS', detail }];
}

function unknownCampaignOf({ campaign, trigger }: EarningRule, config: ConfigSnapshot): Problem | null {
  const unknown = campaign === undefined ? null : unknownCampaign(config, campaign, '/campaign');
  if (unknown || trigger?.type !== 'registration') return unknown;
  return unknownCampaign(config, trigger.campaign, '/trigger/campaign');
}

/** A rule that ends before it begins gives nothing; to end one, a version that is not active does. */
function endFaults({ active, endsAt }: EarningRule, from: string): readonly FieldError[] {
  if (!active || endsAt === null || endsAt > from) return [];
  const detail = `The rule would end at ${endsAt}, before it begins at ${from}. To end it now, publish it with active false.`;
  return [{ pointer: '/endsAt', code: 'ENDS_BEFORE_IT_BEGINS', detail }];
}

function costFaults(rule: EarningRule, others: readonly OtherRule[]): readonly FieldError[] {
  const own = stepsOf(rule);
  if (own === 0) return [];
  const dearest = new Map<string, number>();
  for (const { id, rule: other } of others)
    if (other.active) dearest.set(id, Math.max(dearest.get(id) ?? 0, stepsOf(other)));
  const together = [...dearest.values()].reduce((sum, steps) => sum + steps, own);
  if (together <= MAX_STEPS_TOGETHER) return [];
  const detail = `The conditions of all rules would take ${together} steps over a receipt of 1,000 lines; ${MAX_STEPS_TOGETHER} are allowed.`;
  const pointer = rule.condition === null ? '/lines/condition' : '/condition';
  return [{ pointer, code: 'CONDITIONS_TOO_COSTLY', detail }];
}

function stepsOf(rule: EarningRule): number {
  const { receipt, line } = compiledConditions(rule);
  return (receipt?.steps ?? 0) + (line?.steps ?? 0);
}

/** A problem whose faults stand in one text. */
function pointedAt(pointer: string, problem: Problem | null): Problem | null {
  if (!problem?.errors) return problem;
  return { ...problem, errors: problem.errors.map((error) => ({ ...error, pointer })) };
}
