import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId, type HouseholdId, type MemberId } from '../kernel/ids.js';
import { memberProblems } from '../members/index.js';
import { Answers } from '../platform/http/answers.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { accountOf } from './household-ids.js';
import { ChangeRoleDto, CreateHouseholdDto, JoinHouseholdDto, LeaveHouseholdDto } from './household.dto.js';
import { HouseholdQuery } from './household.query.js';
import { HouseholdsService } from './households.service.js';
import { householdProblems } from './problems.js';

@ApiTags('households')
@Controller('v1/households')
@Scopes('members', 'admin')
export class HouseholdsController {
  constructor(
    private readonly query: HouseholdQuery,
    private readonly households: HouseholdsService,
  ) {}

  @Post()
  @CommandRoute({ 201: 'HouseholdJoined' })
  @ApiOperation({ summary: 'Open an account that several members share, with its head' })
  create(@Body() { name, head }: CreateHouseholdDto, context: CommandContext): Submission {
    const counterparty = { kind: 'new', id: context.ids.next('acc') } as const;
    const target = targetOf(head, context.caller, '/head');
    const body = { name: name ?? null };
    const type = 'household.create';
    return commandOf({ type, target, counterparty, body }, context);
  }

  @Get()
  @Answers(200, 'Households')
  @Scopes('members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Households in the order in which they were opened' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: PageQueryDto) {
    const { cursor = null, limit = DEFAULT_PAGE_SIZE } = query;
    if (cursor !== null && !isId('hsh', cursor)) {
      const detail = 'The cursor must be the nextCursor of an earlier page.';
      throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
    }
    const found = await this.query.page(programmeId, limit + 1, cursor);
    const data = await Promise.all(
      found.slice(0, limit).map((household) => this.households.view(programmeId, household)),
    );
    return { data, nextCursor: found.length > limit ? (data.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @Answers(200, 'Household')
  @Scopes('pos', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'A household: its members, their roles, its balance' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const household = await this.query.find(programmeId, householdId(id));
    if (!household) throw notFound(id);
    return this.households.view(programmeId, household);
  }

  @Post(':id/members')
  @CommandRoute({ 201: 'HouseholdJoined' })
  @ApiOperation({ summary: 'Join: a member shares the account, with all they have' })
  join(
    @Param('id') id: string,
    @Body() { member, role }: JoinHouseholdDto,
    context: CommandContext,
  ): Submission {
    const body = { householdId: householdId(id), role };
    const counterparty = { kind: 'account', id: accountOf(body.householdId) } as const;
    const target = targetOf(member, context.caller);
    const type = 'household.join';
    return commandOf({ type, target, counterparty, body }, context);
  }

  @Post(':id/members/:memberId/leave')
  @CommandRoute({ 200: 'HouseholdLeft' })
  @ApiOperation({ summary: 'Leave: a member goes back to their own account, with their part' })
  leave(
    @Param('id') id: string,
    @Param('memberId') member: string,
    @Body() { split }: LeaveHouseholdDto,
    context: CommandContext,
  ): Submission {
    const body = { householdId: householdId(id), split: split ?? 'own' };
    const target = { kind: 'member', id: memberId(member) } as const;
    const counterparty = { kind: 'home', id: target.id } as const;
    const type = 'household.leave';
    return commandOf({ type, target, counterparty, body }, context);
  }

  @Patch(':id/members/:memberId')
  @CommandRoute({ 200: 'HouseholdRole' })
  @ApiOperation({ summary: 'Give a member another role; a new head makes the old one an adult' })
  changeRole(
    @Param('id') id: string,
    @Param('memberId') member: string,
    @Body() { role }: ChangeRoleDto,
    context: CommandContext,
  ): Submission {
    const body = { householdId: householdId(id), role };
    const target = { kind: 'member', id: memberId(member) } as const;
    const type = 'household.changeRole';
    return commandOf({ type, target, body }, context);
  }
}

function householdId(id: string): HouseholdId {
  if (isId('hsh', id)) return id;
  throw notFound(id);
}

function memberId(id: string): MemberId {
  if (isId('mbr', id)) return id;
  throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
}

function notFound(id: string): ProblemException {
  return new ProblemException(
    householdProblems.problem('HOUSEHOLD_NOT_FOUND', `There is no household ${id}.`),
  );
}
