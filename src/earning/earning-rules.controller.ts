import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes } from '../platform/http/caller.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import type { EarningRule } from './domain/earning-rule.js';
import { EarningRuleDto, earningRuleOf } from './earning-rule.dto.js';
import { earningRuleKind } from './earning-rule.kind.js';
import { refusal } from './publication-check.js';

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
