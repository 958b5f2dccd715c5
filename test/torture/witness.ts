import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Listener } from '../../src/platform/bus/listener.js';
import { job, type Job } from '../../src/platform/jobs/job.js';

/** The listener and the job by which a run sees what engines do in the background. */
export const WITNESS_LISTENER = 'torture';
export const WITNESS_JOB = 'torture-witness';
/** One event in so many is one that the listener can never handle. */
const POISON_SHARE = 400;
const ATTEMPTS = 3;
export const STEP_MS = 100;
const STEPS = 15;

/** What is seen is kept in a schema of its own, which is neither backed up nor verified. */
export const WITNESS_TABLES = `CREATE SCHEMA torture;
  CREATE TABLE torture.heard (heard_id bigserial PRIMARY KEY, event_id text NOT NULL);
  CREATE TABLE torture.steps (step_id bigserial PRIMARY KEY, run uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(), is_last boolean NOT NULL)`;

/** Whether the listener fails at the event however often it gets it: the same answer in every process. */
export function isPoison(eventId: string): boolean {
  let sum = 0;
  for (const character of eventId) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  return sum % POISON_SHARE === 0;
}

/** Writes down, in an engine's process, each event that its listener handled and each step of a run of its job. */
export class Witness {
  private readonly pool: pg.Pool;

  /** @param url of the owner of the schema */
  constructor(url: string) {
    this.pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'witness' });
    // A connection that is cut is replaced.
    this.pool.on('error', () => undefined);
  }

  get listener(): Listener {
    return {
      name: WITNESS_LISTENER,
      attempts: ATTEMPTS,
      handle: async ({ id }) => {
        if (isPoison(id)) throw new Error('poison');
        await this.pool.query('INSERT INTO torture.heard (event_id) VALUES ($1)', [id]);
      },
    };
  }

  get job(): Job {
    return job({
      name: WITNESS_JOB,
      every: { seconds: 1 },
      exclusive: true,
      timeout: { seconds: 60 },
      inject: [],
      run: async (signal) => {
        const run = crypto.randomUUID();
        for (let step = 1; step <= STEPS && !signal.aborted; step += 1) {
          await this.pool.query('INSERT INTO torture.steps (run, is_last) VALUES ($1, $2)', [
            run,
            step === STEPS,
          ]);
          await sleep(STEP_MS);
        }
      },
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
