import { writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { AppModule } from '../app.module.js';
import { openApiText } from '../openapi.js';
import { systemClock } from '../platform/clock/system-clock.js';
import { UuidV7Source } from '../platform/ids/uuid-v7-source.js';

/** `laurel openapi [FILE]`: the document of the API, from the code alone; no database is asked. */
export async function printOpenApi(
  [file]: string[],
  io: { readonly stdout: NodeJS.WritableStream },
): Promise<number> {
  const parts = {
    dataSource: new DataSource({ type: 'postgres' }),
    clock: systemClock,
    ids: new UuidV7Source(systemClock),
    shards: 1,
    queueLimit: 1,
    cachedAccounts: 0,
    background: false,
  };
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), new FastifyAdapter(), {
    logger: false,
  });
  if (file === undefined) io.stdout.write(openApiText(app));
  else await writeFile(file, openApiText(app));
  return 0;
}
