import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, Scopes, type Caller } from '../../platform/http/caller.js';
import { VerifyService, type VerifyReport } from './verify.service.js';

@ApiTags('operations')
@Controller('v1/admin/verify')
@Scopes('auditor')
export class VerifyController {
  constructor(private readonly verify: VerifyService) {}

  @Get()
  @ApiOperation({
    summary: "Re-derive the programme's balances, lots and hash chains from the movements alone",
  })
  run(@CurrentCaller() { programmeId }: Caller): Promise<VerifyReport> {
    return this.verify.run({ programmeId });
  }
}
