import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { formatInstant } from '../kernel/time.js';
import { Scopes } from '../platform/http/caller.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { unknownTiers } from '../programmes/index.js';
import { invalid } from '../platform/http/validation.js';
import { conditionFaults } from './condition-faults.js';
import type { EarningRule } from './domain/earning-rule.js';
import { EarningRuleDto, earningRuleOf } from './earning-rule.dto.js';
import { earningRuleKind } from './earning-rule.kind.js';
import { scheduleFaults } from './schedule-faults.js';

/**
 * Conditions compile and schedules still happen, also those of drafts that an earlier release saved, and a rule
 * multiplies by tiers there are.
 */
const refusal: PublishCheck['refusal'] = ({ draft, config, effectiveAt }) => {
  const { amount, ...rule } = draft.body as unknown as EarningRule;
  const running = { from: formatInstant(effectiveAt), until: rule.endsAt };
  const faults = [...conditionFaults(rule), ...scheduleFaults(rule.schedule, running)];
  if (faults.length > 0) return invalid(faults).problem;
  const names = 'tierMultipliers' in amount ? Object.keys(amount.tierMultipliers) : [];
  return unknownTiers(config, names, '/amount/tierMultipliers', effectiveAt);
};

@ApiTags('earning rules')
@Controller('v1/earning-rules')
@Scopes('admin')
@ConfigRoutes({
  kind: earningRuleKind,
  schema: 'EarningRule',
  dto: EarningRuleDto,
  readers: ['admin', 'analyst', 'auditor'],
  pausable: true,
  summaries: {
    list: 'Every version of every rule',
    versions: 'The versions of one rule',
    draft: 'Write the next version as a draft; published versions never change',
  },
})
export class EarningRulesController implements ConfigHooks<EarningRuleDto> {
  definitionOf(body: EarningRuleDto): EarningRule {
    return earningRuleOf(body);
  }

  publishCheck(): PublishCheck {
    return { refusal };
  }
}
