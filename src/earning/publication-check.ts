import { formatInstant } from '../kernel/time.js';
import { invalid } from '../platform/http/validation.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { unknownTiers } from '../programmes/index.js';
import { activityFaults } from './activity-faults.js';
import { conditionFaults } from './condition-faults.js';
import { namedTiers } from './domain/rule-amount.js';
import { faultsTogether } from './domain/rules-together.js';
import { completeBody, earningRulesFrom, type PublishedEarningRule } from './earning-rule.kind.js';
import { scheduleFaults } from './schedule-faults.js';

/**
 * What a rule must meet before it is published: its conditions compile, also those of drafts that an earlier release
 * saved, and schedules still happen; it gets on with the other rules; and the tiers that it names exist.
 */
export const refusal: PublishCheck['refusal'] = ({ draft, config, effectiveAt }) => {
  const rule = completeBody(draft.body as unknown as PublishedEarningRule);
  const others = earningRulesFrom(config, effectiveAt).filter(({ id }) => id !== draft.key);
  const faults = [
    ...conditionFaults(rule),
    ...scheduleFaults(rule.schedule, { from: formatInstant(effectiveAt), until: rule.endsAt }),
    ...faultsTogether({ id: draft.key, rule }, others),
    ...activityFaults(rule, config, effectiveAt),
  ];
  if (faults.length > 0) return invalid(faults).problem;
  const { field, tiers } = namedTiers(rule.amount);
  return unknownTiers(config, tiers, `/amount/${field}`, effectiveAt);
};
