import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ConfigEndpoint } from '../platform/versioned-config/config-endpoint.js';
import { PublishDto } from '../platform/versioned-config/config-requests.dto.js';
import { AdjustmentReasonDto, adjustmentReasonOf } from './adjustment-reason.dto.js';
import { adjustmentReasonKind } from './adjustment-reason.kind.js';

const address = (key: string) => ({ kind: adjustmentReasonKind.name, key });

@ApiTags('adjustment reasons')
@Controller('v1/adjustment-reasons')
@Scopes('admin')
export class AdjustmentReasonsController {
  constructor(private readonly config: ConfigEndpoint) {}

  @Get()
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'Every version of every reason for adjusting points by hand' })
  list(@CurrentCaller() caller: Caller) {
    return this.config.list(caller, adjustmentReasonKind.name);
  }

  @Get(':id')
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'The versions of one reason' })
  versions(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.versions(caller, address(id));
  }

  @Put(':id/draft')
  @ApiOperation({ summary: 'Write the next version as a draft' })
  saveDraft(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: AdjustmentReasonDto) {
    return this.config.saveDraft(caller, address(id), adjustmentReasonOf(body));
  }

  @Post(':id/publish')
  @HttpCode(200)
  @ApiOperation({ summary: 'Publish the draft from an instant on' })
  publish(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: PublishDto) {
    return this.config.publish(caller, address(id), body);
  }

  @Delete(':id/draft')
  @HttpCode(204)
  @ApiOperation({ summary: 'Discard the draft' })
  discard(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return this.config.discardDraft(caller, address(id));
  }
}
