import {
  ActivityValue,
  compileCondition,
  HistoryValue,
  LineValue,
  MemberValue,
  ReceiptValue,
  TimeValue,
  type ActivityFacts,
  type Condition,
  type ConditionContext,
  type ConditionScope,
  type MemberSource,
  type ReceiptFacts,
  type StoredValue,
} from '../conditions/index.js';
import type { PurchaseLine } from '../kernel/domain-events.js';
import type { Instant } from '../kernel/time.js';
import type { EarningRule } from './domain/earning-rule.js';
import type { ConditionTrace } from './domain/rule-trace.js';
import { triggerOf, type RuleTrigger } from './domain/rule-trigger.js';
import type {
  ConditionOutcome,
  ConditionResult,
  ConditionsOf,
  LineCondition,
  RuleConditions,
} from './domain/rule-conditions.js';

/** The compiled conditions of a published rule. */
interface Compiled {
  /** On the receipt, or on what else the trigger brings. */
  readonly receipt: Condition | null;
  readonly line: Condition | null;
  /**
   * Whether a text does not compile. Texts are checked when a draft is saved and when it is published, but an earlier
   * release may have taken what this one refuses: the rule gives nothing then, and receipts go on.
   */
  readonly broken: boolean;
}

/** Published rules never change, so each is compiled once in a process or thread. */
const compiled = new WeakMap<EarningRule, Compiled>();

/** What the condition of a rule with a trigger is on. */
export function conditionScope({ type }: RuleTrigger): Exclude<ConditionScope, 'line'> {
  return type === 'receipt' || type === 'activity' ? type : 'occasion';
}

/** The conditions of a rule, compiled. */
export function compiledConditions(rule: EarningRule): Compiled {
  const known = compiled.get(rule);
  if (known) return known;
  const receipt = compiledOr(rule.condition ?? undefined, conditionScope(triggerOf(rule)));
  const line = compiledOr(rule.lines.condition, 'line');
  const broken = receipt === BROKEN || line === BROKEN;
  const made = { receipt: receipt === BROKEN ? null : receipt, line: line === BROKEN ? null : line, broken };
  compiled.set(rule, made);
  return made;
}

const BROKEN = Symbol('does not compile');

function compiledOr(text: string | undefined, scope: ConditionScope): Condition | null | typeof BROKEN {
  if (text === undefined) return null;
  const result = compileCondition(text, scope);
  return result.ok ? result.value : BROKEN;
}

/** Whether a condition of the rule reads the basket: then its points do not go by their lines. */
export function readsBasket(rule: EarningRule): boolean {
  const { receipt, line } = compiledConditions(rule);
  return receipt?.reads('receipt') === true || line?.reads('receipt') === true;
}

/** What conditions of a receipt are evaluated over. */
export interface ConditionInput {
  readonly receipt: ReceiptFacts;
  readonly member: MemberSource;
  readonly history: MemberSource;
  readonly occurredAt: Instant;
  readonly timeZone: string;
}

/** Evaluates conditions over one receipt; each line is looked at once for each rule. */
export function conditionsOver({
  receipt,
  member,
  history,
  occurredAt,
  timeZone,
}: ConditionInput): ConditionsOf {
  const context: ConditionContext = {
    receipt: new ReceiptValue(receipt),
    member: new MemberValue(member),
    history: new HistoryValue(history),
    time: new TimeValue(occurredAt, timeZone),
  };
  const lines = linesByNumber(receipt.lines);
  return (rule) => {
    const { receipt: whole, line, broken } = compiledConditions(rule);
    if (broken) return brokenConditions('receipt');
    return {
      receipt: whole && (() => evaluated(whole, context, 'receipt')),
      line: line && overLines(line, context, lines),
      met: () => metBy([whole, line], context, 'receipt'),
    };
  };
}

/** What conditions of a rule without a basket are evaluated over. */
export interface OccasionConditionInput extends Omit<ConditionInput, 'receipt'> {
  /** Only of rules that look at activities. */
  readonly activity?: ActivityFacts;
}

/** Evaluates conditions of rules that look at no receipt. */
export function conditionsOverOccasion({
  activity,
  member,
  history,
  occurredAt,
  timeZone,
}: OccasionConditionInput): ConditionsOf {
  const on = activity ? 'activity' : 'occasion';
  const context: ConditionContext = {
    ...(activity ? { activity: new ActivityValue(activity) } : {}),
    member: new MemberValue(member),
    history: new HistoryValue(history),
    time: new TimeValue(occurredAt, timeZone),
  };
  return (rule) => {
    const { receipt: whole, broken } = compiledConditions(rule);
    if (broken) return brokenConditions(on);
    return {
      receipt: whole && (() => evaluated(whole, context, on)),
      line: null,
      met: () => metBy([whole], context, on),
    };
  };
}

function brokenConditions(on: ConditionTrace['on']): RuleConditions {
  return {
    receipt: () => ({ outcome: 'failed', trace: { on, part: null, values: {} } }),
    line: null,
    met: () => undefined,
  };
}

function evaluated(
  condition: Condition,
  context: ConditionContext,
  on: ConditionTrace['on'],
): ConditionResult {
  const verdict = condition.evaluate(context);
  if (verdict.outcome === 'true') return { outcome: 'true', trace: { on, part: null, values: {} } };
  return { outcome: verdict.outcome, trace: { on, part: verdict.part, values: verdict.values } };
}

function metBy(
  conditions: readonly (Condition | null)[],
  context: ConditionContext,
  on: ConditionTrace['on'],
): ConditionTrace | undefined {
  const values: Record<string, StoredValue> = {};
  for (const condition of conditions) Object.assign(values, condition?.memberValues(context));
  if (conditions.some((condition) => condition?.reads('receipt')))
    values['member.tier'] = context.member.tier;
  return Object.keys(values).length === 0 ? undefined : { on, part: null, values };
}

/** The lines as conditions see them; made when the first rule asks, for most rules have no condition on lines. */
function linesByNumber(lines: readonly PurchaseLine[]): (lineNo: number) => LineValue {
  let known: ReadonlyMap<number, LineValue> | null = null;
  return (lineNo) => {
    known ??= new Map(lines.map((line) => [line.lineNo, new LineValue(line)]));
    const line = known.get(lineNo);
    if (!line) throw new Error(`the receipt has no line ${lineNo}`);
    return line;
  };
}

function overLines(
  condition: Condition,
  context: ConditionContext,
  lineOf: (lineNo: number) => LineValue,
): LineCondition {
  const known = new Map<number, ConditionOutcome>();
  const contextOf = (lineNo: number): ConditionContext => ({ ...context, line: lineOf(lineNo) });
  return {
    outcome: (lineNo) => {
      const found = known.get(lineNo);
      if (found) return found;
      const outcome = condition.outcome(contextOf(lineNo));
      known.set(lineNo, outcome);
      return outcome;
    },
    trace: (lineNo) => evaluated(condition, contextOf(lineNo), 'line').trace,
  };
}
