import pg from 'pg';
import { createEngine, type Engine } from '../../src/engine.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { CuttingProxy, WRITE_CUTS } from './cutting-proxy.js';

const POINTS_EACH = 105;
/** A shard pauses before it connects again, and more than once when the server is busy. */
const PATIENCE_MS = 60_000;

/** The connection to PostgreSQL breaks at the worst moments of a write. */
describe.each(WRITE_CUTS)('a connection cut around the COMMIT: %s', (cut) => {
  let direct: TestEngine;
  let proxy: CuttingProxy;
  let behind: Engine;
  let till: ApiClient;
  let sql: pg.Client;
  let members = 0;

  beforeAll(async () => {
    direct = await startTestEngine();
    await new ProgrammeBuilder(direct.api).shop();
    sql = new pg.Client({ connectionString: direct.ownerUrl });
    await sql.connect();
    proxy = await CuttingProxy.start(Number(new URL(direct.applicationUrl).port));
    behind = await createEngine({
      databaseUrl: proxy.urlOf(direct.applicationUrl),
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      shards: 1,
      queueLimit: 4096,
      poolSize: 6,
      background: false,
      docs: false,
    });
    till = new ApiClient(await behind.listen(), direct.api.key);
  }, PATIENCE_MS);
  afterAll(async () => {
    await behind.close();
    await proxy.close();
    await sql.end();
    await direct.close();
  });

  const enrol = async (points = 0) => {
    const externalId = `X-${(members += 1)}`;
    const { body } = await direct.api.post('/v1/members', { externalId });
    for (let granted = 0; granted < points; granted += POINTS_EACH) {
      await direct.api.post('/v1/purchases', receipt({ member: { externalId } }));
    }
    return { member: { externalId }, id: body.id as string };
  };
  const balanceOf = async (id: string) => (await direct.api.get(`/v1/members/${id}/balance`)).body;
  const capturesOf = async (memberId: string) => {
    const { rows } = await sql.query(
      `SELECT count(*)::int AS count FROM events e
       WHERE e.type = 'redemption.captured' AND e.data->'redemption'->>'memberId' = $1`,
      [memberId],
    );
    return rows[0].count as number;
  };
  /** Runs the command into the cut; the late write is let through when its retry has been answered. */
  const whileCut = async <T>(act: () => Promise<T>): Promise<T> => {
    let letThrough: () => void = () => undefined;
    const before = proxy.cuts.get(cut) ?? 0;
    const released = new Promise<void>((resolve) => (letThrough = resolve));
    const over = proxy.cutNextWrite(cut, () => released);
    const answer = await act();
    letThrough();
    await over;
    expect(proxy.cuts.get(cut)).toBe(before + 1);
    return answer;
  };

  it(
    'answers a receipt and keeps it once',
    async () => {
      const { member, id } = await enrol();
      const body = receipt({ member });
      const answer = await whileCut(() => till.post('/v1/purchases', body));
      expect(answer.status).toBe(201);
      expect(answer.headers.has('idempotency-replayed')).toBe(false);
      expect(answer.body).toMatchObject({ memberId: id, pointsGranted: POINTS_EACH });
      const { rows } = await sql.query(
        `SELECT (SELECT count(*)::int FROM purchases p WHERE p.receipt_no = $1) AS purchases,
           (SELECT count(*)::int FROM claims c WHERE c.scope = 'receipt' AND c.key LIKE '%' || $1) AS claims`,
        [body['receiptNo']],
      );
      expect(rows[0]).toEqual({ purchases: 1, claims: 1 });
      expect(await balanceOf(id)).toMatchObject({ available: POINTS_EACH, lifetimeEarned: POINTS_EACH });

      const again = await direct.api.post('/v1/purchases', body);
      expect(again.status).toBe(200);
      expect(again.text).toBe(answer.text);
    },
    PATIENCE_MS,
  );

  it(
    'redeems once, though nothing in the request would tell a second time from the first',
    async () => {
      const { member, id } = await enrol(200);
      const answer = await whileCut(() =>
        till.post('/v1/redemptions', { member, points: 60, mode: 'capture' }),
      );
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ status: 'captured', points: 60 });
      expect(await balanceOf(id)).toMatchObject({ available: 150, lifetimeRedeemed: 60 });
      expect(await capturesOf(id)).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'captures a hold, and does not take its own capture for that of somebody else',
    async () => {
      const { member, id } = await enrol(200);
      const hold = await direct.api.post('/v1/redemptions', { member, points: 60, mode: 'authorise' });
      const answer = await whileCut(() =>
        till.post(`/v1/redemptions/${hold.body.id}/capture`, { points: 50 }),
      );
      expect(answer.status).toBe(200);
      expect(answer.headers.has('idempotency-replayed')).toBe(false);
      expect(answer.body).toMatchObject({ status: 'captured', points: 50 });
      expect(await balanceOf(id)).toMatchObject({ available: 160, held: 0, lifetimeRedeemed: 50 });
      expect(await capturesOf(id)).toBe(1);
    },
    PATIENCE_MS,
  );

  it(
    'answers every line of a stream and keeps each once',
    async () => {
      const { member, id } = await enrol();
      const lines = Array.from({ length: 100 }, () => receipt({ member }));
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const answer = await whileCut(() =>
        till.raw('POST', '/v1/purchases:batch', text, 'application/x-ndjson'),
      );
      const statuses = answer.text
        .trimEnd()
        .split('\n')
        .map((row) => JSON.parse(row).status as number);
      expect(statuses).toEqual(lines.map(() => 201));
      const { rows } = await sql.query(
        'SELECT count(*)::int AS count FROM purchases p WHERE p.receipt_no = ANY($1)',
        [lines.map((line) => line['receiptNo'])],
      );
      expect(rows[0].count).toBe(lines.length);
      expect(await balanceOf(id)).toMatchObject({ available: lines.length * POINTS_EACH });
    },
    PATIENCE_MS,
  );

  it('leaves books in which the auditor finds no difference', async () => {
    const { body } = await direct.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
  });
});
