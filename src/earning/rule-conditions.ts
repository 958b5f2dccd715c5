import { compileCondition, LineValue, MemberValue, ReceiptValue, TimeValue } from '../conditions/index.js';
import type {
  Condition,
  ConditionContext,
  MemberSource,
  ReceiptFacts,
  StoredValue,
} from '../conditions/index.js';
import type { ConditionTrace } from '../kernel/domain-events.js';
import type { Instant } from '../kernel/time.js';
import type { EarningRule } from './domain/earning-rule.js';
import type { ConditionResult, ConditionsOf } from './domain/rule-conditions.js';

/** The compiled conditions of a published rule. */
interface Compiled {
  readonly receipt: Condition | null;
  readonly line: Condition | null;
}

/** Published rules never change, so each is compiled once in a process or thread. */
const compiled = new WeakMap<EarningRule, Compiled>();

/**
 * The conditions of a rule, compiled. @throws Error for a text that does not compile: it was checked when the rule was
 * saved and when it was published.
 */
export function compiledConditions(rule: EarningRule): Compiled {
  const known = compiled.get(rule);
  if (known) return known;
  const { condition, lines } = rule;
  const made = {
    receipt: condition === null ? null : requireCompiled(condition, 'receipt'),
    line: lines.condition === undefined ? null : requireCompiled(lines.condition, 'line'),
  };
  compiled.set(rule, made);
  return made;
}

function requireCompiled(text: string, scope: 'receipt' | 'line'): Condition {
  const result = compileCondition(text, scope);
  if (!result.ok) throw new Error(`a published condition does not compile: ${result.refusal.detail}`);
  return result.value;
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
  readonly occurredAt: Instant;
  readonly timeZone: string;
}

/** Evaluates conditions over one receipt; each line is looked at once for each rule. */
export function conditionsOver({ receipt, member, occurredAt, timeZone }: ConditionInput): ConditionsOf {
  const context: ConditionContext = {
    receipt: new ReceiptValue(receipt),
    member: new MemberValue(member),
    time: new TimeValue(occurredAt, timeZone),
  };
  return (rule) => {
    const { receipt: whole, line } = compiledConditions(rule);
    return {
      receipt: whole && (() => evaluated(whole, context, 'receipt')),
      line: line && overLines(line, context, receipt),
      met: () => metBy([whole, line], context),
    };
  };
}

function evaluated(condition: Condition, context: ConditionContext, on: 'receipt' | 'line'): ConditionResult {
  const verdict = condition.evaluate(context);
  if (verdict.outcome === 'true') return { outcome: 'true', trace: { on, part: null, values: {} } };
  return { outcome: verdict.outcome, trace: { on, part: verdict.part, values: verdict.values } };
}

function metBy(
  conditions: readonly (Condition | null)[],
  context: ConditionContext,
): ConditionTrace | undefined {
  const values: Record<string, StoredValue> = {};
  for (const condition of conditions) Object.assign(values, condition?.memberValues(context));
  if (conditions.some((condition) => condition?.reads('receipt')))
    values['member.tier'] = context.member.tier;
  return Object.keys(values).length === 0 ? undefined : { on: 'receipt', part: null, values };
}

function overLines(
  condition: Condition,
  context: ConditionContext,
  { lines }: ReceiptFacts,
): (lineNo: number) => ConditionResult {
  const known = new Map<number, ConditionResult>();
  return (lineNo) => {
    const found = known.get(lineNo);
    if (found) return found;
    const line = lines.find((candidate) => candidate.lineNo === lineNo);
    if (!line) throw new Error(`the receipt has no line ${lineNo}`);
    const result = evaluated(condition, { ...context, line: new LineValue(line) }, 'line');
    known.set(lineNo, result);
    return result;
  };
}
