import { Body, Controller, Get, Headers, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId, type IdSource, type ProgrammeId, type PurchaseId } from '../kernel/ids.js';
import { Answers, AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { IDS } from '../platform/tokens.js';
import type { LookedUp } from './domain/return-body.js';
import { purchaseProblems } from './problems.js';
import { ExchangeDto, FindReturnDto, PostReturnDto, ReturnQueryDto } from './return.dto.js';
import { ReturnLookup } from './return-lookup.query.js';
import {
  exchangeCommand,
  findReturnCommand,
  returnCommand,
  soughtBy,
  type Sought,
} from './return-request.js';
import { ReturnQuery } from './return.query.js';

@ApiTags('returns')
@Controller('v1')
@Scopes('pos', 'import')
export class ReturnsController {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly lookup: ReturnLookup,
    private readonly query: ReturnQuery,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post('purchases/:id/returns')
  @AnswersCommand(201, 'ReturnAnswer')
  @ApiOperation({ summary: 'Take goods of a receipt back: by line, quantity, amount, or all that is left' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async post(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() body: PostReturnDto,
    @Query() { dryRun }: ReturnQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const purchaseId = requirePurchaseId(id);
    const lookedUp = await this.known(caller.programmeId, purchaseId);
    const around = { caller, ids: this.ids, idempotencyKey, dryRun };
    const command = returnCommand(body, purchaseId, lookedUp, around);
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Post('purchases/:id/exchanges')
  @AnswersCommand(201, 'ExchangeAnswer')
  @ApiOperation({ summary: 'Take goods of a receipt back and record a new one, both or neither' })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async exchange(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body() body: ExchangeDto,
    @Query() { dryRun }: ReturnQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const purchaseId = requirePurchaseId(id);
    const lookedUp = await this.known(caller.programmeId, purchaseId);
    const around = { caller, ids: this.ids, idempotencyKey, dryRun };
    const command = exchangeCommand(body, purchaseId, lookedUp, around);
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Post('returns')
  @AnswersCommand(201, 'FoundReturns')
  @ApiOperation({
    summary:
      "Take goods back by the receipt's number, or by what was sold to the member; the answer names the receipts",
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async find(
    @CurrentCaller() caller: Caller,
    @Body() body: FindReturnDto,
    @Query() { dryRun }: ReturnQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { purchaseId, lookedUp } = await this.sought(caller.programmeId, soughtBy(body, caller));
    const around = { caller, ids: this.ids, idempotencyKey, dryRun };
    const command = findReturnCommand(body, purchaseId, lookedUp, around);
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Get('returns/:id')
  @Answers(200, 'ReturnRecord')
  @Scopes('pos', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'A recorded return' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const found = isId('ret', id) ? await this.query.find(programmeId, id) : null;
    if (found) return found;
    throw new ProblemException(purchaseProblems.problem('RETURN_NOT_FOUND', `There is no return ${id}.`));
  }

  private async known(programmeId: ProgrammeId, purchaseId: PurchaseId): Promise<LookedUp> {
    const lookedUp = await this.lookup.lookUp(programmeId, [purchaseId]);
    if (lookedUp.candidates.length === 0) throw notFound(purchaseId);
    return lookedUp;
  }

  private async sought(
    programmeId: ProgrammeId,
    sought: Sought,
  ): Promise<{ readonly purchaseId: PurchaseId | null; readonly lookedUp: LookedUp }> {
    if (sought.by === 'number') {
      const purchaseId = await this.lookup.byNumber(programmeId, sought.key);
      if (purchaseId === null) throw notFound(sought.key.replace('\n', ' '));
      return { purchaseId, lookedUp: await this.known(programmeId, purchaseId) };
    }
    const { member, skus, until } = sought;
    const bought = await this.lookup.bought(programmeId, member, skus, until);
    return { purchaseId: null, lookedUp: await this.lookup.lookUp(programmeId, bought) };
  }
}

function requirePurchaseId(id: string): PurchaseId {
  if (isId('pur', id)) return id;
  throw notFound(id);
}

function notFound(named: string): ProblemException {
  return new ProblemException(
    purchaseProblems.problem('PURCHASE_NOT_FOUND', `There is no purchase ${named}.`),
  );
}
