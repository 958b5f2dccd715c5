import { ApiKeyStore } from '../../src/keys/index.js';
import { ApplyDue } from '../../src/ledger/index.js';
import { SCOPES } from '../../src/platform/http/caller.js';
import { ProgrammeStore } from '../../src/programmes/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** Two programmes, and in the first an account whose row contradicts its lots when they end. */
describe('an account on which what is due cannot be applied', () => {
  const clock = new MovingClock(Date.parse('2026-03-10T12:00:00+08:00'));
  let engine: TestEngine;
  let other: ApiClient;
  let broken: string;
  const buy = (api: ApiClient, externalId: string) =>
    api.post('/v1/purchases', receipt({ member: { externalId }, occurredAt: '2026-03-10T11:00:00+08:00' }));

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const { programmeId } = await engine.engine.app
      .get(ProgrammeStore)
      .create({ name: 'Other', currency: 'TWD', timeZone: 'Asia/Taipei' });
    const keys = engine.engine.app.get(ApiKeyStore);
    other = new ApiClient(
      engine.url,
      (await keys.create({ programmeId, name: 'test', scopes: SCOPES }, 'test')).key,
    );
    for (const api of [engine.api, other]) {
      const programme = new ProgrammeBuilder(api);
      await programme.policy({ expiry: { type: 'months', months: 1 } });
      await programme.accounting();
      await programme.rule();
      for (const externalId of ['one', 'two']) {
        await api.post('/v1/members', { externalId });
        expect((await buy(api, externalId)).status).toBe(201);
      }
    }
    const [member] = (await engine.api.get('/v1/members?externalId=one')).body.data;
    broken = member.accountId as string;
    await engine.asOwner(
      `UPDATE accounts SET available = 0 WHERE account_id = (
         SELECT m.account_id FROM members m WHERE m.external_id = 'one' AND m.programme_id = (
           SELECT p.programme_id FROM programmes p WHERE p.name = 'Test'))`,
    );
    clock.set('2026-06-01T12:00:00+08:00');
  });
  afterAll(() => engine.close());

  it('is named by the reports of its programme, which are refused', async () => {
    for (const report of ['liability', 'tie-out', 'roll-forward?from=2026-03&to=2026-05'])
      expect(await engine.api.get(`/v1/finance/${report}`)).toMatchObject({
        status: 409,
        body: { code: 'ACCOUNTS_UNDECIDED', meta: { accounts: [broken], count: 1 } },
      });
  });

  it('leaves the reports of other programmes as they are', async () => {
    const { status, body } = await other.get('/v1/finance/liability');
    expect([status, body.lines[0].points]).toEqual([200, 0]);
  });

  it('keeps nothing else from being applied, and fails the job, which names it', async () => {
    const [two] = (await engine.api.get('/v1/members?externalId=two')).body.data;
    expect(two.balance.available).toBe(0);
    await expect(engine.engine.app.get(ApplyDue).all()).rejects.toThrow(broken);
  });
});
