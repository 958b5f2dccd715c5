import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId } from '../kernel/ids.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { Scopes } from '../platform/http/caller.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { MergeMembersDto } from './merge.dto.js';
import type { MergeMembersBody } from './merge-members.handler.js';
import { memberProblems } from './problems.js';

@ApiTags('members')
@Controller('v1/members')
@Scopes('admin')
export class MergesController {
  @Post(':id/merge')
  @CommandRoute({ 200: 'MembersMerged' })
  @ApiOperation({ summary: 'Make one member of two: the one in the path carries on' })
  merge(
    @Param('id') id: string,
    @Body() { duplicate }: MergeMembersDto,
    context: CommandContext,
  ): Submission {
    if (!isId('mbr', id))
      throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
    const body: MergeMembersBody = { measuresAt: 0 };
    const counterparty = targetOf(duplicate, context.caller, '/duplicate');
    return commandOf({ type: 'member.merge', target: { kind: 'member', id }, counterparty, body }, context);
  }
}
