import type { INestApplication } from '@nestjs/common';
import { JobRunner } from '../../src/platform/jobs/job-runner.js';

/** Runs a job of an engine now, whether it is due or not. @throws Error where it does not succeed. */
export async function runJob(app: INestApplication, name: string): Promise<void> {
  const { outcome } = await app.get(JobRunner).run(name);
  if (outcome !== 'succeeded') throw new Error(`the job ${name} ${outcome}`);
}
