import type { StatusAward, VersionRef } from '../kernel/domain-events.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { RuleResult } from './domain/assessed.js';
import { givesOf } from './domain/gives.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import { earningRuleVersion } from './earning-rule.kind.js';

const NO_STATUS: readonly StatusAward[] = [];

/** The status points that rules gave. */
export function statusAwards(results: readonly (RuleInForce & RuleResult)[]): readonly StatusAward[] {
  if (!results.some(({ trace }) => trace.statusPoints !== undefined)) return NO_STATUS;
  return results.flatMap(({ rule, ref, trace: { statusPoints: points = 0 }, lines }) =>
    points === 0 ? [] : [{ rule: ref, points, lines, withPoints: givesOf(rule) === 'both' }],
  );
}

/** Whether a version gave as many status points as points, so that both are cancelled together. */
export function givesBoth(config: ConfigSnapshot, ref: VersionRef): boolean {
  const rule = earningRuleVersion(config, ref)?.body;
  return rule !== undefined && givesOf(rule) === 'both';
}
