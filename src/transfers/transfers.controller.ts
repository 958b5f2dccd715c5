import { Body, Controller, Get, Headers, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isId, type IdSource } from '../kernel/ids.js';
import { Answers, AnswersCommand } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { sendOutcome } from '../platform/http/send-outcome.js';
import { askedPage, shownPage, TimeListQueryDto } from '../platform/http/time-list.dto.js';
import { Pipeline } from '../platform/pipeline/index.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { IDS } from '../platform/tokens.js';
import { transferProblems } from './problems.js';
import { SendPointsDto } from './transfer.dto.js';
import { TransferQuery } from './transfer.query.js';

@ApiTags('transfers')
@Controller('v1/transfers')
@Scopes('transfers', 'admin')
export class TransfersController {
  constructor(
    private readonly pipeline: Pipeline,
    private readonly query: TransferQuery,
    private readonly configs: ConfigCache,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post()
  @AnswersCommand(201, 'TransferAnswer')
  @ApiOperation({ summary: "Send points from one member's account to another's" })
  @ApiHeader({ name: 'Idempotency-Key', required: false })
  async send(
    @CurrentCaller() caller: Caller,
    @Body() { from, to, points, externalId, note }: SendPointsDto,
    @Query() { dryRun }: CommandQueryDto,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = commandOf(
      {
        type: 'transfer.send',
        caller,
        target: targetOf(from, caller, '/from'),
        counterparty: targetOf(to, caller, '/to'),
        body: { points, note: note ?? null, externalId: externalId ?? null },
        natural: externalId ? { scope: 'transfer', key: externalId } : null,
        repeats: true,
        idempotencyKey,
        dryRun,
      },
      this.ids,
    );
    sendOutcome(reply, await this.pipeline.submit(command), request.url);
  }

  @Get()
  @Answers(200, 'Transfers')
  @Scopes('transfers', 'admin', 'auditor')
  @ApiOperation({ summary: 'Transfers of every kind by day and by the member who gave or got, newest first' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: TimeListQueryDto) {
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const page = askedPage(query, 'trf', timeZone);
    return shownPage(await this.query.page(programmeId, page), page);
  }

  @Get(':id')
  @Answers(200, 'TransferRecord')
  @Scopes('transfers', 'admin', 'auditor')
  @ApiOperation({ summary: 'A transfer: between members, or with a household or a merge' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const transfer = isId('trf', id) ? await this.query.find(programmeId, id) : null;
    if (transfer) return transfer;
    throw new ProblemException(transferProblems.problem('TRANSFER_NOT_FOUND', `There is no transfer ${id}.`));
  }
}
