import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { DataSource } from 'typeorm';
import { DATA_SOURCE } from '../tokens.js';
import { Metrics } from './metrics.js';

import { PING } from '../database/ping.query.js';

const READY_TIMEOUT_MS = 2_000;

@ApiTags('operations')
@Controller()
export class ObservabilityController {
  constructor(
    private readonly metrics: Metrics,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get('health/live')
  @ApiOperation({ summary: 'The process runs' })
  live() {
    return { status: 'live' };
  }

  @Get('health/ready')
  @ApiOperation({ summary: 'The process can work: the database answers' })
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const timeout = new Promise<never>((_, fail) =>
      setTimeout(() => fail(new Error('timeout')), READY_TIMEOUT_MS).unref(),
    );
    const ready = await Promise.race([this.dataSource.query(PING), timeout]).then(
      () => true,
      () => false,
    );
    void reply.status(ready ? 200 : 503).send({ status: ready ? 'ready' : 'database does not answer' });
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @ApiOperation({ summary: 'Prometheus metrics of this process' })
  scrape(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}
