import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database.js';
import { MovingClock } from '../../../test/harness/moving-clock.js';
import { createDataSource } from '../database/data-source.js';
import { Metrics } from '../observability/metrics.js';
import { job } from './job.js';
import { JobRunner } from './job-runner.js';
import { JobStore } from './job.store.js';
import { LeaderLock } from './leader-lock.store.js';
import { Scheduler } from './scheduler.js';

/** What the jobs of a process do, counted. */
class Work {
  begun = 0;
  signal = new AbortController().signal;
  act = (_signal: AbortSignal): Promise<unknown> => Promise.resolve();
}

interface Process {
  readonly dataSource: DataSource;
  readonly scheduler: Scheduler;
  readonly runner: JobRunner;
  readonly often: Work;
  readonly nightly: Work;
  readonly everywhere: Work;
}

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
};
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('the jobs of several processes', () => {
  const clock = new MovingClock();
  let database: TestDatabase;
  let processes: Process[];

  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['fatal', 'error', 'warn', 'log']));
  beforeEach(async () => {
    clock.set('2026-03-28T12:00:00+01:00');
    database = await createTestDatabase();
    processes = [];
  });
  afterEach(async () => {
    for (const { scheduler, dataSource } of processes) {
      await scheduler.stop();
      await dataSource.destroy();
    }
    await database.drop();
  });

  /** A process that looks when the test says so. */
  async function process(): Promise<Process> {
    const dataSource = await createDataSource(database.applicationUrl, { poolSize: 3 }).initialize();
    const work = { often: new Work(), nightly: new Work(), everywhere: new Work() };
    const run = (name: keyof typeof work) => (signal: AbortSignal) => {
      work[name].begun += 1;
      work[name].signal = signal;
      return work[name].act(signal);
    };
    const common = { timeout: { minutes: 1 }, inject: [] };
    const jobs = [
      job({ ...common, name: 'often', every: { seconds: 5 }, exclusive: true, run: run('often') }),
      job({
        ...common,
        name: 'nightly',
        at: { time: '02:30', zone: 'Europe/Berlin' },
        exclusive: true,
        run: run('nightly'),
      }),
      job({ ...common, name: 'everywhere', every: { hours: 1 }, exclusive: false, run: run('everywhere') }),
    ];
    const parts = { dataSource, store: new JobStore(dataSource), clock, random: () => 0 };
    const instances = { get: () => undefined as never };
    const runner = new JobRunner(jobs, { ...parts, instances, metrics: new Metrics() });
    const made = { dataSource, runner, scheduler: new Scheduler(jobs, runner, parts), ...work };
    processes.push(made);
    return made;
  }

  /** Looks, and waits for what that began. */
  async function look(at: Process): Promise<void> {
    await at.scheduler.look();
    await at.runner.settled();
  }
  const stateOf = async (name: string, { dataSource } = processes[0] as Process) =>
    (await new JobStore(dataSource).all()).get(name);

  it('run at their intervals and times, by the clock that is given', async () => {
    const one = await process();
    await look(one);
    expect([one.often.begun, one.nightly.begun, one.everywhere.begun]).toEqual([1, 0, 1]);
    clock.advance({ seconds: 4 });
    await look(one);
    expect(one.often.begun).toBe(1);
    clock.advance({ seconds: 1 });
    await look(one);
    expect(one.often.begun).toBe(2);
    clock.set('2026-03-29T03:29:59+02:00');
    await look(one);
    expect(one.nightly.begun).toBe(0);
    clock.set('2026-03-29T03:30:00+02:00');
    await look(one);
    await look(one);
    expect([one.nightly.begun, one.everywhere.begun]).toEqual([1, 2]);
    expect(await stateOf('nightly')).toMatchObject({
      nextRunAt: Date.parse('2026-03-30T02:30:00+02:00'),
      lastSucceededAt: clock.now(),
      lastOutcome: 'succeeded',
      runningSince: null,
    });
  });

  it('run in one process at a time where they are exclusive, and in each where not', async () => {
    const [one, two] = [await process(), await process()];
    await look(one);
    for (let round = 0; round < 3; round += 1) {
      clock.advance({ hours: 1 });
      await Promise.all([look(one), look(two)]);
    }
    expect([one.often.begun, two.often.begun]).toEqual([4, 0]);
    expect([one.everywhere.begun, two.everywhere.begun]).toEqual([4, 3]);
    // What runs already, here or there, is not begun again.
    one.often.act = untilAborted;
    const running = one.runner.run('often');
    await until(() => one.often.begun === 5);
    expect((await two.runner.run('often')).outcome).toBe('busy');
    expect((await one.runner.run('often')).outcome).toBe('busy');
    expect(await stateOf('often', two)).toMatchObject({ runningSince: clock.now() });
    one.runner.abort('enough', 'all');
    expect((await running).outcome).toBe('aborted');
  });

  it('go on in the next process when the leader ends, and what was cut off is done again', async () => {
    const [one, two] = [await process(), await process()];
    one.often.act = untilAborted;
    await one.scheduler.look();
    await until(() => one.often.begun === 1);
    await look(two);
    expect(two.often.begun).toBe(0);
    await one.scheduler.stop();
    expect(one.often.signal.aborted).toBe(true);
    expect(await stateOf('often', two)).toMatchObject({
      lastOutcome: 'aborted',
      lastError: 'The process is shutting down.',
      failures: 0,
    });
    await look(two);
    expect(two.often.begun).toBe(1);
    await one.scheduler.look();
    expect(one.often.begun).toBe(1);
  });

  it('are aborted where the leader lock is lost, and the late end of such a run writes nothing', async () => {
    const [one, two] = [await process(), await process()];
    let end = (): void => undefined;
    one.often.act = () => new Promise<void>((resolve) => (end = resolve));
    await one.scheduler.look();
    await until(() => one.often.begun === 1);
    await database.asOwner(
      `SELECT pg_terminate_backend(l.pid) FROM pg_locks l
       WHERE l.locktype = 'advisory' AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`,
    );
    await until(async () => {
      await two.scheduler.look();
      return two.often.begun === 1;
    });
    await two.runner.settled();
    expect(await stateOf('often', two)).toMatchObject({ lastOutcome: 'succeeded' });
    // The first look closes the broken connection and finds the lock gone.
    await one.scheduler.look();
    expect(one.often.signal.aborted).toBe(true);
    end();
    await one.runner.settled();
    expect(await stateOf('often', two)).toMatchObject({ lastOutcome: 'succeeded', lastError: null });
  });

  it('are ended on paper where the leader died in a run', async () => {
    const one = await process();
    await look(one);
    await database.asOwner(
      `UPDATE jobs SET running_since = next_run_at, last_outcome = NULL WHERE name = 'nightly' OR name = 'often'`,
    );
    const before = await stateOf('nightly');
    await one.scheduler.stop();
    const two = await process();
    two.often.act = () => Promise.reject(new Error('again'));
    await look(two);
    expect(before?.runningSince).not.toBeNull();
    expect(await stateOf('nightly', two)).toMatchObject({ lastOutcome: 'succeeded', runningSince: null });
    expect(two.nightly.begun).toBe(1);
    expect(await stateOf('often', two)).toMatchObject({ lastError: 'again', failures: 1 });
  });

  it('wait longer after each failure, and run at once where it is asked for', async () => {
    const one = await process();
    one.often.act = () => Promise.reject(new Error('no disk'));
    await look(one);
    expect(await stateOf('often')).toMatchObject({ failures: 1, nextRunAt: clock.now() + 10_000 });
    clock.advance({ seconds: 10 });
    await look(one);
    expect(await stateOf('often')).toMatchObject({
      failures: 2,
      nextRunAt: clock.now() + 20_000,
      lastError: 'no disk',
      lastSucceededAt: null,
    });
    one.often.act = () => Promise.resolve();
    await database.asOwner(`UPDATE jobs SET requested_at = now() WHERE name IN ('often', 'nightly')`);
    await look(one);
    expect([one.often.begun, one.nightly.begun]).toEqual([3, 1]);
    expect(await stateOf('often')).toMatchObject({ failures: 0, requestedAt: null });
  });

  it('run by a clock that was set back, and by a schedule that has changed', async () => {
    const one = await process();
    await look(one);
    clock.advance({ hours: -5 });
    await look(one);
    expect(one.often.begun).toBe(2);
    await database.asOwner(
      `UPDATE jobs SET schedule = 'every 9 s', next_run_at = now() + interval '10 years'`,
    );
    await look(one);
    expect(one.often.begun).toBe(3);
    expect(await stateOf('nightly')).toMatchObject({
      schedule: 'at 02:30 Europe/Berlin',
      nextRunAt: Date.parse('2026-03-29T03:30:00+02:00'),
    });
  });

  it('leave the pool to others, however many hang', async () => {
    const one = await process();
    for (const work of [one.often, one.everywhere]) work.act = untilAborted;
    await one.scheduler.look();
    await until(() => one.often.begun + one.everywhere.begun === 2);
    // One connection holds the locks; the other two of the pool are free at the same time.
    const runners = [one.dataSource.createQueryRunner(), one.dataSource.createQueryRunner()];
    for (const runner of runners) await runner.query('SELECT 1');
    for (const runner of runners) await runner.release();
    expect((await one.runner.run('nightly')).outcome).toBe('succeeded');
    expect(await new LeaderLock(one.dataSource, 'scheduler').hold()).toBe(true);
  });
});
