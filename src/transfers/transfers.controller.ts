import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId } from '../kernel/ids.js';
import { Answers } from '../platform/http/answers.js';
import { CommandRoute } from '../platform/http/command-route.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { commandOf } from '../platform/http/command-request.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { askedPage, shownPage, TimeListQueryDto } from '../platform/http/time-list.dto.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { transferProblems } from './problems.js';
import { SendPointsDto } from './transfer.dto.js';
import { TransferQuery } from './transfer.query.js';

@ApiTags('transfers')
@Controller('v1/transfers')
@Scopes('transfers', 'admin')
export class TransfersController {
  constructor(
    private readonly query: TransferQuery,
    private readonly configs: ConfigCache,
  ) {}

  @Post()
  @CommandRoute({ 201: 'TransferAnswer' })
  @ApiOperation({ summary: "Send points from one member's account to another's" })
  send(@Body() { from, to, points, externalId, note }: SendPointsDto, context: CommandContext): Submission {
    return commandOf(
      {
        type: 'transfer.send',
        target: targetOf(from, context.caller, '/from'),
        counterparty: targetOf(to, context.caller, '/to'),
        body: { points, note: note ?? null, externalId: externalId ?? null },
        natural: externalId ? { scope: 'transfer', key: externalId } : null,
        repeats: true,
      },
      context,
    );
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
