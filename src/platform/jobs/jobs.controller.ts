import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { formatInstant, type Instant } from '../../kernel/time.js';
import { Answers } from '../http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../http/caller.js';
import { unwrap } from '../http/problem.exception.js';
import { JobAdmin, type KnownJob } from './job-admin.js';
import type { JobState } from './job.store.js';
import type { JOB_STATES } from './jobs.schemas.js';
import { describeSchedule } from './schedule.js';

const MS_PER_SECOND = 1000;

@ApiTags('operations')
@Controller('v1/admin/jobs')
export class JobsController {
  constructor(private readonly admin: JobAdmin) {}

  @Get()
  @Scopes('admin', 'auditor')
  @Answers(200, 'Jobs')
  @ApiOperation({ summary: 'The jobs of the installation: last run, next run, last error' })
  async list() {
    return { background: this.admin.background, data: (await this.admin.list()).map(viewOf) };
  }

  @Post(':name/run')
  @HttpCode(202)
  @Scopes('admin')
  @Answers(202, 'Job')
  @ApiOperation({ summary: 'Run a job now, whenever it is planned' })
  async run(@CurrentCaller() { programmeId, keyId }: Caller, @Param('name') name: string) {
    return viewOf(unwrap(await this.admin.request(name, { programmeId, actor: keyId })));
  }
}

function viewOf({ job: { name, schedule, exclusive, timeoutMs }, state }: KnownJob) {
  const at = (instant: Instant | null | undefined) =>
    instant === null || instant === undefined ? null : formatInstant(instant);
  return {
    name,
    schedule: describeSchedule(schedule),
    exclusive,
    timeoutSeconds: timeoutMs / MS_PER_SECOND,
    state: stateOf(state),
    nextRunAt: at(state?.nextRunAt),
    lastStartedAt: at(state?.lastStartedAt),
    lastFinishedAt: at(state?.lastFinishedAt),
    lastSucceededAt: at(state?.lastSucceededAt),
    lastOutcome: state?.lastOutcome ?? null,
    lastError: state?.lastError ?? null,
    failures: state?.failures ?? 0,
  };
}

function stateOf(state: JobState | null): (typeof JOB_STATES)[number] {
  if (state !== null && state.runningSince !== null) return 'running';
  return state !== null && state.requestedAt !== null ? 'requested' : 'idle';
}
