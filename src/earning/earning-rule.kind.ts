import type { VersionRef } from '../kernel/domain-events.js';
import { groupBy } from '../kernel/group-by.js';
import { endOfDay, localDate, type Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot, Published } from '../platform/versioned-config/config-snapshot.js';
import type { EarningRule } from './domain/earning-rule.js';
import { RECEIPT_TRIGGER, triggerName, triggerOf } from './domain/rule-trigger.js';
import type { RuleInForce } from './domain/rule-in-force.js';

/** What rules did not have at first, and what holds for those that were published without it. */
const ADDED_FIELD_DEFAULTS = {
  trigger: RECEIPT_TRIGGER,
  gives: 'points',
  condition: null,
  counts: null,
  multiplier: null,
  rounding: 'floor',
  earnOnPointsPaid: false,
  limits: [],
  coolDown: null,
  group: null,
  exclusive: false,
  order: 0,
  pending: null,
} satisfies Partial<EarningRule>;

/** A rule as it was published by this or an earlier release. */
export type PublishedEarningRule = Omit<EarningRule, keyof typeof ADDED_FIELD_DEFAULTS> &
  Partial<EarningRule>;

export const earningRuleKind: ConfigKind<PublishedEarningRule> = {
  name: 'earning-rule',
  complete: completeBody,
};

/** Published versions never change, so each is completed once. */
const completed = new WeakMap<Published<PublishedEarningRule>, Published<EarningRule>>();

/** Lists of the configuration last as long as it does, so what is made of one is made once. */
const rulesInForce = new WeakMap<readonly Published<PublishedEarningRule>[], readonly RuleInForce[]>();

/** The rules in force at an instant, by their order, then by key. */
export function earningRulesInForce(config: ConfigSnapshot, at: Instant): readonly RuleInForce[] {
  const published = config.inForce(earningRuleKind, at);
  const known = rulesInForce.get(published);
  if (known) return known;
  const made = published.map((version) => {
    const { key, body } = complete(version);
    return { ref: { id: key, version: version.version }, rule: body };
  });
  // Keys are in order already, and sorting is stable.
  made.sort((a, b) => a.rule.order - b.rule.order);
  rulesInForce.set(published, made);
  return made;
}

/** The rules in force by the name of their trigger. */
const byTrigger = new WeakMap<readonly RuleInForce[], ReadonlyMap<string, readonly RuleInForce[]>>();
const NO_RULES: readonly RuleInForce[] = [];

/**
 * The rules in force at an instant that look at what one trigger brings, ordered by key.
 * @param trigger its name, as `triggerName` writes it.
 */
export function rulesTriggeredBy(
  config: ConfigSnapshot,
  at: Instant,
  trigger: string,
): readonly RuleInForce[] {
  const rules = earningRulesInForce(config, at);
  let known = byTrigger.get(rules);
  if (!known) byTrigger.set(rules, (known = groupBy(rules, ({ rule }) => triggerName(triggerOf(rule)))));
  return known.get(trigger) ?? NO_RULES;
}

/** A version of a rule that was not in force yet when a receipt occurred, but began on the same business day. */
export interface LaterRule {
  readonly ref: VersionRef;
  readonly name: string;
  readonly from: Instant;
}

/**
 * Versions of rules that began after an instant, on its day: why what occurred on that day was evaluated without them.
 * @param trigger of the rules, as `triggerName` writes it.
 */
export function rulesBegunLater(config: ConfigSnapshot, at: Instant, trigger: string): readonly LaterRule[] {
  const end = endOfDay(localDate(at, config.timeZone), config.timeZone);
  return config
    .inForce(earningRuleKind, end - 1)
    .filter(({ effectiveAt, body }) => effectiveAt > at && triggerName(triggerOf(body)) === trigger)
    .map(({ key, version, effectiveAt, body }) => ({
      ref: { id: key, version },
      name: body.name,
      from: effectiveAt,
    }));
}

/** When the first rule begins that begins after an instant; null where none does. */
export function firstRuleAfter(config: ConfigSnapshot, at: Instant): Instant | null {
  const begins = config
    .inForce(earningRuleKind, Infinity)
    .map(({ key }) => config.beginsAfter(earningRuleKind, key, at))
    .filter((instant) => instant !== null);
  return begins.length === 0 ? null : Math.min(...begins);
}

/** What rules say from an instant on: the versions in force then, and those that begin later. */
export function earningRulesFrom(
  config: ConfigSnapshot,
  from: Instant,
): readonly { readonly id: string; readonly rule: EarningRule }[] {
  return config.inForce(earningRuleKind, Infinity).flatMap(({ key }) => {
    const versions = config.versions(earningRuleKind, key);
    const now = config.find(earningRuleKind, key, from);
    const held = versions.filter((version) => version === now || version.effectiveAt > from);
    return held.map((version) => ({ id: key, rule: complete(version).body }));
  });
}

/** One version of a rule, in force or not. */
export function earningRuleVersion(
  config: ConfigSnapshot,
  { id, version }: VersionRef,
): Published<EarningRule> | undefined {
  const published = config.version(earningRuleKind, id, version);
  return published && complete(published);
}

/** Whether a version of a rule gives for promotions. */
export function isPromotionRule(config: ConfigSnapshot, ref: VersionRef | null): boolean {
  const rule = ref && earningRuleVersion(config, ref)?.body;
  return rule ? triggerOf(rule).type === 'promotion' : false;
}

/** Field by field, so that all rules are of one shape: each receipt looks at every one of them. */
export function completeBody(body: PublishedEarningRule): EarningRule {
  const absent = ADDED_FIELD_DEFAULTS;
  return {
    name: body.name,
    active: body.active,
    trigger: body.trigger ?? absent.trigger,
    gives: body.gives ?? absent.gives,
    origin: body.origin,
    condition: body.condition ?? absent.condition,
    basis: body.basis,
    counts: body.counts ?? absent.counts,
    amount: body.amount,
    multiplier: body.multiplier ?? absent.multiplier,
    rounding: body.rounding ?? absent.rounding,
    lines: body.lines,
    earnOnPointsPaid: body.earnOnPointsPaid ?? absent.earnOnPointsPaid,
    limits: body.limits ?? absent.limits,
    coolDown: body.coolDown ?? absent.coolDown,
    group: body.group ?? absent.group,
    exclusive: body.exclusive ?? absent.exclusive,
    order: body.order ?? absent.order,
    campaign: body.campaign,
    budget: body.budget,
    expiry: body.expiry,
    pending: body.pending ?? absent.pending,
    schedule: body.schedule,
    endsAt: body.endsAt,
  };
}

function complete(published: Published<PublishedEarningRule>): Published<EarningRule> {
  const known = completed.get(published);
  if (known) return known;
  const body = completeBody(published.body);
  const made = { ...published, body: published.paused ? { ...body, paused: true } : body };
  completed.set(published, made);
  return made;
}
