import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { ApiClient } from '../harness/api-client.js';
import { spawnEngine } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** Starting processes takes seconds on a busy machine. */
const PATIENCE_MS = 120_000;

/** SIGKILL in the middle of work, then a new process on the same database. */
describe('a process that is killed', () => {
  let engine: TestEngine;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-crash-'));
    engine = await startTestEngine();
    await new ProgrammeBuilder(engine.api).shop();
    for (let index = 0; index < 10; index += 1)
      await engine.api.post('/v1/members', { externalId: `K-${index}` });
  });
  afterAll(async () => {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  });

  it(
    'loses no acknowledged receipt, doubles none, and delivers every event, twice at most',
    async () => {
      const eventsFile = join(folder, 'delivered');
      const receipts = Array.from({ length: 400 }, (_, index) =>
        receipt({ member: { externalId: `K-${index % 10}` } }),
      );
      const acknowledged = new Set<string>();

      const first = await spawnEngine(engine.applicationUrl, { TEST_EVENTS_FILE: eventsFile });
      const till = new ApiClient(first.url, engine.api.key);
      const posting = Promise.allSettled(
        receipts.map(async (body) => {
          const { status } = await till.post('/v1/purchases', body);
          if (status === 201) acknowledged.add(body['receiptNo'] as string);
        }),
      );
      await until(() => acknowledged.size > 0);
      await first.kill();
      await posting;
      expect(acknowledged.size).toBeGreaterThan(0);

      const second = await spawnEngine(engine.applicationUrl, { TEST_EVENTS_FILE: eventsFile });
      const again = new ApiClient(second.url, engine.api.key);
      const statuses = await Promise.all(
        receipts.map(async (body) => ({ body, answer: await again.post('/v1/purchases', body) })),
      );
      for (const { body, answer } of statuses) {
        const allowed = acknowledged.has(body['receiptNo'] as string) ? [200] : [200, 201];
        expect(allowed).toContain(answer.status);
      }
      const [{ count }] = await engine.engine.dataSource.query(
        'SELECT count(*)::int AS count FROM purchases p',
      );
      expect(count).toBe(receipts.length);

      const stored = (await engine.engine.dataSource.query('SELECT count(*)::int AS count FROM events e'))[0]
        .count as number;
      // There is no file before the first event: on a slow machine neither engine may have come so far.
      const delivered = () =>
        readFile(eventsFile, 'utf8').then(
          (text) => text.trim().split('\n'),
          (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [] : Promise.reject(error)),
        );
      await until(async () => new Set(await delivered()).size >= stored);
      expect(await second.stop()).toBe(0);
      const times = new Map<string, number>();
      for (const row of await delivered()) times.set(row, (times.get(row) ?? 0) + 1);
      expect(times.size).toBe(stored);
      expect(Math.max(...times.values())).toBeLessThanOrEqual(2);
    },
    PATIENCE_MS,
  );

  it(
    'answers what it accepted before it stops, when it is asked to stop',
    async () => {
      const third = await spawnEngine(engine.applicationUrl);
      const till = new ApiClient(third.url, engine.api.key);
      await till.get('/health/ready');
      const posted = Array.from({ length: 100 }, () =>
        till.post('/v1/purchases', receipt({ member: { externalId: 'K-1' } })),
      );
      await posted[0];
      const code = third.stop();
      const answers = await Promise.allSettled(posted);
      expect(await code).toBe(0);
      const answered = answers.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
      expect(answered.length).toBeGreaterThan(0);
      for (const { status, body } of answered) {
        expect(status === 201 || body.code === 'SHUTTING_DOWN').toBe(true);
      }
    },
    PATIENCE_MS,
  );
});

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
