import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import type { PublishCheck } from '../platform/versioned-config/config.store.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { unknownTiers } from '../programmes/index.js';
import type { EarningRule } from './domain/earning-rule.js';
import { EarningRuleDto, earningRuleOf } from './earning-rule.dto.js';
import { earningRuleKind } from './earning-rule.kind.js';

/** A rule multiplies by tiers that there are. */
const refusal: PublishCheck['refusal'] = ({ draft, config, effectiveAt }) => {
  const { amount } = draft.body as unknown as EarningRule;
  const names = 'tierMultipliers' in amount ? Object.keys(amount.tierMultipliers) : [];
  return unknownTiers(config, names, '/amount/tierMultipliers', effectiveAt);
};

const address = (key: string) => ({ kind: earningRuleKind.name, key });

@ApiTags('earning rules')
@Controller('v1/earning-rules')
@Scopes('admin')
export class EarningRulesController {
  constructor(private readonly config: ConfigEndpoint) {}

  @Get()
  @Answers(200, 'EarningRuleVersions')
  @Scopes('admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Every version of every rule' })
  list(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, earningRuleKind.name);
  }

  @Get(':id')
  @Answers(200, 'EarningRuleHistory')
  @Scopes('admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'The versions of one rule' })
  versions(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.versions(caller, address(id));
  }

  @Put(':id/draft')
  @Answers(200, 'EarningRuleVersion')
  @ApiOperation({ summary: 'Write the next version as a draft; published versions never change' })
  saveDraft(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: EarningRuleDto) {
    return this.config.saveDraft(caller, address(id), earningRuleOf(body));
  }

  @Post(':id/publish')
  @Answers(200, 'EarningRuleVersion')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish the draft from an instant on' })
  publish(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: PublishDto) {
    return this.config.publish(caller, address(id), body, { refusal });
  }

  @Delete(':id/draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.discardDraft(caller, address(id));
  }
}
