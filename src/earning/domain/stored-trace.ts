import type { VersionRef } from '../../kernel/domain-events.js';
import type { EarningRule } from './earning-rule.js';
import type { ConditionTrace, RuleTrace } from './rule-trace.js';

/** One letter a reason, so that what most rules have to say about most receipts takes one byte each. Never reused. */
const LETTERS = {
  matched: 'm',
  noMatchingLine: 'n',
  belowMinimum: 'b',
  belowStep: 's',
  roundedToNothing: 'r',
  limitReached: 'l',
  inactive: 'i',
  ended: 'e',
  memberNotActive: 'a',
  conditionFalse: 'c',
  conditionFailed: 'f',
  paused: 'p',
  outOfSchedule: 'o',
} as const satisfies Record<RuleTrace['why'], string>;
const REASONS = new Map<string, RuleTrace['why']>(
  Object.entries(LETTERS).map(([why, letter]) => [letter, why as RuleTrace['why']]),
);

/** What a rule has to say beyond its reason: its place, basis, points, multiplier, cap. */
type Figures = readonly [
  index: number,
  basisMinor: number,
  points?: number,
  multiplier?: string | null,
  limitedBy?: string | null,
];

/**
 * The traces of a receipt as they are kept: which versions were considered, a letter for each, and figures where there
 * are any. Names and rounding are those of the versions, which never change.
 */
export interface StoredTrace {
  /** `id@version`, separated by spaces. */
  readonly rules: string;
  readonly why: string;
  readonly figures: readonly Figures[];
  /** By the place of the rule; absent where no condition decided anything. */
  readonly conditions?: readonly (readonly [index: number, condition: ConditionTrace])[];
}

/** @param rules the versions considered, as `ruleNames` writes them, in the order of the traces. */
export function packTraces(traces: readonly RuleTrace[], rules: string): StoredTrace {
  const why = Buffer.allocUnsafe(traces.length);
  const figures: Figures[] = [];
  const conditions: (readonly [number, ConditionTrace])[] = [];
  for (let index = 0; index < traces.length; index += 1) {
    const { why: reason, basisMinor, points, multiplier, limitedBy, condition } = traces[index] as RuleTrace;
    if (condition) conditions.push([index, condition]);
    why[index] = LETTERS[reason].charCodeAt(0);
    if (multiplier !== null || limitedBy !== null)
      figures.push([index, basisMinor, points, multiplier, limitedBy]);
    else if (points !== 0) figures.push([index, basisMinor, points]);
    else if (basisMinor !== 0) figures.push([index, basisMinor]);
  }
  const packed = { rules, why: why.toString('latin1'), figures };
  return conditions.length === 0 ? packed : { ...packed, conditions };
}

/** The traces as they were; null where `find` does not know a version. @throws Error for what no release wrote. */
export function unpackTraces(
  { rules, why, figures, conditions = [] }: StoredTrace,
  find: (ref: VersionRef) => EarningRule | undefined,
): readonly RuleTrace[] | null {
  const byIndex = new Map(figures.map((entry) => [entry[0], entry] as const));
  const conditionOf = new Map(conditions);
  const traces: RuleTrace[] = [];
  for (const [index, ref] of readNames(rules).entries()) {
    const rule = find(ref);
    if (!rule) return null;
    const reason = REASONS.get(why.charAt(index));
    if (!reason) throw new Error(`the trace of ${ref.id} version ${ref.version} cannot be read`);
    const [, basisMinor = 0, points = 0, multiplier = null, limitedBy = null] = byIndex.get(index) ?? [];
    traces.push(
      traceOf(rule, ref, reason, {
        basisMinor,
        points,
        multiplier,
        limitedBy,
        condition: conditionOf.get(index),
      }),
    );
  }
  return traces;
}

/** What a version's conditions read of the member when the receipt was recorded; nothing for what no release wrote. */
export function storedValues(stored: unknown, { id, version }: VersionRef): ConditionTrace['values'] {
  const { rules, conditions = [] } = stored as Partial<StoredTrace>;
  if (rules === undefined) return {};
  const place = readNames(rules).findIndex((ref) => ref.id === id && ref.version === version);
  return conditions.find(([index]) => index === place)?.[1].values ?? {};
}

/** The list written last: receipts of one time are evaluated with the same rules, one after the other. */
const last: { refs: readonly VersionRef[]; text: string } = { refs: [], text: '' };

/** The versions that traces are of, as one text; ids have no spaces and no `@`. */
export function ruleNames(traces: readonly RuleTrace[]): string {
  const { refs } = last;
  if (traces.length === refs.length && traces.every(({ rule }, index) => rule === refs[index]))
    return last.text;
  last.refs = traces.map(({ rule }) => rule);
  last.text = last.refs.map(({ id, version }) => `${id}@${version}`).join(' ');
  return last.text;
}

function readNames(text: string): readonly VersionRef[] {
  if (text === '') return [];
  return text.split(' ').map((name) => {
    const at = name.lastIndexOf('@');
    return { id: name.slice(0, at), version: Number(name.slice(at + 1)) };
  });
}

/** What a rule has to say about a receipt, with all that follows from the rule itself. */
export function traceOf(
  rule: EarningRule,
  ref: VersionRef,
  why: RuleTrace['why'],
  { basisMinor = 0, points = 0, multiplier = null, limitedBy = null, condition }: Partial<RuleTrace>,
): RuleTrace {
  const isRounded = 'tierMultipliers' in rule.amount || multiplier !== null;
  const trace: RuleTrace = {
    rule: ref,
    name: rule.name,
    matched: why === 'matched',
    why,
    basisMinor,
    points,
    multiplier,
    limitedBy,
    rounding: why === 'matched' && isRounded ? 'floor' : null,
  };
  return condition ? { ...trace, condition } : trace;
}
