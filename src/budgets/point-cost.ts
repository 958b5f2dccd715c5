import { parseDecimal } from '../kernel/decimal.js';
import { divideHalfUp } from '../kernel/division.js';
import { currencyExponent } from '../kernel/money.js';
import type { Instant } from '../kernel/time.js';
import type { ConfigKind, ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';

/** The estimates of an accounting policy. Finance owns the kind; it cannot be imported, for it rests on earning. */
interface Estimates {
  readonly valuePerPoint: string;
  readonly redemptionProbability: string;
  readonly valueIncludesTax: boolean;
  readonly taxRate: string;
}

const policies: ConfigKind<Estimates> = { name: 'accounting-policy' };
const POLICY_KEY = 'main';

/** Parts of a minor unit in which the cost of points is counted. */
export const COST_PER_MINOR = 10n ** 12n;

const costs = new WeakMap<Estimates, bigint>();

/**
 * What a point costs: value x probability / (1 + tax), in 10^-12 of a minor unit, rounded half up once. Sums of it are
 * exact however points are split or come back; a billion points differ from the unrounded quotient by less than a
 * thousandth of a minor unit.
 * @param at the day whose policy counts: when the occasion of the points was.
 * @param knownAt when they were granted: what was published later for an earlier time changes no cost.
 * @returns 0 where no policy was ever published.
 */
export function pointCost(config: ConfigSnapshot, at: Instant, knownAt: Instant): bigint {
  const versions = config.versions(policies, POLICY_KEY);
  const known = versions.filter(({ publishedAt = 0 }) => publishedAt <= knownAt);
  const policy = known.find(({ effectiveAt }) => effectiveAt <= at) ?? known.at(-1) ?? versions.at(-1);
  return policy ? costOf(policy.body, config.currency) : 0n;
}

function costOf(policy: Estimates, currency: string): bigint {
  const found = costs.get(policy);
  if (found !== undefined) return found;
  const v = parseDecimal(policy.valuePerPoint);
  const p = parseDecimal(policy.redemptionProbability);
  const t = parseDecimal(policy.valueIncludesTax ? policy.taxRate : '0');
  const scale = 10n ** BigInt(currencyExponent(currency)) * COST_PER_MINOR;
  const cost = divideHalfUp(
    v.numerator * p.numerator * t.denominator * scale,
    v.denominator * p.denominator * (t.denominator + t.numerator),
  );
  costs.set(policy, cost);
  return cost;
}
