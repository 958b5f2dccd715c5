import pg from 'pg';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('configuration on a live programme', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  const rule = (points: number) => ({ name: 'base', amount: { type: 'perSpend', points, stepMinor: 1000 } });
  const pointsAt = async (occurredAt: string) =>
    (await api().post('/v1/purchases', receipt({ occurredAt }))).body.pointsGranted;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await new ProgrammeBuilder(api()).shop();
    await api().post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  it('is published beside maintenance of the table of accounts, and stops no sale behind it', async () => {
    const vacuum = new pg.Client({ connectionString: engine.ownerUrl });
    await vacuum.connect();
    // What VACUUM, ANALYZE and CREATE INDEX CONCURRENTLY hold.
    await vacuum.query('BEGIN; LOCK TABLE accounts IN SHARE UPDATE EXCLUSIVE MODE');
    try {
      await new ProgrammeBuilder(api()).policy();
      const { status, body } = await api().post('/v1/purchases', receipt());
      expect([status, body]).toMatchObject([201, { pointsGranted: 105 }]);
    } finally {
      await vacuum.end();
    }
  });

  it('changes nothing while it is a draft, and judges each receipt by what was in force when it occurred', async () => {
    expect((await api().put('/v1/earning-rules/base/draft', rule(2))).body).toMatchObject({
      version: 2,
      status: 'draft',
    });
    expect(await pointsAt('2026-11-20T11:00:00+08:00')).toBe(105);
    const published = await api().post('/v1/earning-rules/base/publish', {
      effectiveAt: '2026-12-01T00:00:00+08:00',
    });
    expect(published.body).toMatchObject({
      version: 2,
      status: 'published',
      effectiveAt: '2026-11-30T16:00:00.000Z',
    });
    expect(await pointsAt('2026-11-20T11:00:00+08:00')).toBe(105);
    clock.set('2026-12-02T12:00:00+08:00');
    expect(await pointsAt('2026-12-02T11:00:00+08:00')).toBe(210);
    expect(await pointsAt('2026-11-30T23:59:59+08:00')).toBe(105);
    expect(await pointsAt('2026-12-01T00:00:00+08:00')).toBe(210);
    clock.set('2026-11-20T12:00:00+08:00');
  });

  it('never changes what was published', async () => {
    const before = (await api().get('/v1/earning-rules/base')).body.data;
    await api().put('/v1/earning-rules/base/draft', rule(9));
    await api().put('/v1/earning-rules/base/draft', rule(8));
    const { data } = (await api().get('/v1/earning-rules/base')).body;
    expect(data.slice(0, before.length)).toEqual(before);
    expect(data).toHaveLength(before.length + 1);
    expect((await api().delete('/v1/earning-rules/base/draft')).status).toBe(204);
    expect((await api().get('/v1/earning-rules/base')).body.data).toEqual(before);
  });

  it('refuses to be effective in the past unless told so', async () => {
    await api().put('/v1/earning-rules/late/draft', rule(1));
    const past = { effectiveAt: '2026-01-01T00:00:00Z' };
    const refused = await api().post('/v1/earning-rules/late/publish', past);
    expect([refused.status, refused.body.code, refused.body.errors[0].pointer]).toEqual([
      422,
      'EFFECTIVE_IN_PAST',
      '/effectiveAt',
    ]);
    expect((await api().post('/v1/earning-rules/late/publish', { ...past, retroactive: true })).status).toBe(
      200,
    );
    expect((await api().post('/v1/earning-rules/late/publish', {})).body.code).toBe('NO_DRAFT');
  });

  it.each([
    ['/v1/earning-rules/x/draft', { name: 'x' }, '/amount'],
    [
      '/v1/earning-rules/x/draft',
      { name: 'x', amount: { type: 'perSpend', points: 1 } },
      '/amount/stepMinor',
    ],
    [
      '/v1/earning-rules/x/draft',
      { name: 'x', amount: { type: 'perSpend', points: 1, stepMinor: 0 } },
      '/amount/stepMinor',
    ],
    [
      '/v1/earning-rules/x/draft',
      { name: 'x', amount: { type: 'perSpend', points: 1, stepMinor: 1, tierMultipliers: { gold: 'two' } } },
      '/amount/tierMultipliers',
    ],
    ['/v1/earning-rules/Not-A-Key/draft', rule(1), '/id'],
    [
      '/v1/tier-sets/draft',
      {
        measure: 'spend',
        window: { type: 'rolling', months: 12 },
        tiers: [{ key: 'a', name: 'A', threshold: 5 }],
      },
      '/tiers',
    ],
    [
      '/v1/tier-sets/draft',
      { measure: 'spend', window: { type: 'calendar' }, tiers: [{ key: 'a', name: 'A', threshold: 0 }] },
      '/window/unit',
    ],
    ...[
      [{ type: 'calendar', unit: 'year', months: 3 }, '/window/months'],
      [{ type: 'calendar', unit: 'year', days: 30 }, '/window/days'],
      [{ type: 'rolling', months: 3, unit: 'year' }, '/window/unit'],
      [{ type: 'rolling' }, '/window/months'],
    ].map(([window, pointer]): [string, object, string] => [
      '/v1/tier-sets/draft',
      { measure: 'spend', window, tiers: [{ key: 'a', name: 'A', threshold: 0 }] },
      pointer as string,
    ]),
    ['/v1/programmes/policy/draft', { pointName: 'p', expiry: { type: 'months' } }, '/expiry/months'],
    ['/v1/rewards/x/draft', { name: 'x', points: 0 }, '/points'],
    [
      '/v1/finance/policies/draft',
      { entity: 'X', valuePerPoint: '1', redemptionProbability: '1.5' },
      '/redemptionProbability',
    ],
  ])('%s refuses %j at the field', async (path, body, pointer) => {
    const answer = await api().put(path, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer);
  });

  it('refuses to publish what names a tier that no ladder has', async () => {
    const amount = { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: { platinum: '2' } };
    const expiry = { type: 'never' };
    const policy = { pointName: 'points', expiry, tierExpiry: { platinum: expiry } };
    const refused = async (path: string, draft: object, pointer: string) => {
      expect((await api().put(`${path}/draft`, draft)).status).toBe(200);
      const { status, body } = await api().post(`${path}/publish`, {});
      expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'TIER_UNKNOWN', pointer]);
      expect(body.detail).toContain('platinum');
    };
    await refused('/v1/earning-rules/tiered', { name: 'x', amount }, '/amount/tierMultipliers/platinum');
    await refused('/v1/programmes/policy', policy, '/tierExpiry/platinum');
    const later = { effectiveAt: '2199-01-01T00:00:00Z' };
    await new ProgrammeBuilder(api()).tiers();
    const tiers = [
      { key: 'basic', name: 'Basic', threshold: 0 },
      { key: 'platinum', name: 'Platinum', threshold: 1 },
    ];
    const ladder = { measure: 'spend', window: { type: 'rolling', days: 30 }, tiers };
    await api().put('/v1/tier-sets/draft', ladder);
    await api()
      .post('/v1/earning-rules/tiered/publish', {})
      .then(({ status }) => expect(status).toBe(422));
    expect((await api().post('/v1/tier-sets/publish', later)).status).toBe(200);
    expect((await api().post('/v1/earning-rules/tiered/publish', {})).status).toBe(200);
    expect((await api().post('/v1/programmes/policy/publish', {})).status).toBe(200);
  });

  it('keeps the tax of an accounting policy whose next draft does not say it', async () => {
    await new ProgrammeBuilder(api()).accounting({ accounts: { CL_POINTS: '2131' } });
    const draft = { entity: 'TW01', valuePerPoint: '1', redemptionProbability: '0.8' };
    expect((await api().put('/v1/finance/policies/draft', draft)).body.definition).toEqual({
      ...draft,
      method: 'relative_ssp',
      valueIncludesTax: true,
      taxRate: '0.05',
      accounts: { CL_POINTS: '2131' },
    });
  });

  it('makes a programme and refuses one with a currency or zone that is none', async () => {
    const create = (body: object) =>
      api().post('/v1/programmes', { name: 'P', currency: 'USD', timeZone: 'America/New_York', ...body });
    expect((await create({})).status).toBe(201);
    expect((await create({ currency: 'XQQ' })).body.errors[0].pointer).toBe('/currency');
    expect((await create({ timeZone: 'Mars/Base' })).body.errors[0].pointer).toBe('/timeZone');
  });
});

describe('what begins after a receipt, within the same second or day', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T10:00:00.400+08:00'));
  const api = () => engine.api;
  const occurredAt = '2026-11-20T10:00:00+08:00';

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await api().post('/v1/members', { externalId: 'C-1', enrolledAt: '2026-01-01T00:00:00Z' });
  });
  afterAll(() => engine.close());

  const publish = async (path: string, draft: object, body: object = {}) => {
    expect((await api().put(`${path}/draft`, draft)).status).toBe(200);
    expect((await api().post(`${path}/publish`, body)).status).toBe(200);
  };
  const amount = { type: 'perSpend', points: 1, stepMinor: 1000 };

  it('is named by the refusal that asks for an accounting policy', async () => {
    const none = await api().post('/v1/purchases', receipt({ occurredAt }));
    expect([none.body.code, none.body.meta]).toEqual(['NO_ACCOUNTING_POLICY', undefined]);
    const policy = { entity: 'TW01', valuePerPoint: '1', redemptionProbability: '1' };
    await publish('/v1/finance/policies', policy);
    const { status, body } = await api().post('/v1/purchases', receipt({ occurredAt }));
    expect([status, body.code]).toEqual([409, 'NO_ACCOUNTING_POLICY']);
    expect(body.meta).toEqual({ begins: '2026-11-20T02:00:00.400Z' });
    expect(body.detail).toBe(
      'No accounting policy was in force at 2026-11-20T02:00:00.000Z; the one there is begins at 2026-11-20T02:00:00.400Z.',
    );
    const past = { effectiveAt: '2026-01-01T00:00:00Z', retroactive: true };
    await publish('/v1/finance/policies', policy, past);
  });

  it('is named by the explanation, for a dry run, a receipt and afterwards', async () => {
    await publish('/v1/earning-rules/base', { name: 'Base', amount });
    await publish(
      '/v1/earning-rules/evening',
      { name: 'Evening', amount },
      { effectiveAt: '2026-11-20T18:00:00+08:00' },
    );
    await publish(
      '/v1/earning-rules/tomorrow',
      { name: 'Tomorrow', amount },
      { effectiveAt: '2026-11-21T00:00:00+08:00' },
    );
    const later = [
      { rule: { id: 'base', version: 1 }, why: 'notYetInForce', inForceFrom: '2026-11-20T02:00:00.400Z' },
      { rule: { id: 'evening', version: 1 }, why: 'notYetInForce', inForceFrom: '2026-11-20T10:00:00.000Z' },
    ].map((entry) => expect.objectContaining({ ...entry, matched: false, points: 0 }));
    const posted = receipt({ occurredAt });
    const dry = await api().post('/v1/purchases?dryRun=true&explain=true', posted);
    const first = await api().post('/v1/purchases?explain=true', posted);
    const again = await api().post('/v1/purchases?explain=true', posted);
    const read = await api().get(`/v1/purchases/${first.body.id}?explain=true`);
    for (const { body } of [dry, first, again, read]) {
      expect(body.pointsGranted).toBe(0);
      expect(body.explanation).toEqual(later);
    }
    expect(first.body.notices).toContainEqual({
      code: 'NO_RULE_IN_FORCE',
      detail:
        'No earning rule was in force when the receipt occurred. The next one begins at 2026-11-20T02:00:00.400Z.',
    });
  });

  it('is not named where the receipt was evaluated with it', async () => {
    const { body } = await api().post(
      '/v1/purchases?explain=true',
      receipt({ occurredAt: '2026-11-20T10:00:01+08:00' }),
    );
    expect(body.explanation).toMatchObject([
      { rule: { id: 'base' }, why: 'matched', points: 105 },
      { rule: { id: 'evening' }, why: 'notYetInForce' },
    ]);
  });

  it('is named by the refusal of a reward and of a reason', async () => {
    const tomorrow = { effectiveAt: '2026-11-21T00:00:00+08:00' };
    await publish('/v1/rewards/coffee', { name: 'Coffee', points: 5 }, tomorrow);
    const member = { externalId: 'C-1' };
    const redeemed = await api().post('/v1/redemptions', { member, rewardId: 'coffee', mode: 'capture' });
    expect([redeemed.body.code, redeemed.body.detail]).toEqual([
      'REWARD_NOT_FOUND',
      'The reward coffee begins at 2026-11-20T16:00:00.000Z.',
    ]);
    await publish(
      '/v1/adjustment-reasons/sorry',
      { name: 'S', direction: 'debit', approvalAbove: 0 },
      tomorrow,
    );
    const adjusted = await api().post('/v1/adjustments', { member, points: -1, reason: 'sorry' });
    expect(adjusted.body.detail).toBe('The reason sorry begins at 2026-11-20T16:00:00.000Z.');
  });
});

describe('a ladder that loses a tier on which members stand', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.tiers();
    for (const externalId of ['C-1', 'C-2', 'C-3', 'C-4']) {
      await api().post('/v1/members', { externalId, enrolledAt: '2026-01-01T00:00:00Z' });
    }
    const buys = (externalId: string, amountMinor: number) =>
      api().post(
        '/v1/purchases',
        receipt({ member: { externalId }, lines: [{ lineNo: 1, sku: 'A', amountMinor }] }),
      );
    await buys('C-1', 100_000);
    await buys('C-2', 100_000);
    await buys('C-3', 500_000);
  });
  afterAll(() => engine.close());

  const draft = (...keys: string[]) =>
    api().put('/v1/tier-sets/draft', {
      measure: 'spend',
      window: { type: 'rolling', months: 12 },
      tiers: keys.map((key, index) => ({ key, name: key, threshold: index * 500_000 })),
    });
  const publish = (body: object = {}) => api().post('/v1/tier-sets/publish', body);
  const tierOf = async (externalId: string) =>
    (await api().get(`/v1/members?externalId=${externalId}`)).body.data[0].standing.tier;

  it('says how many they are, and is published by whoever says that number', async () => {
    await draft('basic', 'gold');
    const refused = await publish();
    expect([refused.status, refused.body.code]).toEqual([409, 'TIER_HAS_MEMBERS']);
    expect(refused.body.meta).toEqual({ membersDropped: 2, byTier: { silver: 2 } });
    expect(refused.body.detail).toContain('2 on silver. They would fall to basic.');
    expect((await publish({ membersDropped: 1 })).status).toBe(409);
    expect(await tierOf('C-1')).toBe('silver');
    expect((await publish({ membersDropped: 2 })).status).toBe(200);
    expect(await Promise.all(['C-1', 'C-2', 'C-3', 'C-4'].map(tierOf))).toEqual([
      'basic',
      'basic',
      'gold',
      'basic',
    ]);
  });

  it('asks nothing where every member keeps the tier', async () => {
    await draft('basic', 'gold', 'platinum');
    expect((await publish()).status).toBe(200);
    expect(await tierOf('C-3')).toBe('gold');
  });
});
