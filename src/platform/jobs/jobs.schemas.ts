import { flag, instant, list, nullable, object, oneOf, ref, text, whole } from '../../kernel/json-schema.js';
import { OUTCOMES } from './bounded-run.js';

export const JOB_STATES = ['idle', 'requested', 'running'] as const;

/** What is answered about jobs, by name. */
export const jobSchemas = {
  Job: object({
    name: text,
    schedule: text,
    exclusive: flag,
    timeoutSeconds: { type: 'number' },
    state: oneOf(JOB_STATES),
    nextRunAt: nullable(instant),
    lastStartedAt: nullable(instant),
    lastFinishedAt: nullable(instant),
    lastSucceededAt: nullable(instant),
    lastOutcome: nullable(oneOf(OUTCOMES)),
    lastError: nullable(text),
    failures: whole,
  }),
  Jobs: object({ background: flag, data: list(ref('Job')) }),
};
