import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { idToUuid, isId } from '../kernel/ids.js';
import { DeadLetterStore, type DeadLetter, type LetterPlace } from '../platform/bus/dead-letter.store.js';
import { isListenerName, MAX_LISTENER_NAME } from '../platform/bus/listener.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { ProblemException } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { eventProblems } from './problems.js';

export class DeadLettersQueryDto extends PageQueryDto {
  /** The listener that could not handle them; default all. */
  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(MAX_LISTENER_NAME)
  listener?: string;
}

@ApiTags('operations')
@Controller('v1/admin/dead-letters')
export class DeadLettersController {
  constructor(private readonly store: DeadLetterStore) {}

  @Get()
  @Scopes('admin', 'auditor')
  @Answers(200, 'DeadLetters')
  @ApiOperation({ summary: 'Events that a listener could not handle, in the order of the log' })
  async list(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { listener, cursor, limit = DEFAULT_PAGE_SIZE }: DeadLettersQueryDto,
  ) {
    const found = await this.store.page(programmeId, listener ?? null, placeOf(cursor), limit + 1);
    const data = found.slice(0, limit);
    const last = data.at(-1);
    const nextCursor = found.length > limit && last ? `${last.position}.${last.listener}` : null;
    return { data, nextCursor };
  }

  @Post(':listener/:eventId/retry')
  @HttpCode(202)
  @Scopes('admin')
  @Answers(202, 'DeadLetter')
  @ApiOperation({ summary: 'Hand an event over to its listener again, once' })
  async retry(
    @CurrentCaller() caller: Caller,
    @Param('listener') listener: string,
    @Param('eventId') eventId: string,
  ): Promise<DeadLetter> {
    const letter = await this.store.retry(letterOf(caller, listener, eventId));
    return letter ?? notFound(listener, eventId);
  }

  @Post(':listener/:eventId/discard')
  @HttpCode(200)
  @Scopes('admin')
  @Answers(200, 'DeadLetter')
  @ApiOperation({ summary: 'Give an event up: its listener does not get it any more' })
  async discard(
    @CurrentCaller() caller: Caller,
    @Param('listener') listener: string,
    @Param('eventId') eventId: string,
  ): Promise<DeadLetter> {
    const letter = await this.store.discard(letterOf(caller, listener, eventId));
    return letter ?? notFound(listener, eventId);
  }
}

function letterOf({ programmeId, keyId }: Caller, listener: string, eventId: string) {
  if (!isListenerName(listener) || !isId('evt', eventId)) return notFound(listener, eventId);
  return { programmeId, listener, eventUuid: idToUuid(eventId), actor: keyId };
}

/** @throws ProblemException always. */
function notFound(listener: string, eventId: string): never {
  const detail = `Listener ${listener} has no dead letter of event ${eventId}.`;
  throw new ProblemException(eventProblems.problem('DEAD_LETTER_NOT_FOUND', detail));
}

/** @throws ProblemException VALIDATION_FAILED for what is no cursor. */
function placeOf(cursor: string | undefined): LetterPlace | null {
  if (cursor === undefined) return null;
  const [, position, listener] = /^(\d{1,15})\.(.+)$/.exec(cursor) ?? [];
  if (position === undefined || listener === undefined || !isListenerName(listener)) {
    const detail = 'Take nextCursor of the page before.';
    throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
  }
  return { position: Number(position), listener };
}
