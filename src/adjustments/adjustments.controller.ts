import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AdjustmentFacts } from '../kernel/domain-events.js';
import { isId, type AdjustmentId, type ProgrammeId } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { ApiKeyStore } from '../keys/index.js';
import { Answers, AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { askedPage, shownPage } from '../platform/http/time-list.dto.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { CLOCK } from '../platform/tokens.js';
import { adjust } from './adjust.handler.js';
import { Adjusting, type Exchange } from './adjusting.service.js';
import {
  AdjustDto,
  AdjustmentsQueryDto,
  DecisionDto,
  groundsOf,
  orderOfAdjustment,
  ReverseAdjustmentDto,
} from './adjustment.dto.js';
import { AdjustmentQuery } from './adjustment.query.js';
import { adjustmentView } from './adjustment-view.js';
import { approveAdjustment, rejectAdjustment } from './decide-request.handlers.js';
import type { AdjustmentOrder } from './domain/order.js';
import { adjustmentProblems } from './problems.js';

@ApiTags('adjustments')
@Controller('v1/adjustments')
@Scopes('admin')
export class AdjustmentsController {
  constructor(
    private readonly adjusting: Adjusting,
    private readonly query: AdjustmentQuery,
    private readonly keys: ApiKeyStore,
    private readonly configs: ConfigCache,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @AnswersCommand(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @ApiOperation({
    summary:
      "Give or take points by hand; above the reason's limit it waits for the approval of a key of another line (202)",
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async adjust(
    @CurrentCaller() caller: Caller,
    @Body() dto: AdjustDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const said = orderOfAdjustment(dto);
    const natural =
      said.externalId === null ? null : ({ scope: 'adjustment', key: said.externalId } as const);
    const target = targetOf(dto.member, caller);
    const asked = { type: adjust.type, caller, target, natural, repeats: true };
    const exchange = { idempotencyKey, dryRun, request, reply };
    if (said.purchaseId) return this.adjusting.takeBack(said.purchaseId, { ...asked, body: said }, exchange);
    const corrected = await this.corrected(caller.programmeId, said.correctsId ?? null);
    if (!corrected) return this.adjusting.answer({ ...asked, body: said }, exchange);
    const body = said;
    return this.adjusting.correct(corrected, { ...asked, body }, exchange);
  }

  @Get()
  @Answers(200, 'Adjustments')
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'What was adjusted by hand, and what waits for approval; newest first' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: AdjustmentsQueryDto) {
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const page = askedPage(query, 'adj', timeZone);
    const now = this.clock.now();
    const found = await this.query.page(programmeId, page, query.status ?? null, now);
    return shownPage(
      found.map((adjustment) => adjustmentView(adjustment, now)),
      page,
    );
  }

  @Get(':id')
  @Answers(200, 'Adjustment')
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'An adjustment' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const adjustment = await this.query.find(programmeId, requireId(id));
    if (!adjustment) throw notFound(id);
    return adjustmentView(adjustment, this.clock.now());
  }

  @Post(':id/approve')
  @HttpCode(200)
  @AnswersCommand(200, 'AdjustmentAnswer')
  @ApiOperation({
    summary: 'Approve the request of another line of keys: everything is checked again, then the points move',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async approve(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() body: DecisionDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.decide(approveAdjustment.type, caller, id, body, { idempotencyKey, dryRun, request, reply });
  }

  @Post(':id/reverse')
  @AnswersCommand(201, 'AdjustmentAnswer')
  @Answers(202, 'AdjustmentAnswer')
  @ApiOperation({
    summary:
      'Take back what a credit gave, as far as it is still there, or give back what a debit forfeited; once',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async reverse(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() dto: ReverseAdjustmentDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const adjustmentId = requireId(id);
    const reversed = (await this.corrected(caller.programmeId, adjustmentId)) as AdjustmentFacts;
    const exchange = { idempotencyKey, dryRun, request, reply };
    if (await this.adjusting.resume(reversed, caller, exchange)) return;
    const order: AdjustmentOrder = {
      ...groundsOf(dto),
      kind: reversed.kind === 'debit' ? 'debitReversal' : 'creditReversal',
      correctsId: adjustmentId,
    };
    const target = { kind: 'adjustment', id: adjustmentId } as const;
    await this.adjusting.correct(reversed, { type: adjust.type, caller, target, body: order }, exchange);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @AnswersCommand(200, 'AdjustmentAnswer')
  @ApiOperation({ summary: "Reject another key's request" })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async reject(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() body: DecisionDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.decide(rejectAdjustment.type, caller, id, body, { idempotencyKey, dryRun, request, reply });
  }

  /** The adjustment that another names. @throws ProblemException ADJUSTMENT_NOT_FOUND; null where none is named. */
  private async corrected(
    programmeId: ProgrammeId,
    adjustmentId: AdjustmentId | null,
  ): Promise<AdjustmentFacts | null> {
    if (adjustmentId === null) return null;
    const found = await this.query.find(programmeId, adjustmentId);
    if (!found) throw notFound(adjustmentId);
    return found;
  }

  private async decide(
    type: string,
    caller: Caller,
    id: string,
    { note }: DecisionDto,
    exchange: Exchange,
  ): Promise<void> {
    const adjustmentId = requireId(id);
    // The lots a request is about never change, so they can be looked up before.
    const asked = await this.query.find(caller.programmeId, adjustmentId);
    const { lotId = null, expiringBy = null, purchaseId = null } = asked ?? {};
    const lines = await this.keys.lines(caller.programmeId);
    const makerLine = (asked && lines.get(asked.requestedBy)) ?? null;
    const decision = { adjustmentId, lotId, expiringBy, note: note ?? null, makerLine };
    const command = { type, caller, target: { kind: 'adjustment', id: adjustmentId } as const };
    if (purchaseId) return this.adjusting.takeBack(purchaseId, { ...command, body: decision }, exchange);
    const corrected = await this.corrected(caller.programmeId, asked?.correctsId ?? null);
    if (!corrected) return this.adjusting.answer({ ...command, body: decision }, exchange);
    return this.adjusting.correct(corrected, { ...command, body: decision }, exchange);
  }
}

function requireId(id: string): AdjustmentId {
  if (isId('adj', id)) return id;
  throw notFound(id);
}

function notFound(id: string): ProblemException {
  return new ProblemException(
    adjustmentProblems.problem('ADJUSTMENT_NOT_FOUND', `There is no adjustment ${id}.`),
  );
}
