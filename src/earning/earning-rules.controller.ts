import { Controller } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { ConfigVersionView } from '../platform/versioned-config/config-lifecycle.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import type { EarningRule } from './domain/earning-rule.js';
import { warningsOf } from './domain/rule-warnings.js';
import { EarningRuleDto, earningRuleOf } from './earning-rule.dto.js';
import { earningRuleKind, type PublishedEarningRule } from './earning-rule.kind.js';
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

  /** With what is doubtful about each. */
  listed(_caller: Caller, versions: readonly ConfigVersionView[]): Promise<readonly ConfigVersionView[]> {
    const shown = versions.map((version) => ({
      ...version,
      warnings: warningsOf(version.definition as unknown as PublishedEarningRule),
    }));
    return Promise.resolve(shown);
  }

  publishCheck(): PublishCheck {
    return { refusal };
  }
}
