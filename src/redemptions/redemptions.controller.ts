import { Body, Controller, Get, Headers, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { idToUuid, isId, type IdSource, type RedemptionId } from '../kernel/ids.js';
import { Answers, AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { invalid } from '../platform/http/validation.js';
import { Pipeline, type Claim } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
import { redemptionProblems } from './problems.js';
import type { RedeemBody } from './redeem.handler.js';
import { redemptionRecordView } from './redemption-view.js';
import {
  CaptureDto,
  DEFAULT_HOLD_SECONDS,
  DryRunQueryDto,
  ExtendDto,
  RedeemDto,
  ReverseDto,
  VoidDto,
} from './redemption.dto.js';
import { RedemptionQuery } from './redemption.query.js';

@ApiTags('redemptions')
@Controller('v1/redemptions')
@Scopes('pos')
export class RedemptionsController {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly query: RedemptionQuery,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post()
  @AnswersCommand(201, 'RedemptionAnswer')
  @ApiOperation({ summary: 'Redeem a reward, or points off the basket: hold them, or use them at once' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async redeem(
    @CurrentCaller() caller: Caller,
    @Body() body: RedeemDto,
    @Query() { dryRun }: DryRunQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const externalId = body.externalId ?? null;
    const natural = externalId === null ? null : ({ scope: 'redemption', key: externalId } as const);
    const type = 'redemption.redeem';
    const command = commandOf(
      {
        type,
        caller,
        target: targetOf(body.member, caller),
        body: redeemBody(body),
        natural,
        repeats: true,
        idempotencyKey,
        dryRun,
      },
      this.ids,
    );
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Get(':id')
  @Answers(200, 'RedemptionRecord')
  @Scopes('pos', 'admin', 'auditor')
  @ApiOperation({ summary: 'A redemption' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const redemption = await this.query.find(programmeId, requireId(id));
    if (!redemption) throw notFound(id);
    return redemptionRecordView(redemption);
  }

  @Post(':id/capture')
  @AnswersCommand(200, 'RedemptionAnswer')
  @ApiOperation({ summary: 'Use the points of a hold, all or part; the rest goes back' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async capture(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() { points }: CaptureDto,
    @Query() { dryRun }: DryRunQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const redemptionId = requireId(id);
    const body = { redemptionId, points: points ?? null };
    const target = { kind: 'redemption', id: redemptionId } as const;
    const command = commandOf(
      {
        type: 'redemption.capture',
        caller,
        target,
        body,
        natural: settling('capture', redemptionId),
        idempotencyKey,
        dryRun,
      },
      this.ids,
    );
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Post(':id/void')
  @AnswersCommand(200, 'RedemptionAnswer')
  @ApiOperation({ summary: 'Give up a hold: every point goes back to its own lot' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async void(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() _body: VoidDto,
    @Query() { dryRun }: DryRunQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const redemptionId = requireId(id);
    const target = { kind: 'redemption', id: redemptionId } as const;
    const body = { redemptionId };
    const command = commandOf(
      {
        type: 'redemption.void',
        caller,
        target,
        body,
        natural: settling('void', redemptionId),
        idempotencyKey,
        dryRun,
      },
      this.ids,
    );
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Post(':id/extend')
  @AnswersCommand(200, 'RedemptionAnswer')
  @ApiOperation({ summary: 'Make a hold last longer' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async extend(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() { holdSeconds }: ExtendDto,
    @Query() { dryRun }: DryRunQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const redemptionId = requireId(id);
    const target = { kind: 'redemption', id: redemptionId } as const;
    const body = { redemptionId, holdSeconds };
    const command = commandOf(
      { type: 'redemption.extend', caller, target, body, idempotencyKey, dryRun },
      this.ids,
    );
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Post(':id/reverse')
  @AnswersCommand(200, 'ReversalAnswer')
  @ApiOperation({ summary: 'Give used points back to the lots they came from, all or part' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async reverse(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() { points, reason }: ReverseDto,
    @Query() { dryRun }: DryRunQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const redemptionId = requireId(id);
    const redemption = await this.query.find(caller.programmeId, redemptionId);
    if (!redemption) throw notFound(id);
    const target = { kind: 'redemption', id: redemptionId } as const;
    const body = { redemptionId, points: points ?? null, reason: reason ?? null };
    const command = commandOf(
      {
        type: 'redemption.reverse',
        caller,
        target,
        body,
        repeats: body.points !== null,
        idempotencyKey,
        dryRun,
      },
      this.ids,
    );
    // A capture leaves no lot but those of the hold, so what was read holds; it is no part of what was asked.
    const lots = redemption.lots.map(({ lotId }) => lotId);
    const counterparty = { kind: 'member', id: redemption.memberId } as const;
    const outcome = await this.pipeline.submit({ ...command, counterparty, body: { ...body, lots } });
    sendOutcome(reply, outcome, request.url);
  }
}

/** A hold is captured or voided once: whoever says it again gets the first answer. */
function settling(scope: 'capture' | 'void', id: RedemptionId): Claim {
  return { scope, key: idToUuid(id) };
}

function redeemBody(dto: RedeemDto): RedeemBody {
  const given = [dto.rewardId, dto.points].filter((value) => value !== undefined && value !== null);
  if (given.length !== 1) {
    throw invalid([
      { pointer: '/rewardId', code: 'ONE_OF', detail: 'Give exactly one of rewardId and points.' },
    ]);
  }
  return {
    rewardId: dto.rewardId ?? null,
    points: dto.points ?? null,
    mode: dto.mode,
    holdSeconds: dto.holdSeconds ?? DEFAULT_HOLD_SECONDS,
    externalId: dto.externalId ?? null,
    // Said by nobody, it is no part of what was asked, as before it could be said.
    ...(typeof dto.basketMinor === 'number' ? { basketMinor: dto.basketMinor } : {}),
  };
}

function requireId(id: string): RedemptionId {
  if (isId('rdm', id)) return id;
  throw notFound(id);
}

function notFound(id: string): ProblemException {
  return new ProblemException(
    redemptionProblems.problem('REDEMPTION_NOT_FOUND', `There is no redemption ${id}.`),
  );
}
