import type { VersionRef } from '../../kernel/domain-events.js';
import type { EarningRule } from './earning-rule.js';
import { givesOf } from './gives.js';
import type { ConditionTrace, RuleTrace } from './rule-trace.js';

/** One letter a reason, so that what most rules have to say about most receipts takes one byte each. Never reused. */
export const LETTERS = {
  matched: 'm',
  noMatchingLine: 'n',
  belowMinimum: 'b',
  belowStep: 's',
  roundedToNothing: 'r',
  limitReached: 'l',
  budgetSpent: 'u',
  inactive: 'i',
  ended: 'e',
  memberNotActive: 'a',
  conditionFalse: 'c',
  conditionFailed: 'f',
  paused: 'p',
  outOfSchedule: 'o',
  tenderNotUsed: 't',
  tierWithout: 'w',
  noMargin: 'g',
  noBase: 'z',
  groupLost: 'v',
  excluded: 'x',
  milestoneNotReached: 'k',
  givenLately: 'y',
  notRegistered: 'R',
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

/** What few rules have to say. */
type Details = Pick<
  RuleTrace,
  'raw' | 'rounded' | 'limited' | 'beatenBy' | 'tier' | 'milestone' | 'statusPoints'
>;

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
  /** By the place of the rule; absent where no rule has any. */
  readonly details?: readonly (readonly [index: number, details: Details])[];
}

/** @param rules the versions considered, as `ruleNames` writes them, in the order of the traces. */
export function packTraces(traces: readonly RuleTrace[], rules: string): StoredTrace {
  const why = Buffer.allocUnsafe(traces.length);
  const figures: Figures[] = [];
  const conditions: (readonly [number, ConditionTrace])[] = [];
  const details: (readonly [number, Details])[] = [];
  for (let index = 0; index < traces.length; index += 1) {
    const trace = traces[index] as RuleTrace;
    const { why: reason, basisMinor, points, multiplier, limitedBy, condition } = trace;
    if (condition) conditions.push([index, condition]);
    if (hasDetails(trace)) details.push([index, detailsOf(trace)]);
    why[index] = LETTERS[reason].charCodeAt(0);
    if (multiplier !== null || limitedBy !== null)
      figures.push([index, basisMinor, points, multiplier, limitedBy]);
    else if (points !== 0) figures.push([index, basisMinor, points]);
    else if (basisMinor !== 0) figures.push([index, basisMinor]);
  }
  const packed = { rules, why: why.toString('latin1'), figures };
  if (conditions.length + details.length === 0) return packed;
  return {
    ...packed,
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(details.length === 0 ? {} : { details }),
  };
}

function hasDetails({ raw, rounded, limited, beatenBy, tier, milestone, statusPoints }: RuleTrace): boolean {
  return (raw ?? rounded ?? limited ?? beatenBy ?? tier ?? milestone ?? statusPoints) !== undefined;
}

function detailsOf({ raw, rounded, limited, beatenBy, tier, milestone, statusPoints }: Details): Details {
  return {
    ...(raw === undefined ? {} : { raw }),
    ...(rounded === undefined ? {} : { rounded }),
    ...(limited === undefined ? {} : { limited }),
    ...(beatenBy === undefined ? {} : { beatenBy }),
    ...(tier === undefined ? {} : { tier }),
    ...(milestone === undefined ? {} : { milestone }),
    ...(statusPoints === undefined ? {} : { statusPoints }),
  };
}

/** The traces as they were; null where `find` does not know a version. @throws Error for what no release wrote. */
export function unpackTraces(
  { rules, why, figures, conditions = [], details = [] }: StoredTrace,
  find: (ref: VersionRef) => EarningRule | undefined,
): readonly RuleTrace[] | null {
  const byIndex = new Map(figures.map((entry) => [entry[0], entry] as const));
  const conditionOf = new Map(conditions);
  const detailOf = new Map(details);
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
        ...detailOf.get(index),
      }),
    );
  }
  return traces;
}

/** What a version's conditions read of the member when the receipt was recorded; nothing for what no release wrote. */
export function storedValues(stored: unknown, ref: VersionRef): ConditionTrace['values'] {
  const { conditions = [] } = stored as Partial<StoredTrace>;
  const place = placeOf(stored, ref);
  return conditions.find(([index]) => index === place)?.[1].values ?? {};
}

/** The tier by which a version was evaluated, where it may be evaluated again; null without one. */
export function storedTier(stored: unknown, ref: VersionRef): string | null {
  const { details = [] } = stored as Partial<StoredTrace>;
  const place = placeOf(stored, ref);
  return details.find(([index]) => index === place)?.[1].tier ?? null;
}

/** Why a version gave what it gave when the receipt was recorded; undefined for what no release wrote. */
export function storedWhy(stored: unknown, ref: VersionRef): RuleTrace['why'] | undefined {
  const { why = '' } = stored as Partial<StoredTrace>;
  return REASONS.get(why.charAt(placeOf(stored, ref)));
}

/** The versions that were considered; none for what no release wrote. */
export function storedRules(stored: unknown): readonly VersionRef[] {
  const { rules } = stored as Partial<StoredTrace>;
  return rules === undefined ? [] : readNames(rules);
}

function placeOf(stored: unknown, { id, version }: VersionRef): number {
  return storedRules(stored).findIndex((ref) => ref.id === id && ref.version === version);
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

const FIXED_AMOUNTS: ReadonlySet<string> = new Set(['basketBonus', 'fixed', 'tierTable', 'bands']);
/** Where a rule has a figure that was rounded. */
const ROUNDED: ReadonlySet<string> = new Set(['matched', 'roundedToNothing', 'groupLost', 'excluded']);

/** What a rule has to say about a receipt, with all that follows from the rule itself. */
export function traceOf(
  rule: EarningRule,
  ref: VersionRef,
  why: RuleTrace['why'],
  fields: Partial<RuleTrace>,
): RuleTrace {
  const { basisMinor = 0, points = 0, multiplier = null, limitedBy = null, condition } = fields;
  const isRounded = !FIXED_AMOUNTS.has(rule.amount.type) || multiplier !== null;
  const trace: RuleTrace = {
    rule: ref,
    name: rule.name,
    matched: why === 'matched',
    why,
    basisMinor,
    points,
    multiplier,
    limitedBy,
    rounding: isRounded && ROUNDED.has(why) ? rule.rounding : null,
  };
  const { raw, limited, tier, milestone } = fields;
  const more = (raw ?? limited ?? tier ?? milestone) !== undefined;
  const gives = givesOf(rule);
  if (!condition && !more && gives === 'points') return trace;
  return {
    ...trace,
    ...(gives === 'points' ? {} : { gives }),
    ...detailsOf(fields),
    ...(condition ? { condition } : {}),
  };
}
