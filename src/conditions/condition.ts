import type { ParseError, ParseResult } from '@marcbachmann/cel-js';
import { refuse, ok, type Result } from '../kernel/result.js';
import type { ActivityValue } from './activity-value.js';
import type { Window } from '../kernel/window.js';
import { DecimalValue } from './decimal-value.js';
import { ConditionFaultError, type ConditionFault } from './fault.js';
import { activityOfKey, windowOfKey, type HistoryValue } from './history-value.js';
import { inspect, LINES_KEY } from './inspect.js';
import { LANGUAGES } from './language.js';
import type { MemberValue, StoredValue, ValueKey } from './member-value.js';
import { MissingValueError } from './missing-value.js';
import type { LineValue, ReceiptValue } from './receipt-value.js';
import { textOf } from './text-of.js';
import type { TimeValue } from './time-value.js';
import type { ConditionScope } from './vocabulary.js';

/** Characters of one condition. */
export const MAX_CONDITION_LENGTH = 2_000;

/** What a condition is evaluated over: the subjects of its scope. */
export interface ConditionContext {
  readonly receipt?: ReceiptValue;
  readonly activity?: ActivityValue;
  readonly member: MemberValue;
  readonly history: HistoryValue;
  readonly time: TimeValue;
  readonly line?: LineValue;
}

/** Values that were read, by what they are called. */
export type ReadValues = Readonly<Record<ValueKey, StoredValue>>;

/**
 * What came of a condition. `false` names the first part that was not met, with the values it read; a value that is not
 * known is null. `failed`: a fault of the condition, such as a division by zero.
 */
export type Verdict =
  | { readonly outcome: 'true' }
  | { readonly outcome: 'false' | 'failed'; readonly part: number; readonly values: ReadValues };

const MET: Verdict = { outcome: 'true' };

/** One of the conditions that `&&` joins, and what it reads. */
interface Part {
  readonly text: string;
  readonly holds: ParseResult;
  readonly leaves: readonly { readonly key: string; readonly read: ParseResult }[];
}

/** A compiled condition. It holds closures, so it is compiled anew in every process and thread. */
export class Condition {
  private readonly subjects: ReadonlySet<string>;
  /** Over which the condition asks for what the member did before. */
  readonly windows: readonly Window[];
  /** Types of activities whose past it asks for. */
  readonly activityTypes: readonly string[];

  constructor(
    /** As it was written. */
    readonly text: string,
    private readonly joined: readonly Part[],
    /** The most steps over one receipt of 1,000 lines. */
    readonly steps: number,
    /** The rungs of a ladder that it names; whether there are any such is the programme's to say. */
    readonly rungs: readonly string[],
    /** What it reads, such as `member.age` or `activity.number("stars")`. */
    readonly keys: readonly string[],
  ) {
    this.subjects = new Set(keys.map(subjectOfKey));
    this.windows = keys.map(windowOfKey).filter((window) => window !== null);
    this.activityTypes = keys.flatMap((key) => activityOfKey(key)?.type ?? []);
  }

  /** The texts of the parts that `&&` joins, in order. */
  get parts(): readonly string[] {
    return this.joined.map(({ text }) => text);
  }

  /** Whether it reads a value of a subject; `person` is the member without the rung. */
  reads(subject: 'receipt' | 'person' | 'history'): boolean {
    return this.subjects.has(subject);
  }

  /** Evaluates part after part until one is not met. Never throws. */
  evaluate(context: ConditionContext): Verdict {
    for (const [index, part] of this.joined.entries()) {
      const outcome = outcomeOf(part.holds, context);
      if (outcome !== 'true') return { outcome, part: index, values: valuesOf(part.leaves, context) };
    }
    return MET;
  }

  /** What comes of it, without what was read: for most lines of a receipt nothing more is wanted. Never throws. */
  outcome(context: ConditionContext): Verdict['outcome'] {
    for (const { holds } of this.joined) {
      const outcome = outcomeOf(holds, context);
      if (outcome !== 'true') return outcome;
    }
    return 'true';
  }

  /** The values of the member and the history that it reads, in the form in which a trace keeps them. */
  memberValues(context: ConditionContext): ReadValues {
    return valuesOf(
      this.leaves().filter(({ key }) => key.startsWith('member.') || key.startsWith('history.')),
      context,
    );
  }

  private leaves(): Part['leaves'] {
    return this.joined.flatMap(({ leaves }) => leaves);
  }
}

/**
 * Compiles a condition: parsed, bounded, checked for types and for what is allowed.
 * @returns the first fault, with the characters where it stands.
 */
export function compileCondition(text: string, scope: ConditionScope): Result<Condition, ConditionFault> {
  if (text.length > MAX_CONDITION_LENGTH) {
    const detail = `A condition has at most ${MAX_CONDITION_LENGTH} characters; this one has ${text.length}.`;
    return refuse({ code: 'CONDITION_TOO_LONG', detail, from: MAX_CONDITION_LENGTH, to: text.length });
  }
  if (text.trim() === '')
    return refuse({ code: 'CONDITION_SYNTAX', detail: 'The condition is empty.', from: 0, to: text.length });
  try {
    const whole = parsed(text, scope);
    const { steps, rungs, parts } = inspect(whole.ast, scope);
    const joined = parts.map(({ node, keys }) => partOf(textOf(node, text), keys, scope));
    return ok(
      new Condition(
        text,
        joined,
        steps,
        rungs,
        parts.flatMap(({ keys }) => keys),
      ),
    );
  } catch (error) {
    if (error instanceof ConditionFaultError) return refuse(error.fault);
    throw error;
  }
}

/** `receipt.amountMinor` is of the receipt; the rung is the ladder's, all else of a member the person's. */
function subjectOfKey(key: string): string {
  if (activityOfKey(key)) return 'activities';
  const subject = key.slice(0, key.indexOf('.'));
  return subject === 'member' ? (key === 'member.tier' ? 'rung' : 'person') : subject;
}

function parsed(text: string, scope: ConditionScope): ParseResult {
  let result: ParseResult;
  try {
    result = LANGUAGES[scope].parse(text);
  } catch (error) {
    throw new ConditionFaultError(faultOf(error as ParseError, text, 'CONDITION_SYNTAX'));
  }
  const { valid, type, error } = result.check();
  if (!valid) throw new ConditionFaultError(faultOf(error as ParseError, text, 'CONDITION_TYPE'));
  if (type !== 'bool') {
    const detail = `A condition is true or false; this is ${type ?? 'something else'}.`;
    throw new ConditionFaultError({ code: 'CONDITION_TYPE', detail, from: 0, to: text.length });
  }
  return result;
}

const UNKNOWN_NAMES: ReadonlySet<string> = new Set(['no_such_key', 'unknown_variable']);

function faultOf(error: ParseError, text: string, code: ConditionFault['code']): ConditionFault {
  const { start: from = 0, end: to = text.length } = error.range ?? {};
  const isName = UNKNOWN_NAMES.has(error.code);
  const detail = `${error.summary}.`;
  return { code: isName ? 'CONDITION_UNKNOWN_NAME' : code, detail, from, to };
}

function partOf(text: string, keys: readonly string[], scope: ConditionScope): Part {
  const shown = keys.filter((key) => key !== LINES_KEY);
  return {
    text,
    holds: parsed(text, scope),
    leaves: shown.map((key) => ({ key, read: parsedLeaf(key, scope) })),
  };
}

/** A key is written as the language reads it. */
function parsedLeaf(key: string, scope: ConditionScope): ParseResult {
  const read = LANGUAGES[scope].parse(key);
  read.check();
  return read;
}

function outcomeOf(holds: ParseResult, context: ConditionContext): 'true' | 'false' | 'failed' {
  try {
    return holds(context) === true ? 'true' : 'false';
  } catch (error) {
    return isMissing(error) ? 'false' : 'failed';
  }
}

/** The language wraps what its functions throw. */
function isMissing(error: unknown): boolean {
  return (
    error instanceof MissingValueError || (error instanceof Error && error.cause instanceof MissingValueError)
  );
}

function valuesOf(leaves: Part['leaves'], context: ConditionContext): ReadValues {
  return Object.fromEntries(leaves.map(({ key, read }) => [key, valueOf(read, context)]));
}

function valueOf(read: ParseResult, context: ConditionContext): StoredValue {
  try {
    const value: unknown = read(context);
    if (typeof value === 'boolean' || typeof value === 'string') return value;
    return value instanceof DecimalValue || typeof value === 'bigint' ? value.toString() : null;
  } catch {
    return null;
  }
}
