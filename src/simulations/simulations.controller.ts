import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { isId } from '../kernel/ids.js';
import { formatInstant } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { DEFAULT_PAGE_SIZE, PageQueryDto } from '../platform/http/pagination.js';
import { unwrap } from '../platform/http/problem.exception.js';
import { invalid } from '../platform/http/validation.js';
import { StartSimulationDto } from './simulation.dto.js';
import type { Simulation } from './simulation.store.js';
import { Simulations } from './simulations.service.js';

@ApiTags('simulations')
@Controller('v1/simulations')
@Scopes('admin')
export class SimulationsController {
  constructor(private readonly simulations: Simulations) {}

  @Post()
  @HttpCode(202)
  @Answers(202, 'Simulation')
  @ApiOperation({ summary: 'See what drafts would have given for the receipts of a window; changes nothing' })
  async start(@CurrentCaller() caller: Caller, @Body() body: StartSimulationDto) {
    return wholeView(unwrap(await this.simulations.start(caller, body)));
  }

  @Get()
  @Answers(200, 'Simulations')
  @Scopes('admin', 'analyst')
  @ApiOperation({ summary: 'Simulations, newest first, without their results' })
  async list(@CurrentCaller() { programmeId }: Caller, @Query() query: PageQueryDto) {
    const { cursor = null, limit = DEFAULT_PAGE_SIZE } = query;
    if (cursor !== null && !isId('sim', cursor)) {
      const detail = 'The cursor must be the nextCursor of an earlier page.';
      throw invalid([{ pointer: '/cursor', code: 'NOT_A_CURSOR', detail }]);
    }
    const found = await this.simulations.page(programmeId, cursor, limit + 1);
    const data = found.slice(0, limit).map(view);
    return { data, nextCursor: found.length > limit ? (data.at(-1)?.id ?? null) : null };
  }

  @Get(':id')
  @Answers(200, 'Simulation')
  @Scopes('admin', 'analyst')
  @ApiOperation({ summary: 'How far a simulation is, and what it found' })
  async get(@CurrentCaller() { programmeId }: Caller, @Param('id') id: string) {
    return wholeView(unwrap(await this.simulations.find(programmeId, id)));
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Answers(202, 'Simulation')
  @ApiOperation({ summary: 'End a simulation that is not over' })
  async cancel(@CurrentCaller() caller: Caller, @Param('id') id: string) {
    return wholeView(unwrap(await this.simulations.cancel(caller, id)));
  }
}

function view(simulation: Simulation) {
  const { simulationId, state, requestedBy, requestedAt, endedAt, request, expected, progress } = simulation;
  const { from, until } = request.window;
  return {
    id: simulationId,
    state,
    requestedBy,
    requestedAt: formatInstant(requestedAt),
    endedAt: endedAt === null ? null : formatInstant(endedAt),
    window: { from, until },
    drafts: request.drafts.map(({ kind, id }) => ({ kind, id })),
    /** How far it is, of what there was when it was asked for. */
    progress,
    expected,
    error: simulation.error,
  };
}

function wholeView(simulation: Simulation) {
  const { request, recordedBy, result } = simulation;
  return {
    ...view(simulation),
    drafts: request.drafts,
    recordedBy: recordedBy === null ? null : formatInstant(recordedBy),
    result,
  };
}
