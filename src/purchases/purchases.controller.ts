import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId } from '../kernel/ids.js';
import { NDJSON, ReadsStream } from '../platform/http/body-parser.js';
import { Answers, AnswersLines } from '../platform/http/answers.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendStream } from '../platform/http/send-stream.js';
import { purchaseProblems } from './problems.js';
import { PurchaseBatch } from './purchase-batch.js';
import { hasMember, PostPurchaseDto, PurchaseQueryDto } from './purchase.dto.js';
import { purchaseCommand } from './purchase-request.js';
import { PurchaseQuery } from './purchase.query.js';
import { ReturnQuery } from './return.query.js';
import { UndoableReceiptsQuery } from './undoable-receipts.query.js';
import { UnmatchedReceipts } from './unmatched-receipts.service.js';

@ApiTags('purchases')
@Controller('v1')
@Scopes('pos', 'import')
export class PurchasesController {
  constructor(
    private readonly query: PurchaseQuery,
    private readonly batches: PurchaseBatch,
    private readonly returns: ReturnQuery,
    private readonly undoable: UndoableReceiptsQuery,
    private readonly unmatched: UnmatchedReceipts,
  ) {}

  @Post('purchases')
  @CommandRoute({ 200: 'PurchaseOrKept', 201: 'Purchase', 202: 'KeptReceipt' }, PurchaseQueryDto)
  @ApiOperation({ summary: 'Post a receipt' })
  post(@Body() body: PostPurchaseDto, context: CommandContext): Submission {
    if (!hasMember(body)) return () => this.unmatched.keep(body, context);
    const command = purchaseCommand(body, context);
    if (!context.explain) return command;
    return async (submit) => this.query.explained(context.caller.programmeId, await submit(command));
  }

  // A doubled colon is the router's way to write a plain one.
  @Post('purchases::batch')
  @AnswersLines(200, 'PurchaseLineAnswer')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Post receipts as NDJSON, one a line, of any number; answers come in the same order',
  })
  @ReadsStream()
  @ApiConsumes(NDJSON)
  @ApiBody({ schema: { type: 'string', description: 'One PostPurchaseDto a line' } })
  batch(
    @CurrentCaller() caller: Caller,
    @Query() query: PurchaseQueryDto,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const answers = this.batches.answers(request, caller, query);
    // Of a stream that was ended before its end nothing more is read.
    reply.raw.once('finish', () => {
      if (!request.raw.complete) request.raw.destroy();
    });
    sendStream(reply.status(200).type(NDJSON), answers);
  }

  @Get('purchases/:id')
  @Answers(200, 'RecordedPurchase')
  @Scopes('pos', 'admin', 'analyst', 'auditor')
  @ApiOperation({
    summary:
      'A recorded receipt as it was answered, with what came back of it; `?explain=true` for the trace of its rules',
  })
  async get(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() { explain }: PurchaseQueryDto,
  ) {
    const found = isId('pur', id) ? await this.query.find(caller.programmeId, id) : null;
    if (!found)
      throw new ProblemException(
        purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${id}.`),
      );
    const returns = await this.returns.ofPurchase(caller.programmeId, found.answer.id);
    const { answer, facts, explanation } = found;
    const undone = await this.undoable.ofPurchase(caller.programmeId, found.answer.id);
    if (!explain || !explanation) return { ...answer, ...facts, returns, undone, explanation: null };
    const sentences = await this.query.sentences(caller.programmeId, answer, explanation, true);
    return { ...answer, ...facts, returns, undone, explanation, sentences };
  }
}
