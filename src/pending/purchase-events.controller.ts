import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CANCELLED, eventName } from '../kernel/pending-policy.js';
import { isId, type IdSource } from '../kernel/ids.js';
import { AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { commandOf } from '../platform/http/command-request.js';
import { instantOf } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
import { purchaseProblems } from '../purchases/index.js';
import { PurchaseEventDto } from './purchase-event.dto.js';
import { reportEvent } from './report-event.handler.js';

@ApiTags('purchases')
@Controller('v1/purchases')
@Scopes('pos', 'admin')
export class PurchaseEventsController {
  constructor(
    private readonly pipeline: Pipeline,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post(':id/events')
  @HttpCode(200)
  @AnswersCommand(200, 'PurchaseEvent')
  @ApiOperation({ summary: "Report what a receipt's pending points await, or that its order was cancelled" })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async report(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() { type: name, occurredAt }: PurchaseEventDto,
    @Query() { dryRun = false }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (!isId('pur', id))
      throw new ProblemException(
        purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${id}.`),
      );
    const type = eventName(name);
    const body = { purchaseId: id, type, occurredAt: instantOf(occurredAt) };
    const target = { kind: 'purchase', id } as const;
    const command = commandOf(
      { type: reportEvent.type, caller, target, body, idempotencyKey, dryRun },
      this.ids,
    );
    // Where the points wait is found with the rest; it is no part of what is said. What is cancelled lowers a standing.
    const counterparty = { kind: 'waiting', id } as const;
    const wholeStanding = type === CANCELLED;
    const placed = { ...command, counterparty, body: { ...body, wholeStanding } };
    sendOutcome(reply, await this.pipeline.submit(placed), request.url);
  }
}
