import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId, type IdSource, type ProgrammeId } from '../kernel/ids.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import type { Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, requireScope, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE } from '../platform/http/pagination.js';
import { ProblemException, unwrap } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { CLOCK, IDS } from '../platform/tokens.js';
import { changeRequestNotFound } from './change-request-not-found.js';
import { changeRequestView, wholeChangeRequestView } from './change-request-view.js';
import { ChangeRequestStore } from './change-request.store.js';
import { ChangeDecisionDto, ChangeRequestsQueryDto } from './change-requests.dto.js';
import { ChangeSubjects } from './change-subject.js';
import { endOf, isRepeated, type ChangeRequest, type DecisionKind } from './domain/change-request.js';
import { decisionRefusal } from './decision-refusal.js';

@ApiTags('change requests')
@Controller('v1/change-requests')
@Scopes('admin', 'limits', 'finance')
export class ChangeRequestsController {
  constructor(
    private readonly store: ChangeRequestStore,
    private readonly subjects: ChangeSubjects,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(IDS) private readonly ids: IdSource,
  ) {}

  @Get()
  @Answers(200, 'ChangeRequests')
  @Scopes('admin', 'limits', 'finance', 'auditor')
  @ApiOperation({ summary: 'Changes that wait for a second person, or did; newest first' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: ChangeRequestsQueryDto) {
    const { cursor = null, limit = DEFAULT_PAGE_SIZE, state = null, subject = null } = query;
    if (cursor !== null && !isId('chr', cursor)) {
      const detail = 'The cursor must be the nextCursor of an earlier page.';
      throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
    }
    const now = this.clock.now();
    const page = { from: null, to: null, cursor, limit: limit + 1 };
    const found = await this.store.page(programmeId, page, { state, subject }, now);
    const data = found.slice(0, limit).map((request) => changeRequestView(request, now));
    return { data, nextCursor: found.length > limit ? (data.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @Answers(200, 'WholeChangeRequest')
  @Scopes('admin', 'limits', 'finance', 'auditor')
  @ApiOperation({ summary: 'A change request, with what holds without it and the exact content' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    return wholeChangeRequestView(await this.find(programmeId, id), this.clock.now());
  }

  @Post(':id/approve')
  @HttpCode(200)
  @Answers(200, 'ChangeRequest')
  @ApiOperation({
    summary: 'Approve the change of another line of keys; it is checked again and takes effect',
  })
  approve(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: ChangeDecisionDto) {
    return this.decide('approve', caller, id, body);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Answers(200, 'ChangeRequest')
  @ApiOperation({ summary: 'Reject the change that another key asked for' })
  reject(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: ChangeDecisionDto) {
    return this.decide('reject', caller, id, body);
  }

  @Post(':id/withdraw')
  @HttpCode(200)
  @Answers(200, 'ChangeRequest')
  @ApiOperation({ summary: 'Withdraw a change that a key of the own line asked for' })
  withdraw(@CurrentCaller() caller: Caller, @Param('id') id: string, @Body() body: ChangeDecisionDto) {
    return this.decide('withdraw', caller, id, body);
  }

  private async decide(kind: DecisionKind, caller: Caller, id: string, { note }: ChangeDecisionDto) {
    const request = await this.find(caller.programmeId, id);
    const subject = this.subjects.get(request.subject);
    requireScope(caller, subject.scopesFor(request));
    const now = this.clock.now();
    if (isRepeated(request, kind, caller)) return changeRequestView(request, now);
    const refusal = decisionRefusal(request, kind, caller, now);
    if (refusal) throw new ProblemException(refusal);
    const said = note ?? null;
    const ended =
      kind === 'approve' ? subject.apply(request, caller, said) : this.end(kind, request, caller, said);
    return changeRequestView(unwrap(await ended), this.clock.now());
  }

  private async end(
    kind: Exclude<DecisionKind, 'approve'>,
    { requestId }: ChangeRequest,
    caller: Caller,
    note: string | null,
  ): Promise<Result<ChangeRequest, Problem>> {
    const { programmeId, keyId } = caller;
    return this.store.transaction(programmeId, async (manager) => {
      const request = await this.store.lock(manager, programmeId, requestId);
      if (!request) return refuse(changeRequestNotFound(requestId));
      const now = this.clock.now();
      const refusal = decisionRefusal(request, kind, caller, now);
      if (refusal) return refuse(refusal);
      const step = { programmeId, actor: keyId, now, ids: this.ids };
      return ok(await this.store.end(manager, step, request, endOf(kind), note));
    });
  }

  private async find(programmeId: ProgrammeId, id: string): Promise<ChangeRequest> {
    const found = isId('chr', id) ? await this.store.find(programmeId, id) : null;
    if (!found) throw new ProblemException(changeRequestNotFound(id));
    return found;
  }
}
