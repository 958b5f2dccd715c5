import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stringify } from 'yaml';
import type { Clock } from '../kernel/time.js';
import { Answers } from '../platform/http/answers.js';
import { CurrentCaller, Scopes, type Caller } from '../platform/http/caller.js';
import { instantOf } from '../platform/http/pagination.js';
import { CLOCK } from '../platform/tokens.js';
import { ConfigCache } from '../platform/versioned-config/config-cache.js';
import { ConfigKinds } from '../platform/versioned-config/config-kinds.js';
import { ExportProgrammeQueryDto, PlanProgrammeDto } from './plan.dto.js';
import { ProgrammePlans } from './plan.service.js';
import { programmeFile } from './programme-file.js';

/** RFC 9512. */
const YAML = 'application/yaml';

@ApiTags('programmes')
@Controller('v1/programmes/current')
@Scopes('admin', 'auditor')
export class ProgrammeFileController {
  constructor(
    private readonly configs: ConfigCache,
    private readonly kinds: ConfigKinds,
    private readonly plans: ProgrammePlans,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Get('export')
  @Answers(200, 'ProgrammeFile', YAML)
  @ApiOperation({ summary: 'The configuration in force, as one file without generated ids or secrets' })
  async export(
    @CurrentCaller() { programmeId }: Caller,
    @Query() { format, at }: ExportProgrammeQueryDto,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const config = await this.configs.current(programmeId);
    const file = programmeFile(config, this.kinds.all(), instantOf(at) ?? this.clock.now());
    void reply.header('Vary', 'Accept');
    if ((format ?? preferred(headers.accept)) === 'json') return void reply.send(file);
    void reply.type(`${YAML}; charset=utf-8`).send(yamlOf(file));
  }

  @Post('plan')
  @Answers(200, 'ProgrammePlan')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a file would change, field by field; changes nothing' })
  plan(@CurrentCaller() caller: Caller, @Body() body: PlanProgrammeDto) {
    return this.plans.plan(caller, body);
  }
}

function preferred(accept: string | undefined): 'json' | 'yaml' {
  return accept !== undefined && /\byaml\b/i.test(accept) ? 'yaml' : 'json';
}

/** Long conditions stay on one line, so that a change of one is one line of a diff. */
function yamlOf(file: object): string {
  return stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
}
