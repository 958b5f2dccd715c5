import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId, type HouseholdId, type IdSource, type MemberId } from '../kernel/ids.js';
import { memberProblems } from '../members/index.js';
import { Answers, AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { commandOf, type CommandRequest } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { invalid } from '../platform/http/validation.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
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
    private readonly pipeline: Pipeline,
    private readonly query: HouseholdQuery,
    private readonly households: HouseholdsService,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post()
  @AnswersCommand(201, 'HouseholdJoined')
  @ApiOperation({ summary: 'Open an account that several members share, with its head' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async create(
    @CurrentCaller() caller: Caller,
    @Body() { name, head }: CreateHouseholdDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const counterparty = { kind: 'new', id: this.ids.next('acc') } as const;
    const target = targetOf(head, caller, '/head');
    const body = { name: name ?? null };
    const type = 'household.create';
    await this.carryOut({ type, caller, target, counterparty, body, idempotencyKey, dryRun }, request, reply);
  }

  @Get()
  @Answers(200, 'Households')
  @Scopes('members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Households in the order in which they were opened' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: PageQueryDto) {
    const { cursor = null, limit = DEFAULT_PAGE_SIZE } = query;
    if (cursor !== null && !isId('hsh', cursor)) {
      const detail = 'Take nextCursor of the page before.';
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
  @AnswersCommand(201, 'HouseholdJoined')
  @ApiOperation({ summary: 'Join: a member shares the account, with all they have' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async join(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() { member, role }: JoinHouseholdDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = { householdId: householdId(id), role };
    const counterparty = { kind: 'account', id: accountOf(body.householdId) } as const;
    const target = targetOf(member, caller);
    const type = 'household.join';
    await this.carryOut({ type, caller, target, counterparty, body, idempotencyKey, dryRun }, request, reply);
  }

  @Post(':id/members/:memberId/leave')
  @HttpCode(200)
  @AnswersCommand(200, 'HouseholdLeft')
  @ApiOperation({ summary: 'Leave: a member goes back to their own account, with their part' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async leave(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('memberId') member: string,
    @Body() { split }: LeaveHouseholdDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = { householdId: householdId(id), split: split ?? 'own' };
    const target = { kind: 'member', id: memberId(member) } as const;
    const counterparty = { kind: 'home', id: target.id } as const;
    const type = 'household.leave';
    await this.carryOut({ type, caller, target, counterparty, body, idempotencyKey, dryRun }, request, reply);
  }

  @Patch(':id/members/:memberId')
  @AnswersCommand(200, 'HouseholdRole')
  @ApiOperation({ summary: 'Give a member another role; a new head makes the old one an adult' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async changeRole(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('memberId') member: string,
    @Body() { role }: ChangeRoleDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const body = { householdId: householdId(id), role };
    const target = { kind: 'member', id: memberId(member) } as const;
    const type = 'household.changeRole';
    await this.carryOut({ type, caller, target, body, idempotencyKey, dryRun }, request, reply);
  }

  private async carryOut<B>(
    asked: CommandRequest<B>,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    sendOutcome(reply, await this.pipeline.submit(commandOf(asked, this.ids)), request.url);
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
