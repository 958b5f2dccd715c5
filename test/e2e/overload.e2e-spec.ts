import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('more than may wait', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine({ queueLimit: 8 });
    await new ProgrammeBuilder(engine.api).shop();
    await engine.api.post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  it('is answered 503 with Retry-After, at once; the rest is answered as ever', async () => {
    // While somebody else holds the account's row, nothing that was accepted can be finished.
    const holder = engine.engine.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT a.account_id FROM accounts a FOR UPDATE');
    const turnedAway: Answer[] = [];
    const posted = Array.from({ length: 20 }, async () => {
      const answer = await engine.api.post('/v1/purchases', receipt());
      if (answer.status === 503) turnedAway.push(answer);
      return answer;
    });
    while (turnedAway.length < 12) await new Promise((resolve) => setTimeout(resolve, 10));
    // It is told at the door, whoever asks; reading goes on.
    const stranger = new ApiClient(engine.url, 'nobody');
    expect((await stranger.post('/v1/purchases', receipt())).status).toBe(503);
    expect((await stranger.get('/v1/members?externalId=C-1')).status).toBe(401);
    expect((await engine.api.get('/v1/members?externalId=C-1')).status).toBe(200);
    await holder.rollbackTransaction();
    await holder.release();
    const done = (await Promise.all(posted)).filter(({ status }) => status === 201);
    expect([turnedAway.length, done.length]).toEqual([12, 8]);
    for (const { body, headers } of turnedAway) {
      expect(body.code).toBe('OVERLOADED');
      expect(headers.get('retry-after')).toBe('1');
    }
    const { body } = await engine.api.get('/v1/members?externalId=C-1');
    expect(body.data[0].balance.available).toBe(8 * 105);
  });
});

describe('operations', () => {
  let engine: TestEngine;
  beforeAll(async () => {
    engine = await startTestEngine();
    await new ProgrammeBuilder(engine.api).shop();
    await engine.api.post('/v1/members', { externalId: 'C-1' });
    await engine.api.post('/v1/purchases', receipt());
  });
  afterAll(() => engine.close());

  it('is live and ready', async () => {
    expect((await engine.api.get('/health/live')).status).toBe(200);
    expect((await engine.api.get('/health/ready')).body).toEqual({ status: 'ready' });
  });

  it('shows what it did to Prometheus', async () => {
    const { text } = await engine.api.get('/metrics');
    expect(text).toContain('laurel_commands_total{command="purchase.post",outcome="answered"} 1');
    expect(text).toMatch(/laurel_batch_commands_count 1\b/);
    expect(text).toContain('laurel_queue_commands 0');
  });

  it('cannot rewrite history: the role it runs as may not change a movement, an event or a claim', async () => {
    for (const statement of [
      'UPDATE movements SET points = points + 1',
      'DELETE FROM movements',
      'UPDATE events SET type = type',
      'DELETE FROM claims',
      'UPDATE tier_changes SET to_tier = to_tier',
      'DELETE FROM audit_log',
      'DELETE FROM purchases',
      'TRUNCATE movements',
    ]) {
      await expect(engine.engine.dataSource.query(statement)).rejects.toThrow(/permission denied/);
    }
  });

  it('tells who changed the configuration', async () => {
    const rows = await engine.engine.dataSource.query(
      'SELECT a.action, a.subject, a.actor FROM audit_log a ORDER BY a.audit_id',
    );
    expect(rows.map(({ subject }: { subject: string }) => subject)).toContain('earning-rule/base@1');
    const actors = rows.map(({ action, actor }: { action: string; actor: string }) => [action, actor]);
    expect(actors.filter(([, actor]: string[]) => !/^key_|^test$/.test(actor as string))).toEqual([
      ['programme.created', 'installation'],
    ]);
  });
});
