import { Controller, Get, Query } from '@nestjs/common';
import { ApiPropertyOptional, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Length } from 'class-validator';
import { formatCursor, LOG_START, parseCursor } from '../platform/bus/event-cursor.js';
import { EventLogQuery } from '../platform/bus/event-log.query.js';
import { EventPublisher } from '../platform/bus/event-publisher.store.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { invalid } from '../platform/http/validation.js';
import { askedTypes } from './asked-types.js';
import { EventCatalogue } from './event-catalogue.js';

export class EventsQueryDto extends PageQueryDto {
  /** Comma-separated types; default all. */
  @ApiPropertyOptional()
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  types?: string[];
}

@ApiTags('events')
@Controller('v1/events')
@Scopes('admin', 'analyst', 'auditor')
export class EventsController {
  constructor(
    private readonly log: EventLogQuery,
    private readonly publisher: EventPublisher,
    private readonly catalogue: EventCatalogue,
  ) {}

  @Get()
  @Answers(200, 'Events')
  @ApiOperation({
    summary: 'What happened, in the order of the log; keep nextCursor and come back with it for more',
  })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() { cursor, limit, types }: EventsQueryDto) {
    const from = cursor === undefined ? LOG_START : await this.positionOf(cursor);
    const asked = askedTypes(types, this.catalogue);
    // A caller reads what it wrote itself, whichever process publishes.
    await this.publisher.publish();
    const end = await this.log.end();
    if (from > end) throw notACursor(BEYOND_END, 'The log ends before this cursor: it is of another log.');
    const size = limit ?? DEFAULT_PAGE_SIZE;
    const found = await this.log.after(from, size, { programmeId, ...(asked ? { types: asked } : {}) });
    const last = found.at(-1)?.position ?? from;
    // Where there is no more, everything until the end has been looked at, whatever was asked for.
    const reached = found.length < size ? Math.max(last, end) : last;
    // Unlike elsewhere the cursor is not null at the end: more events will come, and this is where they begin.
    return {
      data: found.map(({ event }) => event),
      nextCursor: reached === LOG_START ? null : formatCursor(reached),
    };
  }

  /** @throws ProblemException VALIDATION_FAILED for what is no cursor. */
  private async positionOf(text: string): Promise<number> {
    const cursor = parseCursor(text);
    if (cursor === null)
      throw notACursor('NOT_A_CURSOR', 'The cursor must be the nextCursor of an earlier page.');
    return typeof cursor === 'number' ? cursor : this.log.positionOf(cursor);
  }

  @Get('schemas')
  @Answers(200, 'EventSchemas')
  @ApiOperation({ summary: 'The JSON Schema of every event' })
  schemas() {
    return {
      data: this.catalogue.schemas.map((schema) => this.catalogue.document(schema)),
      nextCursor: null,
    };
  }
}

/** A cursor that no page of this log has handed out, such as one from before a backup was restored. */
const BEYOND_END = 'CURSOR_BEYOND_END';

function notACursor(code: string, detail: string): Error {
  return invalid([{ pointer: '/cursor', code, detail }]);
}
