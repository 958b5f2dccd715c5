import type { Points } from '../../kernel/points.js';
import type { LocalDate } from '../../kernel/time.js';
import { areCombined, beatenOf, type Beaten, type Contender } from './combine.js';
import type { EarningCounters } from './counters.js';
import { isCandidate, type Candidate, type Assessed, type RuleResult } from './assessed.js';
import { givesOnlyStatus } from './gives.js';
import { lowestCeiling, type Ceiling } from './limits.js';
import type { RuleInForce } from './rule-in-force.js';
import { settle } from './settle.js';

/** What the caps of a receipt are counted against. */
export interface CapInput {
  /** The receipt's business day. */
  readonly day: LocalDate;
  readonly counters: EarningCounters;
  /** What may still be added to the balance; null when it has no cap. */
  readonly headroom: Points | null;
  /** The last cap: what a rule may still give of points that all others left it; null or absent for no cap. */
  readonly budget?: (rule: RuleInForce, points: Points) => Ceiling | null;
}

/** A candidate after its own limits. */
interface Limited {
  readonly candidate: Candidate;
  readonly points: Points;
  readonly cap: Ceiling | null;
}

/**
 * The last steps of all rules together, in their order (docs/earning.md): the limits of each, its group, the balance, the
 * budget. Each rule finds the headroom that the rules before it left; one that another rule beat takes none.
 * @param assessed what each rule comes to by itself, in the order of the rules.
 */
export function applyCaps(
  rules: readonly RuleInForce[],
  assessed: readonly Assessed[],
  caps: CapInput,
): readonly (RuleInForce & RuleResult)[] {
  const limited = assessed.map((one) => (isCandidate(one) ? withinLimits(one, caps) : one));
  const beaten = areCombined(rules) ? beatenOf(limited.flatMap(contending)) : NONE_BEATEN;
  let left = caps.headroom;
  return rules.map(({ ref, rule }, index) => {
    const one = limited[index] as Limited | RuleResult;
    const { trace, lines } =
      'trace' in one ? one : settled(one, beaten.get(ref.id) ?? null, left, caps.budget);
    if (left !== null) left -= trace.points;
    return { ref, rule, trace, lines };
  });
}

const NONE_BEATEN: ReadonlyMap<string, Beaten> = new Map();

function withinLimits(candidate: Candidate, { counters, day }: CapInput): Limited {
  const { rule, ref, points } = candidate;
  const ceiling = points === 0 ? null : lowestCeiling(rule, { counters, ruleId: ref.id, day }, points);
  const cap = ceiling !== null && ceiling.points < points ? ceiling : null;
  return { candidate, points: cap?.points ?? points, cap };
}

function contending(one: Limited | RuleResult): readonly Contender[] {
  if ('trace' in one || one.points === 0) return [];
  const { ref, rule } = one.candidate;
  return [{ ref, rule, points: one.points }];
}

/** The caps that all rules share. Status points add nothing to a balance. */
function settled(
  { candidate, points: limited, cap }: Limited,
  beaten: Beaten | null,
  headroom: Points | null,
  budget: CapInput['budget'],
): RuleResult {
  if (beaten) return settle(candidate, { limited, points: 0, cap, beaten });
  const full = headroom !== null && headroom < limited && !givesOnlyStatus(candidate.rule);
  let points = full ? headroom : limited;
  let last = full ? { points, limitedBy: 'programme.maximumBalance' } : cap;
  const spent = points > 0 ? (budget?.(candidate, points) ?? null) : null;
  if (spent !== null && spent.points < points) {
    points = spent.points;
    last = spent;
  }
  return settle(candidate, { limited, points, cap: last, beaten: null });
}
