import 'reflect-metadata';
import {
  Body,
  ConflictException,
  Controller,
  Header,
  HttpCode,
  Inject,
  Module,
  NotFoundException,
  Post,
  ValidationPipe,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import type { Pattern } from '../limit/pattern.js';
import { entitiesOf } from './entities.js';
import { PgRecorder } from './pg-recorder.js';
import { PurchaseRows } from './purchase-rows.js';
import { ReceiptDto } from './receipt.dto.js';
import type { Recorder } from './recorder.js';
import { TypeormRecorder, type TypeormWay } from './typeorm-recorder.js';

/**
 * What one would write otherwise: NestJS on Fastify, one transaction a request. It has no keys, rules, tiers, trace,
 * relay and metrics, all of which favours it. `naive.ts` starts it with the environment it reads here.
 */
const RECORDER = Symbol('recorder');
const UNIQUE_VIOLATION = '23505';

@Controller('v1/purchases')
class PurchasesController {
  constructor(@Inject(RECORDER) private readonly recorder: Recorder) {}

  @Post()
  @HttpCode(201)
  @Header('content-type', 'application/json')
  async record(@Body() receipt: ReceiptDto): Promise<string> {
    try {
      const answer = await this.recorder.record(receipt);
      if (answer === null) throw new NotFoundException('no such member');
      return answer;
    } catch (error) {
      if ((error as { code?: string }).code === UNIQUE_VIOLATION)
        throw new ConflictException('recorded before');
      throw error;
    }
  }
}

const recorder = await recorderOf(environment('NAIVE_WAY'));

@Module({ controllers: [PurchasesController], providers: [{ provide: RECORDER, useValue: recorder }] })
class NaiveModule {}

const app = await NestFactory.create<NestFastifyApplication>(NaiveModule, new FastifyAdapter(), {
  logger: ['error', 'fatal'],
});
app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }));
process.on('SIGTERM', () => void app.close().then(() => recorder.close()));
await app.listen(0, '127.0.0.1');
process.stdout.write(`READY http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}\n`);

async function recorderOf(way: string): Promise<Recorder> {
  const pattern = JSON.parse(await readFile(environment('NAIVE_PATTERN'), 'utf8')) as Pattern;
  const rows = new PurchaseRows(pattern);
  const options = {
    databaseUrl: environment('DATABASE_URL'),
    poolSize: Number(environment('NAIVE_POOL_SIZE')),
    programmeId: pattern.programmeId,
  };
  if (way === 'pg') return new PgRecorder(rows, options);
  return TypeormRecorder.connect(rows, { ...options, way: way as TypeormWay, entities: entitiesOf(pattern) });
}

function environment(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}
