import { compileCondition, LineValue, MemberValue, ReceiptValue, TimeValue } from '../conditions/index.js';
import type {
  Condition,
  ConditionContext,
  MemberSource,
  ReceiptFacts,
  StoredValue,
} from '../conditions/index.js';
import type { ConditionTrace, PurchaseLine } from '../kernel/domain-events.js';
import type { Instant } from '../kernel/time.js';
import type { EarningRule } from './domain/earning-rule.js';
import type {
  ConditionOutcome,
  ConditionResult,
  ConditionsOf,
  LineCondition,
  RuleConditions,
} from './domain/rule-conditions.js';

/** The compiled conditions of a published rule. */
interface Compiled {
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

/** The conditions of a rule, compiled. */
export function compiledConditions(rule: EarningRule): Compiled {
  const known = compiled.get(rule);
  if (known) return known;
  const receipt = compiledOr(rule.condition ?? undefined, 'receipt');
  const line = compiledOr(rule.lines.condition, 'line');
  const broken = receipt === BROKEN || line === BROKEN;
  const made = { receipt: receipt === BROKEN ? null : receipt, line: line === BROKEN ? null : line, broken };
  compiled.set(rule, made);
  return made;
}

const BROKEN = Symbol('does not compile');

function compiledOr(text: string | undefined, scope: 'receipt' | 'line'): Condition | null | typeof BROKEN {
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
  const lines = linesByNumber(receipt.lines);
  return (rule) => {
    const { receipt: whole, line, broken } = compiledConditions(rule);
    if (broken) return BROKEN_CONDITIONS;
    return {
      receipt: whole && (() => evaluated(whole, context, 'receipt')),
      line: line && overLines(line, context, lines),
      met: () => metBy([whole, line], context),
    };
  };
}

const BROKEN_CONDITIONS: RuleConditions = {
  receipt: () => ({ outcome: 'failed', trace: { on: 'receipt', part: null, values: {} } }),
  line: null,
  met: () => undefined,
};

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
