import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { OpeningBalancesDto, ProofQueryDto } from './opening.dto.js';
import { problemPlace } from '../platform/http/problem.filter.js';
import { Openings } from './openings.service.js';

@ApiTags('opening balances')
@Controller('v1/opening-balances')
@Scopes('import', 'admin')
export class OpeningsController {
  constructor(private readonly openings: Openings) {}

  @Post()
  @HttpCode(200)
  @Answers(200, 'OpeningBalances')
  @ApiOperation({
    summary: 'Bring points of an old system in, with what they carry, on the first day in the books (E26)',
  })
  bringIn(
    @CurrentCaller() caller: Caller,
    @Body() body: OpeningBalancesDto,
    @Query() { dryRun = false }: CommandQueryDto,
    @Req() request: FastifyRequest,
  ) {
    return this.openings.bringIn(body, caller, dryRun, problemPlace(request));
  }

  @Get('proof')
  @Answers(200, 'OpeningProof')
  @Scopes('import', 'admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'What an old system says it had against what came in, and whether the books tie' })
  proof(@CurrentCaller() caller: Caller, @Query() query: ProofQueryDto) {
    return this.openings.proof(query, caller);
  }
}
