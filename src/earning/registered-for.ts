import { countsFor, currentCampaign, registeredSlice } from '../campaigns/index.js';
import type { Instant } from '../kernel/time.js';
import type { Work } from '../platform/pipeline/index.js';
import type { ConfigSnapshot } from '../platform/versioned-config/config-snapshot.js';
import type { EarningRule } from './domain/earning-rule.js';
import type { RuleInForce } from './domain/rule-in-force.js';
import { earningRulesInForce } from './earning-rule.kind.js';

/** Lists of rules in force last as long as the configuration does. */
const named = new WeakMap<readonly RuleInForce[], string | null>();

/** The campaigns that rules in force at an instant name, one a line; null where none does. */
export function campaignsOfRules(config: ConfigSnapshot, at: Instant): string | null {
  const rules = earningRulesInForce(config, at);
  const known = named.get(rules);
  if (known !== undefined) return known;
  const campaigns = rules.flatMap(({ rule }) => rule.campaign ?? []);
  const made = campaigns.length === 0 ? null : [...new Set(campaigns)].sort().join('\n');
  named.set(rules, made);
  return made;
}

/**
 * Whether what occurred at an instant counts for the campaign that the rule names; asked only of rules that name one.
 * @throws Error where the member's registrations were not loaded.
 */
export function registeredFor({ campaign: id = '' }: EarningRule, at: Instant, work: Work): boolean {
  const registered = work.member(registeredSlice);
  if (!registered) throw new Error(`the registrations for the campaign ${id} were not loaded`);
  const published = currentCampaign(work.config, id);
  const own = registered.filter(({ campaignId }) => campaignId === id);
  return published !== undefined && countsFor(published.body, own, at);
}
