import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId, type AdjustmentId, type ProgrammeId } from '../kernel/ids.js';
import type { Clock } from '../kernel/time.js';
import { ApiKeyStore } from '../keys/index.js';
import { Answers } from '../platform/http/answers.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { askedPage, shownPage } from '../platform/http/time-list.dto.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { CLOCK } from '../platform/tokens.js';
import { adjust } from './adjust.handler.js';
import { Adjusting } from './adjusting.service.js';
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
import type { AdjustmentFacts } from './domain/adjustment-facts.js';
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
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer' })
  @ApiOperation({
    summary:
      "Give or take points by hand; above the reason's limit it waits for the approval of a key of another line (202)",
  })
  async adjust(@Body() dto: AdjustDto, context: CommandContext): Promise<Submission> {
    const said = orderOfAdjustment(dto);
    const natural =
      said.externalId === null ? null : ({ scope: 'adjustment', key: said.externalId } as const);
    const target = targetOf(dto.member, context.caller);
    const asked = { type: adjust.type, target, natural, repeats: true, body: said };
    if (said.purchaseId) return this.adjusting.takeBack(said.purchaseId, asked, context);
    const corrected = await this.corrected(context.caller.programmeId, said.correctsId ?? null);
    if (!corrected) return this.adjusting.answer(asked, context);
    return this.adjusting.correct(corrected, asked, context);
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
  @CommandRoute({ 200: 'AdjustmentAnswer' })
  @ApiOperation({
    summary: 'Approve the request of another line of keys: everything is checked again, then the points move',
  })
  async approve(
    @Param('id') id: string,
    @Body() body: DecisionDto,
    context: CommandContext,
  ): Promise<Submission> {
    return this.decide(approveAdjustment.type, id, body, context);
  }

  @Post(':id/reverse')
  @CommandRoute({ 201: 'AdjustmentAnswer', 202: 'AdjustmentAnswer' })
  @ApiOperation({
    summary:
      'Take back what a credit gave, as far as it is still there, or give back what a debit forfeited; once',
  })
  async reverse(
    @Param('id') id: string,
    @Body() dto: ReverseAdjustmentDto,
    context: CommandContext,
  ): Promise<Submission> {
    const adjustmentId = requireId(id);
    const reversed = (await this.corrected(context.caller.programmeId, adjustmentId)) as AdjustmentFacts;
    const order: AdjustmentOrder = {
      ...groundsOf(dto),
      kind: reversed.kind === 'debit' ? 'debitReversal' : 'creditReversal',
      correctsId: adjustmentId,
    };
    const target = { kind: 'adjustment', id: adjustmentId } as const;
    return this.adjusting.reverse(reversed, { type: adjust.type, target, body: order }, context);
  }

  @Post(':id/reject')
  @CommandRoute({ 200: 'AdjustmentAnswer' })
  @ApiOperation({ summary: "Reject another key's request" })
  async reject(
    @Param('id') id: string,
    @Body() body: DecisionDto,
    context: CommandContext,
  ): Promise<Submission> {
    return this.decide(rejectAdjustment.type, id, body, context);
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
    id: string,
    { note }: DecisionDto,
    context: CommandContext,
  ): Promise<Submission> {
    const { caller } = context;
    const adjustmentId = requireId(id);
    // The lots a request is about never change, so they can be looked up before.
    const asked = await this.query.find(caller.programmeId, adjustmentId);
    const { lotId = null, expiringBy = null, purchaseId = null } = asked ?? {};
    const lines = await this.keys.lines(caller.programmeId);
    const makerLine = (asked && lines.get(asked.requestedBy)) ?? null;
    const decision = { adjustmentId, lotId, expiringBy, note: note ?? null, makerLine };
    const target = { kind: 'adjustment', id: adjustmentId } as const;
    const command = { type, target, body: decision };
    if (purchaseId) return this.adjusting.takeBack(purchaseId, command, context);
    const corrected = await this.corrected(caller.programmeId, asked?.correctsId ?? null);
    if (!corrected) return this.adjusting.answer(command, context);
    return this.adjusting.correct(corrected, command, context);
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
