import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId } from '../kernel/ids.js';
import { memberProblems, MemberStore } from '../members/index.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { PromotionGiftsQuery } from './promotion-gifts.query.js';

@ApiTags('members')
@Controller('v1/members/:id/promotion-gifts')
@Scopes('members', 'admin', 'analyst', 'auditor')
export class PromotionGiftsController {
  constructor(
    private readonly members: MemberStore,
    private readonly gifts: PromotionGiftsQuery,
  ) {}

  @Get()
  @Answers(200, 'PromotionGifts')
  @ApiOperation({ summary: 'Gifts for promotions of a member with their explanations, newest first' })
  async list(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() { cursor, limit = DEFAULT_PAGE_SIZE }: PageQueryDto,
  ) {
    const member = isId('mbr', id) ? await this.members.find(programmeId, { kind: 'member', id }) : null;
    if (!member)
      throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
    if (cursor !== undefined && !isId('gft', cursor)) {
      const detail = 'The cursor must be the nextCursor of an earlier page.';
      throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
    }
    return this.gifts.page(programmeId, member.memberId, limit, cursor ?? null);
  }
}
