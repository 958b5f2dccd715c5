import { jobs as defined } from '../../src/composition.js';
import { Scheduler } from '../../src/platform/jobs/scheduler.js';
import type { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('the jobs', () => {
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  let engine: TestEngine;
  let api: ApiClient;
  const look = () => engine.engine.app.get(Scheduler).look();
  const jobs = async () =>
    (await api.get('/v1/admin/jobs')).body.data as readonly { readonly name: string }[];
  const jobNamed = async (name: string) => (await jobs()).find((job) => job.name === name);
  const until = async (name: string, expected: object): Promise<void> => {
    for (;;) {
      const job = await jobNamed(name);
      if (Object.entries(expected).every(([key, value]) => Reflect.get(job ?? {}, key) === value)) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  beforeAll(async () => {
    engine = await startTestEngine({ clock, background: true });
    ({ api } = engine);
  });
  afterAll(() => engine.close());

  it('are listed with their last and next runs', async () => {
    await look();
    await until('anchors', { lastOutcome: 'succeeded', state: 'idle' });
    const { body } = await api.get('/v1/admin/jobs');
    expect(body.background).toBe(true);
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual([
      'apply-due',
      'plan-calendar-gifts',
      'apply-ladders',
      'announce-expiring',
      'anchors',
      'verify-runs',
      'finish-corrections',
      'undo-grants',
      'purge-unmatched-receipts',
      'simulations',
    ]);
    expect(await jobNamed('anchors')).toEqual({
      name: 'anchors',
      schedule: 'every 60 s',
      exclusive: true,
      timeoutSeconds: 3600,
      state: 'idle',
      nextRunAt: expect.stringMatching(/^2026-11-20T04:01:0[0-6]/),
      lastStartedAt: '2026-11-20T04:00:00.000Z',
      lastFinishedAt: '2026-11-20T04:00:00.000Z',
      lastSucceededAt: '2026-11-20T04:00:00.000Z',
      lastOutcome: 'succeeded',
      lastError: null,
      failures: 0,
    });
  });

  it('run when it is asked for, and the audit log says which key asked', async () => {
    clock.advance({ seconds: 30 });
    const { status, body } = await api.post('/v1/admin/jobs/anchors/run');
    expect(status).toBe(202);
    expect(body).toMatchObject({ name: 'anchors', state: 'requested' });
    await look();
    await until('anchors', { lastStartedAt: '2026-11-20T04:00:30.000Z', state: 'idle' });
    const { data } = (await api.get('/v1/audit?action=job.requested')).body;
    expect(data).toMatchObject([{ subject: 'jobs/anchors', after: { name: 'anchors' } }]);
    expect(data[0].actor).toMatch(/^key_/);
    expect((await api.get('/v1/admin/verify')).body.clean).toBe(true);
  });

  it('are shown on /metrics', async () => {
    const { text } = await api.get('/metrics');
    expect(text).toMatch(/^laurel_job_runs_total\{job="anchors",outcome="succeeded"\} 2$/m);
    expect(text).toMatch(/^laurel_job_seconds_count\{job="anchors"\} 2$/m);
    expect(text).toMatch(/^laurel_job_last_success_age_seconds\{job="anchors"\} 0$/m);
    clock.advance({ seconds: 5 });
    expect((await api.get('/metrics')).text).toMatch(/success_age_seconds\{job="anchors"\} 5$/m);
  });

  it('are not run where they do not exist or run already', async () => {
    expect((await api.post('/v1/admin/jobs/tidy-up/run')).body.code).toBe('JOB_NOT_FOUND');
    await engine.asOwner(`UPDATE jobs SET running_since = now() WHERE name = 'anchors'`);
    expect(await jobNamed('anchors')).toMatchObject({ state: 'running' });
    const { status, body } = await api.post('/v1/admin/jobs/anchors/run');
    expect([status, body.code]).toEqual([409, 'JOB_RUNNING']);
    await engine.asOwner(`UPDATE jobs SET running_since = NULL`);
  });

  it('are read by admin and auditor, and run by admin alone', async () => {
    const auditor = await engine.withScopes('auditor');
    expect((await auditor.get('/v1/admin/jobs')).status).toBe(200);
    expect((await auditor.post('/v1/admin/jobs/anchors/run')).status).toBe(403);
    const till = await engine.withScopes('pos', 'finance');
    expect((await till.get('/v1/admin/jobs')).status).toBe(403);
  });

  it('are not run by a process without background work, which still shows them', async () => {
    const quiet = await startTestEngine({ clock });
    try {
      expect((await quiet.api.get('/v1/admin/jobs')).body).toMatchObject({
        background: false,
        data: defined.map(({ name }) => ({ name, state: 'idle', nextRunAt: null, lastOutcome: null })),
      });
      const { status, body } = await quiet.api.post('/v1/admin/jobs/anchors/run');
      expect([status, body.code]).toEqual([409, 'BACKGROUND_OFF']);
    } finally {
      await quiet.close();
    }
  });
});
