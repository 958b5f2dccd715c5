import { BudgetDraws, budgetReturned, type DrawSource } from '../budgets/index.js';
import type { DomainEventMap } from '../kernel/domain-events.js';
import { ok } from '../kernel/result.js';
import type { Instant } from '../kernel/time.js';
import { reactor, type Emission, type Work } from '../platform/pipeline/index.js';
import type { ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import { cutToBudget } from './domain/budget-cut.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import type { RuleResult } from './domain/assessed.js';
import {
  earningRuleKind,
  earningRuleVersion,
  earningRulesInForce,
  type PublishedEarningRule,
} from './earning-rule.kind.js';

type Evaluated = RuleInForce & RuleResult;
const NO_EMISSIONS: readonly Emission[] = [];

/** What rules give once their budgets were asked, and what is to be emitted with it. */
export interface WithinBudgets {
  readonly results: readonly Evaluated[];
  readonly draws: readonly Emission[];
}

/**
 * The last step of every evaluation, whatever caused it: awards draw on the budgets of their rules, in the order of the
 * rules. What a budget does not cover is cut.
 */
export function withinBudgets(results: readonly Evaluated[], source: DrawSource, work: Work): WithinBudgets {
  if (!results.some(({ rule, trace }) => rule.budget && trace.points > 0))
    return { results, draws: NO_EMISSIONS };
  const draws = new BudgetDraws(source, work);
  const cut = results.map((result): Evaluated => {
    const { rule, ref, trace } = result;
    if (!rule.budget || trace.points === 0) return result;
    const points = draws.draw({ rule: ref, budget: rule.budget, points: trace.points });
    return points === trace.points ? result : { ref, rule, ...cutToBudget(result, points) };
  });
  return { results: cut, draws: draws.emissions };
}

/** Lists of the configuration last as long as it does. */
const named = new WeakMap<readonly Published<PublishedEarningRule>[], readonly string[]>();

/**
 * The budgets that rules name: those in force at an instant, or any version.
 * @param at null for any version of any rule.
 */
export function budgetsNamed(config: ConfigSnapshot, at: Instant | null): readonly string[] {
  const published = config.inForce(earningRuleKind, at ?? Infinity);
  if (at === null) {
    const versions = published.flatMap(({ key }) => config.versions(earningRuleKind, key));
    return [...new Set(versions.flatMap(({ body }) => body.budget?.budgetId ?? []))];
  }
  const known = named.get(published);
  if (known) return known;
  const made = [
    ...new Set(earningRulesInForce(config, at).flatMap(({ rule }) => rule.budget?.budgetId ?? [])),
  ];
  named.set(published, made);
  return made;
}

type ReturnedAward = DomainEventMap['awards.returned']['awards'][number];
type Returned = Pick<DomainEventMap['awards.returned'], 'purchaseId' | 'earnedAt' | 'awards'>;

/**
 * Points that came back, or were given up while they waited, may be given again, also after the campaign. Points that
 * had expired were given: they stay used.
 */
export const returnToBudgets = reactor({
  name: 'earning.returnToBudgets',
  on: 'awards.returned',
  react: ({ data }, work) => ok(returnsTo(data, work)),
});

/** The same where the buyer's figures are lowered without a command on the buyer. */
export const returnToBudgetsElsewhere = reactor({
  name: 'earning.returnToBudgetsElsewhere',
  on: 'awards.cancelled',
  react: ({ data, memberId }, work) => ok(data.memberId === memberId ? NO_EMISSIONS : returnsTo(data, work)),
});

/** The same for an activity that was taken back. */
export const returnToBudgetsOfActivity = reactor({
  name: 'earning.returnToBudgetsOfActivity',
  on: 'activity.cancelled',
  react: ({ data: { activity, awards } }, work) => {
    const source = { kind: 'activity', id: activity.activityId, occurredAt: activity.occurredAt } as const;
    return ok(awards.flatMap((award) => returnOf(award, source, work)));
  },
});

/** The same for a gift whose promotion was taken back. */
export const returnToBudgetsOfPromotion = reactor({
  name: 'earning.returnToBudgetsOfPromotion',
  on: 'promotion.giftTakenBack',
  react: ({ data: { gift, awards } }, work) => {
    const source = { kind: 'promotion', id: gift.giftId, occurredAt: gift.occurredAt } as const;
    return ok(awards.flatMap((award) => returnOf(award, source, work)));
  },
});

/** The same for a registration for a campaign. */
export const returnToBudgetsOfRegistration = reactor({
  name: 'earning.returnToBudgetsOfRegistration',
  on: 'campaign.cancelled',
  react: ({ data: { registration, awards } }, work) => {
    const { registrationId: id, registeredAt: occurredAt } = registration;
    const source = { kind: 'registration', id, occurredAt } as const;
    return ok(awards.flatMap((award) => returnOf(award, source, work)));
  },
});

function returnsTo({ purchaseId, earnedAt, awards }: Returned, work: Work): readonly Emission[] {
  const source = { kind: 'purchase', id: purchaseId, occurredAt: earnedAt } as const;
  return awards.flatMap((award) => returnOf(award, source, work));
}

function returnOf(
  { ruleId: id, ruleVersion: version, points, expired, whole }: ReturnedAward,
  source: DrawSource,
  work: Work,
) {
  const rule = { id, version };
  const budget = earningRuleVersion(work.config, rule)?.body.budget;
  const back = points - expired;
  if (!budget || (back === 0 && !whole)) return [];
  return [budgetReturned({ rule, budgetId: budget.budgetId, points: back, whole }, source, work)];
}
