import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { DataSource } from 'typeorm';
import { Answers, AnswersText } from '../http/answers.js';
import { DATA_SOURCE } from '../tokens.js';
import { WriteHealth } from './write-health.js';
import { READINESS } from './observability.schemas.js';
import { Metrics } from './metrics.js';

import { PING } from '../database/ping.query.js';

const READY_TIMEOUT_MS = 2_000;

@ApiTags('operations')
@Controller()
export class ObservabilityController {
  constructor(
    private readonly metrics: Metrics,
    private readonly writes: WriteHealth,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get('health/live')
  @Answers(200, 'Liveness')
  @ApiOperation({ summary: 'The process runs' })
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @Answers(200, 'Readiness')
  @Answers(503, 'Readiness')
  @ApiOperation({ summary: 'The process can work: the database answers and takes writes' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const timeout = new Promise<never>((_, fail) =>
      setTimeout(() => fail(new Error('timeout')), READY_TIMEOUT_MS).unref(),
    );
    const ping = this.dataSource.query<[{ writable: boolean }]>(PING);
    const status: (typeof READINESS)[number] = await Promise.race([ping, timeout]).then(
      ([{ writable }]) => (writable && !this.writes.failing ? 'ready' : 'database takes no writes'),
      () => 'database does not answer',
    );
    void reply.status(status === 'ready' ? 200 : 503).send({ status });
  }

  @Get('metrics')
  @AnswersText(200, 'text/plain', 'The metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics of this process' })
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
