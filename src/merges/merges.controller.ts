import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId, type IdSource } from '../kernel/ids.js';
import { memberProblems } from '../members/index.js';
import { AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
import { MergeMembersDto } from './merge.dto.js';
import type { MergeMembersBody } from './merge-members.handler.js';

@ApiTags('members')
@Controller('v1/members')
@Scopes('admin')
export class MergesController {
  constructor(
    private readonly pipeline: Pipeline,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post(':id/merge')
  @HttpCode(200)
  @AnswersCommand(200, 'MembersMerged')
  @ApiOperation({ summary: 'Make one member of two: the one in the path carries on' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async merge(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() { duplicate }: MergeMembersDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!isId('mbr', id))
      throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
    const body: MergeMembersBody = { measuresAt: 0 };
    const command = commandOf(
      {
        type: 'member.merge',
        caller,
        target: { kind: 'member', id },
        counterparty: targetOf(duplicate, caller, '/duplicate'),
        body,
        idempotencyKey,
        dryRun,
      },
      this.ids,
    );
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }
}
