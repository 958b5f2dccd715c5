import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AppModule } from '../../src/app.module.js';
import { systemClock } from '../../src/platform/clock/system-clock.js';
import { UuidV7Source } from '../../src/platform/ids/uuid-v7-source.js';

/** The engine put together, for what its code alone says; it asks no database and serves nothing. */
export function appWithoutDatabase(): Promise<NestFastifyApplication> {
  const parts = {
    dataSource: new DataSource({ type: 'postgres' }),
    clock: systemClock,
    ids: new UuidV7Source(systemClock),
    shards: 1,
    queueLimit: 1,
    cachedAccounts: 0,
    background: false,
  };
  return NestFactory.create<NestFastifyApplication>(AppModule.with(parts), new FastifyAdapter(), {
    logger: false,
  });
}
