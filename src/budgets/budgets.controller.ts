import { Controller, Get, Inject, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { ConfigRoutes, type ConfigHooks } from '../platform/versioned-config/config-routes.js';
import type { Publication, PublishCheck } from '../platform/versioned-config/config.store.js';
import { BudgetReportQuery } from './budget-report.query.js';
import { budgetUseView } from './budget-view.js';
import { BudgetDto, budgetOf } from './budget.dto.js';
import { budgetKind, currentBudget } from './budget.kind.js';
import { belowUse, changedLater, fillSlices } from './budget.store.js';
import type { Budget } from './domain/budget.js';

@ApiTags('budgets')
@Controller('v1/budgets')
@Scopes('admin')
@ConfigRoutes({
  kind: budgetKind,
  schema: 'Budget',
  dto: BudgetDto,
  readers: ['admin', 'finance', 'analyst', 'auditor'],
  summaries: {
    list: 'Every version of every budget',
    versions: 'The versions of one budget',
    draft: 'Write the next version as a draft; it raises or lowers the budget once it is published',
  },
})
export class BudgetsController implements ConfigHooks<BudgetDto> {
  constructor(
    private readonly config: ConfigEndpoint,
    private readonly configs: ConfigCache,
    private readonly report: BudgetReportQuery,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  definitionOf(body: BudgetDto): Budget {
    return budgetOf(body);
  }

  publishCheck(): PublishCheck {
    const now = this.clock.now();
    const refusal = (publication: Publication) => changedLater(publication, now) ?? belowUse(publication);
    return { refusal, alsoWrites: fillSlices, holdsWrites: true };
  }

  @Get(':id/use')
  @Answers(200, 'BudgetUse')
  @Scopes('admin', 'finance', 'analyst', 'auditor')
  @ApiOperation({ summary: 'What is left of a budget, and what each rule used of it' })
  async use(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    await this.config.versions(caller, { kind: budgetKind.name, key: id });
    const config = await this.configs.current(caller.programmeId);
    const published = currentBudget(config, id);
    if (!published) {
      const detail = `The budget ${id} is a draft: nothing can be used of it.`;
      throw invalid([{ pointer: '/id', code: 'NOT_PUBLISHED', detail }]);
    }
    const found = await this.report.useOf(caller.programmeId, id);
    return budgetUseView(id, published.version, published.body, found, config.currency);
  }
}
