import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { isId } from '../kernel/ids.js';
import { memberProblems, MemberStore } from '../members/index.js';
import { EventLogQuery } from '../platform/bus/event-log.query.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { askedTypes } from './asked-types.js';
import { EventCatalogue } from './event-catalogue.js';
import { EventsQueryDto } from './events.controller.js';

export class MemberEventsQueryDto extends EventsQueryDto {
  /** `present` is the household's, or the survivor's after a merge; `home` has what happened before. */
  @ApiPropertyOptional({ enum: ['present', 'home'], default: 'present' })
  @IsOptional()
  @IsIn(['present', 'home'])
  account?: 'present' | 'home';
}

@ApiTags('events')
@Controller('v1/members/:id/events')
@Scopes('members', 'admin', 'analyst', 'auditor')
export class MemberEventsController {
  constructor(
    private readonly log: EventLogQuery,
    private readonly members: MemberStore,
    private readonly catalogue: EventCatalogue,
  ) {}

  @Get()
  @Answers(200, 'MemberEvents')
  @ApiOperation({ summary: 'What happened to a member on one of their accounts, newest first' })
  async list(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() { cursor, limit = DEFAULT_PAGE_SIZE, types, account }: MemberEventsQueryDto,
  ) {
    const member = isId('mbr', id) ? await this.members.find(programmeId, { kind: 'member', id }) : null;
    if (!member)
      throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
    if (cursor !== undefined && !/^\d{1,18}$/.test(cursor)) {
      const detail = 'The cursor must be the nextCursor of an earlier page.';
      throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
    }
    const found = await this.log.ofMember(
      account === 'home' ? member.homeAccountId : member.accountId,
      member.memberId,
      { before: cursor ?? null, types: askedTypes(types, this.catalogue), limit: limit + 1 },
    );
    const data = found.slice(0, limit);
    return { data, nextCursor: found.length > limit ? String(data.at(-1)?.sequence) : null };
  }
}
