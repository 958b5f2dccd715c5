import { Body, Controller, Headers, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId, type MemberId } from '../kernel/ids.js';
import { memberProblems } from '../members/index.js';
import { Answers, AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { adjust } from './adjust.handler.js';
import { Adjusting, type Exchange } from './adjusting.service.js';
import {
  endOfItsDay,
  ExtendLotDto,
  ExtendLotsDto,
  groundsOf,
  LotWaitDto,
  ReinstateLotDto,
  requireLotId,
} from './adjustment.dto.js';
import type { AdjustmentOrder } from './domain/order.js';

/** What somebody does by hand to lots of a member: each is an adjustment with a reason, and manual in the journal. */
@ApiTags('adjustments')
@Controller('v1/members/:id/lots')
@Scopes('admin')
export class LotAdjustmentsController {
  constructor(
    private readonly adjusting: Adjusting,
    private readonly configs: ConfigCache,
  ) {}

  @Post('extend')
  @AnswersCommand(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @ApiOperation({ summary: "Give all of a member's lots that would end by a day a later end" })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async extendAll(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() body: ExtendLotsDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const zone = await this.timeZone(caller);
    const order = {
      ...groundsOf(body),
      kind: 'extension' as const,
      expiresAt: endOfItsDay(body.expiresAt, zone),
      expiringBy: endOfItsDay(body.expiringBy, zone),
    };
    await this.submit(caller, id, order, { idempotencyKey, dryRun, request, reply });
  }

  @Post(':lotId/extend')
  @AnswersCommand(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @ApiOperation({ summary: 'Give a lot a later end' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async extend(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: ExtendLotDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const order = {
      ...groundsOf(body),
      kind: 'extension' as const,
      lotId: requireLotId(lotId),
      expiresAt: endOfItsDay(body.expiresAt, await this.timeZone(caller)),
    };
    await this.submit(caller, id, order, { idempotencyKey, dryRun, request, reply });
  }

  @Post(':lotId/reinstate')
  @AnswersCommand(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @ApiOperation({ summary: 'Give expired points of a lot back as a new lot of goodwill' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async reinstate(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: ReinstateLotDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const zone = await this.timeZone(caller);
    const order = {
      ...groundsOf(body),
      kind: 'reinstatement' as const,
      lotId: requireLotId(lotId),
      points: body.points ?? null,
      expiresAt: body.expiresAt === undefined ? null : endOfItsDay(body.expiresAt, zone),
    };
    await this.submit(caller, id, order, { idempotencyKey, dryRun, request, reply });
  }

  @Post(':lotId/activate')
  @Answers(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @Answers(200, 'LotWaitAnswer')
  @ApiOperation({ summary: 'Make the points of a lot usable now that wait for a date or an event' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async activate(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: LotWaitDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const order = { ...groundsOf(body), kind: 'activation' as const, lotId: requireLotId(lotId) };
    await this.submit(caller, id, order, { idempotencyKey, dryRun, request, reply });
  }

  @Post(':lotId/cancel')
  @Answers(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @Answers(200, 'LotWaitAnswer')
  @ApiOperation({ summary: 'Give up the points of a lot that wait' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async cancel(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Param('lotId') lotId: string,
    @Body() body: LotWaitDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const order = { ...groundsOf(body), kind: 'cancellation' as const, lotId: requireLotId(lotId) };
    await this.submit(caller, id, order, { idempotencyKey, dryRun, request, reply });
  }

  private async submit(caller: Caller, id: string, body: AdjustmentOrder, exchange: Exchange): Promise<void> {
    const target = { kind: 'member', id: requireMemberId(id) } as const;
    // A part of what expired can be given back part by part; everything else is done once by itself.
    const repeats = body.kind === 'reinstatement' && body.points !== null;
    await this.adjusting.answer({ type: adjust.type, caller, target, body, repeats }, exchange);
  }

  private async timeZone({ programmeId }: Caller): Promise<string> {
    return (await this.configs.atLeast(programmeId, 0)).timeZone;
  }
}

function requireMemberId(id: string): MemberId {
  if (isId('mbr', id)) return id;
  throw new ProblemException(memberProblems.problem('MEMBER_NOT_FOUND', `There is no member ${id}.`));
}
