import { shardSuffixOf } from '../../src/kernel/ids.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { spawnEngine, type EngineProcess } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const ACCOUNTS = 20;
const RECEIPTS = 600;
const POINTS_EACH = 105;
/** Starting processes takes seconds on a busy machine. */
const PATIENCE_MS = 120_000;

/** Two processes on one database, and everything aimed at the same twenty accounts. */
describe('two processes hammering the same twenty accounts', () => {
  let engine: TestEngine;
  let processes: EngineProcess[];
  let clients: ApiClient[];

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.tiers();
    await programme.reward('bag', { points: 5, stocked: true }, 30);
    for (let index = 0; index < ACCOUNTS; index += 1) {
      await engine.api.post('/v1/members', { externalId: `T-${index}` });
    }
    // The shards of one have threads of their own, those of the other have not.
    processes = await Promise.all(
      ['true', 'false'].map((threads) =>
        spawnEngine(engine.applicationUrl, { TEST_SHARDS: '2', TEST_SHARD_THREADS: threads }),
      ),
    );
    clients = processes.map(({ url }) => new ApiClient(url, engine.api.key));
  }, PATIENCE_MS);
  afterAll(async () => {
    // With threads or without, who is asked to stop ends well.
    expect(await Promise.all(processes.map((process) => process.stop()))).toEqual([0, 0]);
    await engine.close();
  });

  const member = (index: number) => ({ externalId: `T-${index % ACCOUNTS}` });
  const balanceOf = async (index: number) =>
    (await engine.api.get(`/v1/members?externalId=T-${index}`)).body.data[0].balance;

  it(
    'loses nothing and doubles nothing, with every receipt posted to both at once',
    async () => {
      const receipts = Array.from({ length: RECEIPTS }, (_, index) => receipt({ member: member(index) }));
      const answers = await inChunks(receipts, 50, (body) =>
        Promise.all(clients.map((client) => client.post('/v1/purchases', body))),
      );
      for (const pair of answers) {
        expect(pair.map(({ status }) => status).sort()).toEqual([200, 201]);
        expect(pair[0]?.text).toBe(pair[1]?.text);
      }
      for (let index = 0; index < ACCOUNTS; index += 1) {
        expect((await balanceOf(index)).available).toBe((RECEIPTS / ACCOUNTS) * POINTS_EACH);
      }
      const [{ count }] = await engine.engine.dataSource.query(
        'SELECT count(*)::int AS count FROM purchases p',
      );
      expect(count).toBe(RECEIPTS);
    },
    PATIENCE_MS,
  );

  it('never spends a point twice', async () => {
    const before = (await balanceOf(0)).available as number;
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        (clients[index % 2] as ApiClient).post('/v1/redemptions', {
          member: member(0),
          points: 200,
          mode: 'capture',
        }),
      ),
    );
    const done = answers.filter(({ status }) => status === 201).length;
    expect(done).toBe(Math.floor(before / 200));
    expect(refusals(answers)).toEqual(['INSUFFICIENT_POINTS']);
    expect((await balanceOf(0)).available).toBe(before - done * 200);
  });

  it('hands out thirty bags and not one more, though both processes believe in their stock', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (clients[index % 2] as ApiClient).post('/v1/redemptions', {
          member: member(index + 1),
          rewardId: 'bag',
          mode: 'capture',
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(30);
    expect(refusals(answers).filter((code) => code !== 'INSUFFICIENT_POINTS')).toEqual(['OUT_OF_STOCK']);
  });

  it('settles one hold once: capture against void from both sides', async () => {
    for (let round = 0; round < 10; round += 1) {
      const held = await (clients[0] as ApiClient).post('/v1/redemptions', {
        member: member(3),
        points: 5,
        mode: 'authorise',
      });
      const answers = await Promise.all([
        (clients[0] as ApiClient).post(`/v1/redemptions/${held.body.id}/capture`),
        (clients[1] as ApiClient).post(`/v1/redemptions/${held.body.id}/void`),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
    expect((await balanceOf(3)).held).toBe(0);
  });

  it('answers returns and captures of an account that receipts keep busy, and keeps them in its shard', async () => {
    const threaded = clients[0] as ApiClient;
    const first = await inChunks(Array.from({ length: 40 }), 40, () =>
      threaded.post('/v1/purchases', receipt({ member: member(7) })),
    );
    const ids = first.map(({ body }) => body.id as string);
    const stream = Array.from({ length: 400 }, () =>
      threaded.post('/v1/purchases', receipt({ member: member(7) })),
    );
    const others = ids.map(async (id) => {
      const hold = await threaded.post('/v1/redemptions', {
        member: member(7),
        points: 5,
        mode: 'authorise',
      });
      const [captured, returned] = await Promise.all([
        threaded.post(`/v1/redemptions/${hold.body.id}/capture`),
        threaded.post(`/v1/purchases/${id}/returns`, {
          ...{ source: 'store-1', receiptNo: `X-${id}`, whole: true },
          occurredAt: '2026-11-21T10:15:00+08:00',
        }),
      ]);
      ids.push(hold.body.id);
      return [hold.status, captured.status, returned.status];
    });
    expect(await Promise.all(others)).toEqual(ids.slice(0, 40).map(() => [201, 200, 201]));
    const streamed = await Promise.all(stream);
    expect(streamed.map(({ status }) => status)).toEqual(stream.map(() => 201));
    // Whatever the account's shard made has its suffix, so it is found there again.
    ids.push(...streamed.map(({ body }) => body.id as string));
    expect(new Set(ids.map(shardSuffixOf)).size).toBe(1);
  });

  it('answers everybody on one hot account', async () => {
    const before = (await balanceOf(5)).available as number;
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        (clients[index % 2] as ApiClient).post(
          '/v1/purchases',
          receipt({ member: member(5), lines: [line()] }),
        ),
      ),
    );
    expect(answers.every(({ status }) => status === 201)).toBe(true);
    expect((await balanceOf(5)).available).toBe(before + 200 * POINTS_EACH);
  });

  it('sees a rule that was published through the other process with the very next receipt', async () => {
    const [a, b] = clients as [ApiClient, ApiClient];
    await a.put('/v1/earning-rules/extra/draft', {
      name: 'extra',
      amount: { type: 'basketBonus', points: 7, minimumMinor: 0 },
    });
    await a.post('/v1/earning-rules/extra/publish', {
      effectiveAt: '2020-01-01T00:00:00Z',
      retroactive: true,
    });
    expect((await b.post('/v1/purchases', receipt({ member: member(6) }))).body.pointsGranted).toBe(
      POINTS_EACH + 7,
    );
  });

  it('leaves books in which the auditor finds no difference', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
  });
});

function refusals(answers: readonly Answer[]): string[] {
  return [
    ...new Set(answers.filter(({ status }) => status >= 400).map(({ body }) => body.code as string)),
  ].sort();
}

async function inChunks<T, R>(items: readonly T[], size: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(act))));
  }
  return results;
}
