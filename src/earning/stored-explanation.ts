import { formatInstant, type Instant } from '../kernel/time.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import { figureOf } from './domain/gives.js';
import type { ConditionTrace, RuleTrace } from './domain/rule-trace.js';
import { RECEIPT_TRIGGER, triggerName } from './domain/rule-trigger.js';
import { packTraces, ruleNames, unpackTraces, type StoredTrace } from './domain/stored-trace.js';
import { earningRuleVersion, rulesBegunLater } from './earning-rule.kind.js';
import { compiledConditions } from './rule-conditions.js';

/** The traces of a receipt in the form in which they are stored with it. */
export function storedExplanation(traces: readonly RuleTrace[]): StoredTrace {
  return packTraces(traces, ruleNames(traces));
}

/** What an explanation shows: what evaluated the receipt, and what would have evaluated it later on the same day. */
export type ExplainedRule = Omit<RuleTrace, 'why' | 'condition'> & {
  readonly why: RuleTrace['why'] | 'notYetInForce';
  /** Only of a rule that began later on the day. */
  readonly inForceFrom?: string;
  /** Only where a condition decided something. */
  readonly condition?: ExplainedCondition;
};

/** What a condition had to do with it, with the text of the part that was not met. */
export interface ExplainedCondition {
  readonly on: ConditionTrace['on'];
  readonly part: string | null;
  readonly values: ConditionTrace['values'];
}

const RECEIPT = triggerName(RECEIPT_TRIGGER);

/**
 * The traces of a receipt, or of another trigger, and after them the rules of that trigger that began later on the day.
 */
export function explained(
  traces: readonly RuleTrace[],
  config: ConfigSnapshot,
  occurredAt: Instant,
  trigger: string = RECEIPT,
): readonly ExplainedRule[] {
  const later = rulesBegunLater(config, occurredAt, trigger).map(({ ref, name, from }) => ({
    rule: ref,
    name,
    matched: false,
    why: 'notYetInForce' as const,
    ...{ basisMinor: 0, points: 0, multiplier: null, limitedBy: null, rounding: null },
    inForceFrom: formatInstant(from),
  }));
  return [...traces.map((trace) => withText(trace, config)), ...later];
}

function withText(trace: RuleTrace, config: ConfigSnapshot): ExplainedRule {
  const { condition, ...rest } = withRaw(trace);
  if (!condition) return rest;
  const { on, part, values } = condition;
  const rule = earningRuleVersion(config, trace.rule)?.body;
  const compiled = rule && compiledConditions(rule)[on === 'line' ? 'line' : 'receipt'];
  const text = part === null ? null : (compiled?.parts[part] ?? null);
  return { ...rest, condition: { on, part: text, values } };
}

/** The raw figure is left out of what is stored where it is what the rule gave. */
function withRaw(trace: RuleTrace): RuleTrace {
  const { matched, multiplier, limitedBy, raw } = trace;
  if (raw !== undefined || !matched || multiplier !== null || limitedBy !== null) return trace;
  return { ...trace, raw: String(figureOf(trace)) };
}

/**
 * Reads what was stored with a receipt; receipts of before have their traces in full.
 * @returns null where the configuration loaded does not know a version yet.
 */
export function readExplanation(stored: unknown, config: ConfigSnapshot): readonly RuleTrace[] | null {
  if (Array.isArray(stored)) return stored as readonly RuleTrace[];
  return unpackTraces(stored as StoredTrace, (ref) => earningRuleVersion(config, ref)?.body);
}
