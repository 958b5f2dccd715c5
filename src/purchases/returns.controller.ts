import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId, type ProgrammeId, type PurchaseId } from '../kernel/ids.js';
import { Answers } from '../platform/http/answers.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import type { LookedUp } from './domain/return-body.js';
import { purchaseProblems } from './problems.js';
import { ExchangeDto, FindReturnDto, PostReturnDto } from './return.dto.js';
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
    private readonly lookup: ReturnLookup,
    private readonly query: ReturnQuery,
  ) {}

  @Post('purchases/:id/returns')
  @CommandRoute({ 201: 'ReturnAnswer' })
  @ApiOperation({ summary: 'Take goods of a receipt back: by line, quantity, amount, or all that is left' })
  async post(
    @Param('id') id: string,
    @Body() body: PostReturnDto,
    context: CommandContext,
  ): Promise<Submission> {
    const purchaseId = requirePurchaseId(id);
    const lookedUp = await this.known(context.caller.programmeId, purchaseId);
    return returnCommand(body, purchaseId, lookedUp, context);
  }

  @Post('purchases/:id/exchanges')
  @CommandRoute({ 201: 'ExchangeAnswer' })
  @ApiOperation({ summary: 'Take goods of a receipt back and record a new one, both or neither' })
  async exchange(
    @Param('id') id: string,
    @Body() body: ExchangeDto,
    context: CommandContext,
  ): Promise<Submission> {
    const purchaseId = requirePurchaseId(id);
    const lookedUp = await this.known(context.caller.programmeId, purchaseId);
    return exchangeCommand(body, purchaseId, lookedUp, context);
  }

  @Post('returns')
  @CommandRoute({ 201: 'FoundReturns' })
  @ApiOperation({
    summary:
      "Take goods back by the receipt's number, or by what was sold to the member; the answer names the receipts",
  })
  async find(@Body() body: FindReturnDto, context: CommandContext): Promise<Submission> {
    const { caller } = context;
    const { purchaseId, lookedUp } = await this.sought(caller.programmeId, soughtBy(body, caller));
    return findReturnCommand(body, purchaseId, lookedUp, context);
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
