import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

interface Someone {
  readonly id: string;
  readonly externalId: string;
  readonly card: string;
  readonly accountId: string;
}

describe('two members who turn out to be one', () => {
  let engine: TestEngine;
  let people = 0;

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.tiers();
  });
  afterAll(() => engine.close());

  async function member(points = 0): Promise<Someone> {
    people += 1;
    const externalId = `M-${people}`;
    const card = `merge card ${people}`;
    const { body } = await engine.api.post('/v1/members', {
      externalId,
      identities: [{ type: 'card', value: card }],
    });
    const someone = { id: body.id, externalId, card, accountId: body.accountId };
    if (points > 0) await buy({ id: someone.id }, points);
    return someone;
  }

  const buy = (named: object, points: number, occurredAt = '2026-11-20T10:15:00+08:00') =>
    engine.api.post(
      '/v1/purchases',
      receipt({ member: named, lines: [line({ amountMinor: points * 1000, taxMinor: 0 })], occurredAt }),
    );
  const merge = (survivor: Someone, duplicate: Someone, query = '') =>
    engine.api.post(`/v1/members/${survivor.id}/merge${query}`, { duplicate: { id: duplicate.id } });
  const get = async (path: string) => (await engine.api.get(path)).body;

  it('are one for every till: by id, external id and card of either', async () => {
    const [survivor, duplicate] = [await member(60), await member(50)];
    const liability = await get('/v1/finance/liability');
    const merged = await merge(survivor, duplicate);
    expect(merged).toMatchObject({
      status: 200,
      body: {
        id: survivor.id,
        duplicate: duplicate.id,
        transfer: { kind: 'merge', points: 50 },
        balance: { available: 110 },
        standing: { tier: 'silver', reason: { type: 'merge' } },
      },
    });
    expect((await get('/v1/finance/liability')).lines).toEqual(liability.lines);
    const names = [
      { id: duplicate.id },
      { externalId: duplicate.externalId },
      { identity: { type: 'card', value: duplicate.card } },
      { externalId: survivor.externalId },
    ];
    for (const [index, named] of names.entries()) {
      expect((await buy(named, 1)).body).toMatchObject({
        memberId: survivor.id,
        balance: { available: 111 + index },
      });
    }
    const found = await get(`/v1/members?externalId=${duplicate.externalId}`);
    expect(found.data).toMatchObject([{ id: survivor.id }]);
  });

  it('leave the old id readable, with what was under it', async () => {
    const [survivor, duplicate] = [await member(10), await member(20)];
    await merge(survivor, duplicate);
    expect(await get(`/v1/members/${duplicate.id}`)).toMatchObject({
      status: 'merged',
      mergedInto: survivor.id,
      accountId: survivor.accountId,
      identities: [],
      balance: { available: 30 },
    });
    const history = await get(`/v1/members/${duplicate.id}/movements?account=home`);
    expect(history.data.map(({ to }: { to: string }) => to)).toEqual(['moved', 'available']);
    const standing = await get(`/v1/members/${survivor.id}/standing`);
    expect(await get(`/v1/members/${duplicate.id}/standing`)).toEqual(standing);
    expect((await get(`/v1/members/${survivor.id}/movements`)).data).toHaveLength(2);
  });

  it('keep what they are known by when the survivor’s data change', async () => {
    const [survivor, duplicate] = [await member(), await member()];
    await merge(survivor, duplicate);
    expect((await engine.api.patch(`/v1/members/${duplicate.id}`, { attributes: {} })).body).toMatchObject({
      code: 'MEMBER_MERGED',
      meta: { mergedInto: survivor.id },
    });
    const identities = [{ type: 'card', value: `fresh ${people}` }];
    const changed = await engine.api.patch(`/v1/members/${survivor.id}`, { identities });
    expect(changed.body).toMatchObject({ externalId: survivor.externalId, identities });
    expect((await buy({ externalId: duplicate.externalId }, 1)).body.memberId).toBe(survivor.id);
    const taken = await engine.api.patch(`/v1/members/${survivor.id}`, { externalId: duplicate.externalId });
    expect(taken.body).toMatchObject({ externalId: duplicate.externalId });
    expect((await buy({ externalId: duplicate.externalId }, 1)).body.memberId).toBe(survivor.id);
  });

  it('take back points that a receipt of the duplicate earned, and what it counted for', async () => {
    const [survivor, duplicate] = [await member(), await member()];
    const { body } = await buy({ id: duplicate.id }, 120);
    await merge(survivor, duplicate);
    expect((await get(`/v1/members/${survivor.id}/standing`)).tier).toBe('silver');
    const returned = await engine.api.post(`/v1/purchases/${body.id}/returns`, {
      source: 'store-1',
      receiptNo: `RT-${duplicate.id}`,
      occurredAt: '2026-11-21T10:15:00+08:00',
      whole: true,
    });
    expect(returned.body).toMatchObject({ pointsTaken: 120, balance: { available: 0, debt: 0 } });
    expect((await get(`/v1/members/${survivor.id}/standing`)).progress).toMatchObject([{ value: 0 }]);
  });

  it('count every day that either was there, the same day together', async () => {
    const [survivor, duplicate] = [await member(), await member()];
    await buy({ id: survivor.id }, 10, '2026-11-02T10:00:00+08:00');
    await buy({ id: duplicate.id }, 20, '2026-11-02T10:00:00+08:00');
    await buy({ id: duplicate.id }, 40, '2020-03-02T10:00:00+08:00');
    await merge(survivor, duplicate);
    const days = await engine.engine.dataSource.query(
      `SELECT d.day::text, d.spend_minor::int FROM qualifying_days d JOIN members m ON m.member_id = d.member_id
       WHERE m.external_id = $1 ORDER BY 1`,
      [survivor.externalId],
    );
    expect(days).toEqual([
      { day: '2020-03-02', spend_minor: 40_000 },
      { day: '2026-11-02', spend_minor: 30_000 },
    ]);
  });

  it('stay one when the survivor turns out to be a third', async () => {
    const [third, survivor, duplicate] = [await member(1), await member(10), await member(100)];
    await merge(survivor, duplicate);
    await merge(third, survivor);
    expect(await get(`/v1/members/${duplicate.id}`)).toMatchObject({ mergedInto: third.id });
    expect((await buy({ identity: { type: 'card', value: duplicate.card } }, 1)).body).toMatchObject({
      memberId: third.id,
      balance: { available: 112 },
    });
  });

  it('are found by the old id in a household that the survivor joined since', async () => {
    const [survivor, duplicate] = [await member(10), await member(20)];
    await merge(survivor, duplicate);
    const { body } = await engine.api.post('/v1/households', { head: { id: duplicate.id } });
    expect(body.member).toEqual({ memberId: survivor.id, role: 'head' });
    expect(await get(`/v1/members/${duplicate.id}`)).toMatchObject({ accountId: body.accountId });
    expect((await buy({ id: duplicate.id }, 1)).body.balance.available).toBe(31);
    const left = await engine.api.post(`/v1/households/${body.id}/members/${duplicate.id}/leave`, {});
    expect(left.body).toMatchObject({
      closed: true,
      member: { memberId: survivor.id, balance: { available: 31 } },
    });
  });

  it('are merged once, whoever asks first', async () => {
    const [survivor, duplicate] = [await member(10), await member(20)];
    expect(await merge(survivor, duplicate, '?dryRun=true')).toMatchObject({
      status: 200,
      body: { balance: { available: 30 } },
    });
    const answers = await Promise.all([
      merge(survivor, duplicate),
      merge(duplicate, survivor),
      merge(survivor, duplicate),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422]);
    expect((await get(`/v1/members/${duplicate.id}`)).balance.available).toBe(30);
  });

  it('are not merged by a till, nor with nobody', async () => {
    const survivor = await member();
    const till = await engine.withScopes('pos');
    expect((await till.post(`/v1/members/${survivor.id}/merge`, {})).status).toBe(403);
    const nobody = { duplicate: { externalId: 'nobody' } };
    expect((await engine.api.post(`/v1/members/${survivor.id}/merge`, nobody)).body.code).toBe(
      'MEMBER_NOT_FOUND',
    );
    expect((await engine.api.post('/v1/members/mbr_1/merge', nobody)).body.code).toBe('MEMBER_NOT_FOUND');
  });

  it('leave books in which the auditor finds no difference', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
    expect((await engine.api.get('/v1/finance/tie-out')).body.ties).toBe(true);
  });
});
