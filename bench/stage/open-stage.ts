import { randomBytes } from 'node:crypto';
import { idToUuid, type ProgrammeId } from '../../src/kernel/ids.js';
import { ApiClient } from '../../test/harness/api-client.js';
import { receiptOf } from '../load/receipt.js';
import { startEngine } from './engine-server.js';
import { enrolLikeFirst } from './members.js';
import { publishProgramme } from './programme.js';
import { query, type BenchServer } from './server.js';
import type { Stage } from './stage.js';

/** Members of a stage unless told otherwise. */
export const DEFAULT_MEMBERS = 10_000;
/** Active earning rules of a stage unless told otherwise. */
export const DEFAULT_RULES = 20;
/** Receipts there are from the beginning, of the first members, one each: what the engine writes can be looked at. */
export const FIRST_RECEIPTS = 100;

export interface StageOptions {
  /** The database's name; made anew. */
  readonly database: string;
  readonly rules?: number;
  /** Rules with a condition beside them; 0 unless told otherwise. */
  readonly conditional?: number;
  /** How many of these read what the member did before; 0 unless told otherwise. */
  readonly historic?: number;
  readonly members?: number;
}

/**
 * Makes a database with a programme, a key with all scopes, members, and a receipt of each of the first hundred. The
 * product itself prepares it; when this returns the database has no connection, so that it can be copied.
 */
export async function openStage(server: BenchServer, options: StageOptions): Promise<Stage> {
  const { database, rules = DEFAULT_RULES, conditional = 0, historic = 0 } = options;
  const { members = DEFAULT_MEMBERS } = options;
  const databaseUrl = await server.createDatabase(database);
  const key = `bench_${randomBytes(32).toString('base64url')}`;
  const engine = await startEngine(databaseUrl, { LAUREL_BOOTSTRAP_KEY: key });
  try {
    const api = new ApiClient(engine.url, key);
    const found = (await api.get('/v1/programmes')).body as {
      readonly data: readonly { readonly id: ProgrammeId }[];
    };
    const programmeId = found.data[0]?.id as ProgrammeId;
    await publishProgramme(api, rules, conditional, historic);
    await expectCreated(api.post('/v1/members', { externalId: 'm-0', enrolledAt: '2024-01-01T00:00:00Z' }));
    await enrolLikeFirst(databaseUrl, idToUuid(programmeId), members);
    for (let index = 0; index < Math.min(members, FIRST_RECEIPTS); index += 1) {
      const at = new Date().toISOString();
      await expectCreated(
        api.raw('POST', '/v1/purchases', receiptOf('first', index, index, at), 'application/json'),
      );
    }
    await engine.relayIdle(60);
    return { databaseUrl, programmeId, key, postgresPid: server.pid, members };
  } finally {
    await engine.stop();
    await query(databaseUrl, 'CHECKPOINT');
  }
}

async function expectCreated(answer: ReturnType<ApiClient['get']>): Promise<void> {
  const { status, text } = await answer;
  if (status !== 201) throw new Error(`expected 201, got ${status}: ${text}`);
}
