import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { invalid } from '../platform/http/validation.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { AccountingPolicyDto, accountingPolicyOf } from './accounting-policy.dto.js';
import {
  ACCOUNTING_POLICY_KEY,
  accountingPolicyFor,
  accountingPolicyKind,
} from './accounting-policy.kind.js';

const ADDRESS = { kind: accountingPolicyKind.name, key: ACCOUNTING_POLICY_KEY };

@ApiTags('accounting policies')
@Controller('v1/finance/policies')
@Scopes('admin', 'finance')
export class AccountingPoliciesController {
  constructor(
    private readonly config: ConfigEndpoint,
    private readonly configs: ConfigCache,
  ) {}

  @Get()
  @Answers(200, 'AccountingPolicyVersions')
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'Every version of the accounting policy' })
  list(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, accountingPolicyKind.name);
  }

  @Put('draft')
  @Answers(200, 'AccountingPolicyVersion')
  @ApiOperation({
    summary:
      'Write the next version of the policy as a draft; what it does not say stays as published before',
  })
  async saveDraft(@CurrentCaller() caller: Caller, @Body() body: AccountingPolicyDto) {
    const published = accountingPolicyFor(await this.configs.current(caller.programmeId), Infinity);
    // The ledgers of two entities cannot share one control account: that is a transfer, not a new version.
    if (published && published.body.entity !== body.entity) {
      const detail = `The programme's entity is ${published.body.entity} and stays so.`;
      throw invalid([{ pointer: '/entity', code: 'ENTITY_IS_FIXED', detail }]);
    }
    return this.config.saveDraft(caller, ADDRESS, accountingPolicyOf(body, published?.body));
  }

  @Post('publish')
  @Answers(200, 'AccountingPolicyVersion')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish the draft from an instant on' })
  publish(@CurrentCaller() caller: Caller, @Body() body: PublishDto) {
    return this.config.publish(caller, ADDRESS, body);
  }

  @Delete('draft')
  @AnswersNothing()
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller) {
    return this.config.discardDraft(caller, ADDRESS);
  }
}
