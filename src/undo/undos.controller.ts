import { Body, Controller, Get, HttpCode, HttpStatus, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { isId, type IdSource, type ProgrammeId } from '../kernel/ids.js';
import { formatInstant, type Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { CommandQueryDto } from '../platform/http/command-query.dto.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { UndoableReceiptsQuery } from '../purchases/index.js';
import type { Undo } from './domain/undo.js';
import { undoProblems } from './problems.js';
import { UndoPlanner } from './undo-planner.js';
import { undoView, wholeUndoView } from './undo-view.js';
import { UndoDto } from './undo.dto.js';
import { UndoStore } from './undo.store.js';
import { UndoSubject } from './undo.subject.js';

@ApiTags('undos')
@Controller('v1')
@Scopes('admin')
export class UndosController {
  constructor(
    private readonly planner: UndoPlanner,
    private readonly subject: UndoSubject,
    private readonly undos: UndoStore,
    private readonly receipts: UndoableReceiptsQuery,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Post('earning-rules/:id/undo')
  @HttpCode(202)
  @Answers(200, 'UndoPreview')
  @Answers(202, 'ChangeRequest')
  @ApiOperation({
    summary:
      'Take back what a version gave between two instants; a key of another line approves it (202). `dryRun` answers what it would take (200)',
  })
  async undo(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query() { dryRun = false }: CommandQueryDto,
    @Body() body: UndoDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const order = await this.planner.orderOf(caller.programmeId, id, body);
    const figures = await this.planner.figures(caller.programmeId, order);
    if (!dryRun) return this.subject.ask(caller, order, figures);
    void reply.status(HttpStatus.OK);
    const { rule, from, until } = order;
    const span = { from: formatInstant(from), until: formatInstant(until) };
    return { ruleId: rule.id, version: rule.version, ...span, ...figures };
  }

  @Get('undos')
  @Answers(200, 'Undos')
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'Undos that were approved, newest first' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: PageQueryDto) {
    const { cursor = null, limit = DEFAULT_PAGE_SIZE } = query;
    if (cursor !== null && !isId('und', cursor)) {
      const detail = 'The cursor must be the nextCursor of an earlier page.';
      throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
    }
    const found = await this.undos.page(programmeId, { from: null, to: null, cursor, limit: limit + 1 });
    const data = found.slice(0, limit).map(undoView);
    return { data, nextCursor: found.length > limit ? (data.at(-1)?.id ?? null) : null };
  }

  @Get('undos/:id')
  @Answers(200, 'Undo')
  @Scopes('admin', 'finance', 'auditor')
  @ApiOperation({ summary: 'An undo: how far it is, and what it took back so far' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    const undo = await this.find(programmeId, id);
    return wholeUndoView(undo, await this.receipts.undone(undo.undoId));
  }

  @Post('undos/:id/cancel')
  @HttpCode(200)
  @Answers(200, 'Undo')
  @ApiOperation({ summary: 'Stop an undo; what it took back until then stays taken' })
  async cancel(@CurrentCaller() { programmeId, keyId }: Caller, @Param('id') id: string) {
    const undo = await this.find(programmeId, id);
    const cancelled = await this.undos.cancel(undo, keyId, this.clock.now(), this.ids);
    if (!cancelled) {
      const ended = await this.find(programmeId, id);
      // The same cancellation, sent again, is answered alike.
      if (ended.state !== 'cancelled' || ended.endedBy !== keyId) throw hasEnded(ended);
      return wholeUndoView(ended, await this.receipts.undone(ended.undoId));
    }
    return wholeUndoView(cancelled, await this.receipts.undone(cancelled.undoId));
  }

  private async find(programmeId: ProgrammeId, id: string): Promise<Undo> {
    const found = isId('und', id) ? await this.undos.find(programmeId, id) : null;
    if (!found) throw new ProblemException(undoProblems.problem('UNDO_NOT_FOUND', `There is no undo ${id}.`));
    return found;
  }
}

function hasEnded({ undoId, state }: Undo): ProblemException {
  const problem = undoProblems.problem('UNDO_ENDED', `${undoId} is ${state}.`, { meta: { state } });
  return new ProblemException(problem);
}
