import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatInstant } from '../../kernel/time.js';
import { Answers } from '../../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../../platform/http/caller.js';
import { unwrap } from '../../platform/http/problem.exception.js';
import { VerifyRuns } from './verify-runs.js';
import type { VerifyRun } from './verify-run.store.js';
import { VerifyService } from './verify.service.js';
import { reportOf, type VerifyReport } from './verify-state.js';

@ApiTags('operations')
@Controller('v1/admin')
@Scopes('auditor')
export class VerifyController {
  constructor(
    private readonly verify: VerifyService,
    private readonly runs: VerifyRuns,
  ) {}

  @Get('verify')
  @Answers(200, 'VerifyReport')
  @ApiOperation({
    summary: "Re-derive the programme's balances, lots and hash chains from the movements alone",
  })
  run(@CurrentCaller() { programmeId }: Caller): Promise<VerifyReport> {
    return this.verify.run({ programmeId });
  }

  @Post('verify-runs')
  @HttpCode(202)
  @Answers(202, 'VerifyRun')
  @ApiOperation({ summary: 'The same beside other work: starts, and can be looked at' })
  async start(@CurrentCaller() { programmeId }: Caller) {
    return this.view(unwrap(await this.runs.start(programmeId)));
  }

  @Get('verify-runs/:id')
  @Answers(200, 'VerifyRun')
  @ApiOperation({ summary: 'How far a run has come, and what it found' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    return this.view(unwrap(await this.runs.find(programmeId, id)));
  }

  @Post('verify-runs/:id/resume')
  @HttpCode(202)
  @Answers(202, 'VerifyRun')
  @ApiOperation({ summary: 'Go on with an interrupted run from the last page that was finished' })
  async resume(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    return this.view(unwrap(await this.runs.resume(programmeId, id)));
  }

  private view(run: VerifyRun) {
    const { runId, progress, startedAt, updatedAt, error } = run;
    const { clean, ...found } = reportOf(progress);
    const state = run.state === 'running' && !this.runs.isAlive(run) ? 'interrupted' : run.state;
    return {
      id: runId,
      state,
      startedAt: formatInstant(startedAt),
      updatedAt: formatInstant(updatedAt),
      /** What it goes through now; null once it went through all of it. */
      phase: progress.phase,
      ofAccounts: progress.ofAccounts,
      ...found,
      /** Null while there is more to go through. */
      clean: progress.phase === null ? clean : null,
      error,
    };
  }
}
