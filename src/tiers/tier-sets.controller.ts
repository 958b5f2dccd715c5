import { Body, Controller, Delete, Get, HttpCode, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, AnswersNothing } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { TIER_SET_KEY } from '../programmes/index.js';
import { TierSetDto, tierSetOf } from './tier-set.dto.js';
import { tierSetKind } from './tier-set.kind.js';

const ADDRESS = { kind: tierSetKind.name, key: TIER_SET_KEY };

@ApiTags('tier sets')
@Controller('v1/tier-sets')
@Scopes('admin')
export class TierSetsController {
  constructor(private readonly config: ConfigEndpoint) {}

  @Get()
  @Answers(200, 'TierSetVersions')
  @Scopes('pos', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Every version of the ladder' })
  list(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, tierSetKind.name);
  }

  @Put('draft')
  @Answers(200, 'TierSetVersion')
  @ApiOperation({ summary: 'Write the next version of the ladder as a draft' })
  saveDraft(@CurrentCaller() caller: Caller, @Body() body: TierSetDto) {
    return this.config.saveDraft(caller, ADDRESS, tierSetOf(body));
  }

  @Post('publish')
  @Answers(200, 'TierSetVersion')
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
