import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { idToUuid, isId, type ActivityId } from '../kernel/ids.js';
import { parseInstant } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import type { CommandContext, Submission } from '../platform/http/command-context.js';
import { commandOf } from '../platform/http/command-request.js';
import { CommandRoute } from '../platform/http/command-route.js';
import { targetOf } from '../platform/http/member-ref.dto.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { askedPage, shownPage } from '../platform/http/time-list.dto.js';
import type { Command } from '../platform/pipeline/index.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ActivityQuery } from './activity.query.js';
import {
  ActivitiesQueryDto,
  ActivityQueryDto,
  CancelActivityDto,
  DEFAULT_SOURCE,
  RecordActivityDto,
} from './activity.dto.js';
import { activityNotFound, cancelActivity } from './cancel-activity.handler.js';
import type { ActivityBody, CancelActivityBody } from './domain/activity-body.js';
import { recordActivity } from './record-activity.handler.js';

@ApiTags('activities')
@Controller('v1/activities')
@Scopes('pos', 'activities', 'admin')
export class ActivitiesController {
  constructor(
    private readonly query: ActivityQuery,
    private readonly configs: ConfigCache,
  ) {}

  @Post()
  @CommandRoute({ 201: 'Activity' }, ActivityQueryDto)
  @ApiOperation({ summary: 'Report what a member did, of a declared type; the type says which keys may' })
  record(@Body() dto: RecordActivityDto, context: CommandContext): Submission {
    const command = recordCommand(dto, context);
    if (!context.explain) return command;
    return async (submit) => this.query.explained(context.caller.programmeId, await submit(command));
  }

  @Get()
  @Answers(200, 'Activities')
  @Scopes('activities', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({ summary: 'Activities by member, type and day, newest first' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: ActivitiesQueryDto) {
    const { timeZone } = await this.configs.atLeast(programmeId, 0);
    const page = askedPage(query, 'atv', timeZone);
    return shownPage(await this.query.page(programmeId, page, query.type ?? null), page);
  }

  @Get(':id')
  @Answers(200, 'RecordedActivity')
  @Scopes('pos', 'activities', 'members', 'admin', 'analyst', 'auditor')
  @ApiOperation({
    summary:
      'An activity as it was answered, with its cancellation; `?explain=true` for the trace of its rules',
  })
  async get(
    @CurrentCaller() { programmeId }: Caller,
    @Param('id') id: string,
    @Query() { explain }: ActivityQueryDto,
  ) {
    const found = await this.query.find(programmeId, requireId(id));
    if (!found) throw new ProblemException(activityNotFound(id));
    return { ...found.recorded, explanation: explain ? found.explanation : null };
  }

  @Post(':id/cancel')
  @CommandRoute({ 200: 'ActivityCancellation' })
  @ApiOperation({
    summary: 'Take an activity back as if it had not been, with its points and what it used of limits; once',
  })
  async cancel(
    @Param('id') id: string,
    @Body() { reason = undefined }: CancelActivityDto,
    context: CommandContext,
  ): Promise<Submission> {
    const activityId = requireId(id);
    const measuresAt = await this.query.occurredAt(context.caller.programmeId, activityId);
    if (measuresAt === null) throw new ProblemException(activityNotFound(id));
    const natural = { scope: 'activityCancellation', key: idToUuid(activityId) } as const;
    const target = { kind: 'activity', id: activityId } as const;
    // A repeat is the same whatever it says why.
    const asked = commandOf({ type: cancelActivity.type, target, body: { activityId }, natural }, context);
    const body: CancelActivityBody = { activityId, reason: reason ?? null, measuresAt };
    return { ...asked, body };
  }
}

/** The command behind a report. As what a key reports is no part of what it says: another key may send it again. */
function recordCommand(dto: RecordActivityDto, context: CommandContext): Command<ActivityBody> {
  const { type, source = DEFAULT_SOURCE, externalId, attributes = {} } = dto;
  const occurredAt = parseInstant(dto.occurredAt) as number;
  const said = {
    type,
    source: source ?? DEFAULT_SOURCE,
    externalId,
    occurredAt,
    attributes: attributes ?? {},
  };
  const target = targetOf(dto.member, context.caller);
  const natural = { scope: 'activity', key: `${said.source}\n${externalId}` } as const;
  const made = commandOf({ type: recordActivity.type, target, body: said, natural }, context);
  return { ...made, body: { ...said, reporters: context.caller.scopes } };
}

function requireId(id: string): ActivityId {
  if (isId('atv', id)) return id;
  throw new ProblemException(activityNotFound(id));
}
