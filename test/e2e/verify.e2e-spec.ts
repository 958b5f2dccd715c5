import pg from 'pg';
import { generateKeyPairSync } from 'node:crypto';
import { createEngine } from '../../src/engine.js';
import { VerifyRuns } from '../../src/integrity/verify/verify-runs.js';
import { runJob } from '../harness/run-job.js';
import type { AnchorSigning } from '../../src/integrity/index.js';
import { signerOf } from '../../src/platform/signing/ed25519.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const { privateKey } = generateKeyPairSync('ed25519');
const anchorSigning: AnchorSigning = { state: 'signing', signer: signerOf(privateKey) };

/** A world in which everything happened once; then somebody with the database's keys changes one thing of it. */
describe('verify over a whole world', () => {
  let engine: TestEngine;
  let owner: pg.Client;
  const clock = new MovingClock(Date.parse('2026-03-02T12:00:00+08:00'));
  const tables = [
    ...['accounts', 'lots', 'movements', 'redemptions', 'returns', 'purchases', 'qualifying_days'],
    ...['sliding_expiries', 'anchors'],
  ];
  const post = async (path: string, body: object = {}) => {
    const answer = await engine.api.post(path, body);
    if (answer.status > 202) throw new Error(`${path}: ${answer.text}`);
    return answer.body;
  };
  const member = (externalId: string) => ({ externalId });
  const buys = (externalId: string, amountMinor: number, category = 'x') =>
    post(
      '/v1/purchases',
      receipt({
        member: member(externalId),
        occurredAt: new Date(clock.now()).toISOString(),
        lines: [line({ amountMinor, taxMinor: 0, category })],
      }),
    );
  const verify = async () => (await engine.api.get('/v1/admin/verify')).body;

  beforeAll(async () => {
    engine = await startTestEngine({ clock, anchorSigning });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({ expiry: { type: 'months', months: 3 }, transfers: { expiry: 'keep' } });
    await programme.rule('base', { lines: { includeCategories: ['x'] } });
    await programme.rule('ordered', {
      lines: { includeCategories: ['ordered'] },
      pending: { type: 'event', event: 'delivered', cancelAfterDays: 40 },
    });
    await programme.rule('club', {
      lines: { includeCategories: ['club'] },
      expiry: { type: 'sliding', days: 45 },
    });
    await programme.tiers();
    for (const externalId of ['A-1', 'B-2']) await post('/v1/members', { externalId });
    await buys('A-1', 200_000);
    await buys('A-1', 90_000, 'ordered');
    await buys('A-1', 60_000, 'club');
    const { id: spent } = await buys('B-2', 100_000);
    const { id } = await post('/v1/redemptions', { member: member('B-2'), points: 80, mode: 'capture' });
    await post('/v1/redemptions', {
      member: member('A-1'),
      points: 30,
      mode: 'authorise',
      holdSeconds: 600_000,
    });
    await post('/v1/transfers', { from: member('A-1'), to: member('B-2'), points: 50 });
    await post(`/v1/purchases/${spent}/returns`, {
      source: 'store-1',
      receiptNo: 'RT-1',
      occurredAt: '2026-03-02T12:00:00+08:00',
      whole: true,
    });
    await post(`/v1/redemptions/${id}/reverse`, { points: 5 });
    for (const day of ['03', '04', '05']) {
      clock.set(`2026-03-${day}T00:11:00+08:00`);
      for (let look = 0; look < 2; look += 1) await runJob(engine.engine.app, 'anchors');
      clock.set(`2026-03-${day}T12:00:00+08:00`);
      await buys('A-1', 20_000);
    }
    owner = new pg.Client({ connectionString: engine.ownerUrl });
    await owner.connect();
    for (const table of tables) await owner.query(`CREATE TABLE before_${table} AS TABLE ${table}`);
  }, 60_000);
  afterAll(async () => {
    await owner.end();
    await engine.close();
  });
  afterEach(async () => {
    for (const table of tables) {
      await owner.query(`DELETE FROM ${table}`);
      await owner.query(`INSERT INTO ${table} SELECT * FROM before_${table}`);
    }
  });

  it('is clean, and saw all of it', async () => {
    expect(await verify()).toMatchObject({
      accounts: 2,
      lots: 9,
      receipts: 7,
      members: 2,
      anchors: 3,
      unsignedAnchors: 0,
      differences: [],
      clean: true,
    });
  });

  const debtor = `account_id = (SELECT account_id FROM accounts WHERE debt > 0)`;
  const child = `parent_lot_id IS NOT NULL`;
  it.each([
    // The other side of a transfer has another number of points, or other money.
    ['transfer.points', `UPDATE movements SET points = points - 1 WHERE to_bucket = 'moved'`],
    ['transfer.liability', `UPDATE movements SET liability = liability - 1 WHERE to_bucket = 'moved'`],
    ['transfer.points', `UPDATE lots SET parent_lot_id = gen_random_uuid() WHERE ${child}`],
    ['transfer.parent', `UPDATE lots SET parent_lot_id = gen_random_uuid() WHERE ${child}`],
    ['redemption.exists', `DELETE FROM redemptions WHERE status = 'captured'`],
    ['redemption.held', `UPDATE redemptions SET points = points + 1 WHERE status = 'authorised'`],
    ['redemption.redeemed', `UPDATE redemptions SET points = points + 1 WHERE status = 'captured'`],
    ['redemption.redeemed', `UPDATE redemptions SET reversed_points = 4 WHERE status = 'captured'`],
    [
      'redemption.redeemed',
      `INSERT INTO redemptions (redemption_id, account_id, member_id, status, points, lots, stocked, discount_minor, authorised_at)
       SELECT gen_random_uuid(), account_id, member_id, 'captured', 7, '[]', false, 0, authorised_at FROM redemptions LIMIT 1`,
    ],
    ['return.exists', `DELETE FROM returns`],
    ['return.pointsTaken', `UPDATE returns SET points_taken = points_taken + 1`],
    ['return.debt', `UPDATE returns SET debt = debt - 1`],
    ['return.restored', `UPDATE returns SET redemptions = '[{"redemptionId": "rdm_x", "points": 1}]'`],
    ['account.debt', `UPDATE accounts SET debt = debt + 1 WHERE debt > 0`],
    ['account.debtUnfilled', `UPDATE accounts SET available = available + 1 WHERE debt > 0`],
    ['account.slidingExpiresAt', `UPDATE accounts SET sliding_expires_at = NULL`],
    ['account.slidingExpiresAt', `UPDATE sliding_expiries SET expires_at = expires_at + interval '1 hour'`],
    ['account.nextPendingAt', `UPDATE accounts SET next_pending_at = NULL`],
    ['account.nextPendingAt', `UPDATE accounts SET next_pending_at = next_pending_at + interval '1 ms'`],
    ['account.expiring', `UPDATE accounts SET expiring = NULL`],
    ['account.expiring', `UPDATE accounts SET expiring = '[[1, 1]]' WHERE ${debtor}`],
    ['account.nextHoldExpiryAt', `UPDATE accounts SET next_hold_expiry_at = NULL`],
    ['account.lifetimeEarned', `UPDATE lots SET parent_lot_id = NULL, root_lot_id = NULL WHERE ${child}`],
    ['purchase.lots', `UPDATE purchases SET lot_ids = json_build_array(gen_random_uuid())`],
    [
      'purchase.lots',
      `UPDATE purchases SET lot_ids = (SELECT json_agg(lot_id) FROM lots WHERE NOT ${debtor})`,
    ],
    ['qualifyingDay.spend', `UPDATE purchases SET amount_minor = amount_minor + 1`],
    ['qualifyingDay.spend', `DELETE FROM qualifying_days WHERE NOT ${debtor}`],
    ['qualifyingDay.points', `UPDATE qualifying_days SET points = points + 1 WHERE ${debtor}`],
    ['anchor.hash', `UPDATE anchors SET accounts = accounts + 1 WHERE day = '2026-03-03'`],
    ['anchor.chain', `UPDATE anchors SET previous_hash = digest WHERE day = '2026-03-03'`],
    ['anchor.chain', `DELETE FROM anchors WHERE day = '2026-03-02'`],
    ['anchor.day', `DELETE FROM anchors WHERE day = '2026-03-03'`],
    ['anchor.day', `UPDATE anchors SET cut_off = cut_off + interval '1 hour' WHERE day = '2026-03-03'`],
    ['anchor.accounts', `UPDATE anchors SET accounts = accounts + 1 WHERE day = '2026-03-03'`],
    ['anchor.digest', `UPDATE anchors SET digest = hash WHERE day = '2026-03-04'`],
    [
      'anchor.signature',
      `UPDATE anchors SET signature = '\\x00'::bytea || signature WHERE day = '2026-03-04'`,
    ],
    // A movement with all of its chain written anew, or one that says it was recorded before the day was over.
    ['anchor.digest', `UPDATE movements SET hash = sha256(hash)`],
    ['anchor.digest', `UPDATE movements SET recorded_at = '2026-03-02T15:00:00Z'`],
    ['anchor.digest', `DELETE FROM movements WHERE ${debtor}`],
  ])('finds %s after %s', async (check, change) => {
    await owner.query(change);
    const { differences, clean } = await verify();
    expect(clean).toBe(false);
    expect(differences.map((difference: { check: string }) => difference.check)).toContain(check);
  });

  it('lists anchors to the auditor, with what to check them by', async () => {
    const auditor = await engine.withScopes('auditor');
    const { body } = await auditor.get('/v1/admin/anchors?limit=2');
    expect(body.data.map(({ day }: { day: string }) => day)).toEqual(['2026-03-04', '2026-03-03']);
    const rest = await auditor.get(`/v1/admin/anchors?limit=2&cursor=${body.nextCursor}`);
    expect(rest.body).toMatchObject({ data: [{ day: '2026-03-02', accounts: 2 }], nextCursor: null });
    expect(body.data[0].statement).toContain(
      `|2026-03-04|2026-03-04T16:00:00.000Z|2|${body.data[0].digest}|`,
    );
    expect(body.data[1].previousHash).toBe(rest.body.data[0].hash);
    const { keyId } = anchorSigning.signer;
    expect((await auditor.get('/v1/admin/anchors/public-key')).body).toMatchObject({
      state: 'signing',
      keyId,
      keys: [{ keyId }],
    });
    expect((await auditor.get('/v1/admin/anchors?cursor=x')).status).toBe(422);
    for (const path of ['anchors', 'anchors/public-key', 'verify-runs/vrf_x']) {
      expect((await (await engine.withScopes('admin', 'finance')).get(`/v1/admin/${path}`)).status).toBe(403);
    }
  });

  describe('as a run that can be looked at', () => {
    const done = async (id: string) => {
      await runJob(engine.engine.app, 'verify-runs');
      const { body } = await engine.api.get(`/v1/admin/verify-runs/${id}`);
      expect(body.state).toBe('finished');
      return body;
    };

    it('goes through all of it beside other work', async () => {
      await owner.query(`UPDATE accounts SET available = available + 1 WHERE debt = 0`);
      const started = await engine.api.post('/v1/admin/verify-runs');
      expect(started).toMatchObject({
        status: 202,
        body: { state: 'waiting', phase: 'accounts', clean: null },
      });
      expect((await engine.api.post('/v1/admin/verify-runs')).body.code).toBe('VERIFY_RUNNING');
      expect(await done(started.body.id)).toMatchObject({
        phase: null,
        accounts: 2,
        ofAccounts: 2,
        anchors: 3,
        clean: false,
        differenceCount: 1,
        differences: [{ check: 'account.available' }],
        error: null,
      });
      const again = await engine.api.post(`/v1/admin/verify-runs/${started.body.id}/resume`);
      expect(again).toMatchObject({ status: 409, body: { code: 'VERIFY_FINISHED' } });
    });

    it('is one at a time, and goes on where a process that is gone left it', async () => {
      const { rows } = await owner.query(
        `INSERT INTO verify_runs (run_id, programme_id, state, lease, started_at, updated_at, progress)
         SELECT gen_random_uuid(), programme_id, 'running', 1, $1, $1, jsonb_set(jsonb_set(r.progress::jsonb,
           '{phase}', '"members"'), '{after}', 'null')
         FROM verify_runs r LIMIT 1 RETURNING run_id`,
        [new Date(clock.now())],
      );
      const busy = await engine.api.post('/v1/admin/verify-runs');
      expect(busy).toMatchObject({ status: 409, body: { code: 'VERIFY_RUNNING' } });
      const { runId } = busy.body.meta;
      expect((await engine.api.post(`/v1/admin/verify-runs/${runId}/resume`)).status).toBe(409);
      clock.advance({ seconds: 61 });
      const left = await engine.api.get(`/v1/admin/verify-runs/${runId}`);
      expect(left.body).toMatchObject({ state: 'interrupted', phase: 'members', members: 2 });
      const resumed = await engine.api.post(`/v1/admin/verify-runs/${runId}/resume`);
      expect(resumed).toMatchObject({ status: 202, body: { state: 'waiting' } });
      // What it had seen before is counted once; from where it was left it goes through the rest again.
      expect(await done(runId)).toMatchObject({ accounts: 2, members: 4, anchors: 6 });
      expect(rows).toHaveLength(1);
      expect((await engine.api.get('/v1/admin/verify-runs/vrf_none')).body.code).toBe('VERIFY_RUN_NOT_FOUND');
    });

    it('takes turns, ends with the signal, and goes on by itself after a process died', async () => {
      const { body } = await engine.api.post('/v1/admin/verify-runs');
      const runs = engine.engine.app.get(VerifyRuns);
      const state = async () => (await engine.api.get(`/v1/admin/verify-runs/${body.id}`)).body;
      await runs.carryOutWaiting(AbortSignal.abort());
      expect(await state()).toMatchObject({ state: 'waiting', accounts: 0 });
      await owner.query(`UPDATE verify_runs SET state = 'running', lease = 7 WHERE state = 'waiting'`);
      await runJob(engine.engine.app, 'verify-runs');
      expect(await state()).toMatchObject({ state: 'running' });
      clock.advance({ seconds: 61 });
      expect(await done(body.id)).toMatchObject({ accounts: 2 });
      const second = await engine.api.post('/v1/admin/verify-runs');
      // A turn of one page after the other.
      await runs.carryOutWaiting(new AbortController().signal, 0);
      expect((await engine.api.get(`/v1/admin/verify-runs/${second.body.id}`)).body).toMatchObject({
        state: 'finished',
        accounts: 2,
      });
    });
  });

  it('says so where nobody signs', async () => {
    const silent = await createEngine({
      ...{ databaseUrl: engine.applicationUrl, host: '127.0.0.1', port: 0, logLevel: 'silent', shards: 1 },
      ...{ queueLimit: 10, poolSize: 4, background: false, docs: false, clock },
      anchorSigning: { state: 'unsigned', reason: 'The folder is read-only.' },
    });
    try {
      clock.set('2026-03-06T00:11:00+08:00');
      for (let look = 0; look < 2; look += 1) await runJob(silent.app, 'anchors');
      expect((await engine.api.get('/v1/admin/anchors?limit=1')).body.data).toMatchObject([
        { day: '2026-03-05', keyId: null, signature: null },
      ]);
      expect(await verify()).toMatchObject({ anchors: 4, unsignedAnchors: 1, clean: true });
    } finally {
      await silent.close();
    }
  });
});
