import { Controller, Get, Query } from '@nestjs/common';
import { ApiPropertyOptional, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsOptional, IsString, Length } from 'class-validator';
import { EventLogQuery, formatCursor, LOG_START, parseCursor } from '../platform/bus/event-log.query.js';
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
    private readonly catalogue: EventCatalogue,
  ) {}

  @Get()
  @Answers(200, 'Events')
  @ApiOperation({
    summary: 'What happened, in the order of the log; keep nextCursor and come back with it for more',
  })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() { cursor, limit, types }: EventsQueryDto) {
    const from = cursor === undefined ? LOG_START : parseCursor(cursor);
    if (!from)
      throw invalid([
        { pointer: '/cursor', code: 'NOT_A_CURSOR', detail: 'Take nextCursor of the page before.' },
      ]);
    const asked = askedTypes(types, this.catalogue);
    const size = limit ?? DEFAULT_PAGE_SIZE;
    const found = await this.log.after(from, size, { programmeId, ...(asked ? { types: asked } : {}) });
    const last = found.at(-1);
    // Unlike elsewhere the cursor is never null: more events will come, and this is where they begin.
    return {
      data: found.map(({ event }) => event),
      nextCursor: last ? formatCursor(last.cursor) : (cursor ?? null),
    };
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
