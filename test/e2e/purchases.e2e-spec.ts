import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('posting a receipt', () => {
  let engine: TestEngine;
  const api = () => engine.api;

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = new ProgrammeBuilder(api());
    await programme.shop();
    await programme.tiers();
    await api().post('/v1/members', { externalId: 'C-1', identities: [{ type: 'card', value: '2900100' }] });
  });
  afterAll(() => engine.close());

  it('answers with what the contract names', async () => {
    const { status, body } = await api().post('/v1/purchases', receipt());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^pur_[0-9a-z]{26}$/),
      memberId: expect.stringMatching(/^mbr_/),
      accountId: expect.stringMatching(/^acc_/),
      occurredAt: '2026-11-20T02:15:00.000Z',
      pointsGranted: 105,
      pointsToDebt: 0,
      grants: [
        {
          lotId: expect.stringMatching(/^lot_/),
          rule: { id: 'base', version: 1 },
          origin: 'purchase',
          points: 105,
          state: 'available',
          expiresAt: '2027-11-20T16:00:00.000Z',
          lines: [{ lineNo: 1, points: 105 }],
        },
      ],
      balance: {
        available: 105,
        pending: 0,
        held: 0,
        debt: 0,
        total: 105,
        lifetimeEarned: 105,
        lifetimeRedeemed: 0,
      },
      explanation: null,
    });
  });

  it('promotes in the same answer as the receipt that earned it', async () => {
    await api().post('/v1/members', { externalId: 'C-climber' });
    const member = { externalId: 'C-climber' };
    const { body } = await api().post(
      '/v1/purchases',
      receipt({ member, lines: [line({ amountMinor: 600_000 })] }),
    );
    expect(body.tierChange).toMatchObject({ from: 'basic', to: 'gold' });
    expect(body.standing).toMatchObject({ tier: 'gold', nextTier: null });
    const { body: read } = await api().get('/v1/members?externalId=C-climber');
    expect(read.data[0].standing.tier).toBe('gold');
  });

  it.each([
    ['id', async () => ({ id: (await api().get('/v1/members?externalId=C-1')).body.data[0].id as string })],
    ['external id', () => Promise.resolve({ externalId: 'C-1' })],
    ['identity', () => Promise.resolve({ identity: { type: 'card', value: '2900100' } })],
  ])('finds the member by %s', async (_, member) => {
    expect((await api().post('/v1/purchases', receipt({ member: await member() }))).status).toBe(201);
  });

  it('replays the first answer to the byte: same receipt, with or without a key, now and with a new key', async () => {
    const body = receipt();
    const first = await api().post('/v1/purchases', body, { 'idempotency-key': 'key-replay' });
    for (const headers of [{ 'idempotency-key': 'key-replay' }, {}, { 'idempotency-key': 'another-key' }]) {
      const again = await api().post('/v1/purchases', body, headers as Record<string, string>);
      expect(again.status).toBe(200);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(again.text).toBe(first.text);
    }
    const other = await api().post('/v1/purchases', receipt(), { 'idempotency-key': 'another-key' });
    expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('refuses the same receipt number with another body, and grants nothing twice', async () => {
    const body = receipt();
    await api().post('/v1/purchases', body);
    const before = (await api().get('/v1/members?externalId=C-1')).body.data[0].balance;
    const conflict = await api().post('/v1/purchases', { ...body, lines: [line({ amountMinor: 200_000 })] });
    expect(conflict.status).toBe(422);
    expect(conflict.body.code).toBe('RECEIPT_CONFLICT');
    expect((await api().get('/v1/members?externalId=C-1')).body.data[0].balance).toEqual(before);
  });

  it('takes the same facts in another form as the same body', async () => {
    const body = receipt({ attributes: {} });
    await api().post('/v1/purchases', body);
    const { attributes: _, ...same } = body;
    const again = await api().post('/v1/purchases', { ...same, occurredAt: '2026-11-20T02:15:00Z' });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('takes the same member named another way as the same body, and another member as another', async () => {
    const body = receipt();
    await api().post('/v1/purchases', body);
    const byCard = { ...body, member: { identity: { type: 'card', value: '2900100' } } };
    expect((await api().post('/v1/purchases', byCard)).headers.get('idempotency-replayed')).toBe('true');
    const other = await api().post('/v1/purchases', { ...body, member: { externalId: 'C-climber' } });
    expect(other.body.code).toBe('RECEIPT_CONFLICT');
  });

  it('works out a dry run to the same figures and writes nothing', async () => {
    const body = receipt();
    const before = (await api().get('/v1/members?externalId=C-1')).body.data[0].balance;
    const dry = await api().post('/v1/purchases?dryRun=true', body);
    expect(dry.status).toBe(200);
    expect((await api().get('/v1/members?externalId=C-1')).body.data[0].balance).toEqual(before);
    const real = await api().post('/v1/purchases', body);
    expect(real.status).toBe(201);
    expect(real.body.pointsGranted).toBe(dry.body.pointsGranted);
    expect(real.body.balance).toEqual(dry.body.balance);
  });

  it('explains every rule in force, on the receipt, its replay and its record', async () => {
    const body = receipt({ lines: [line({ amountMinor: 105_500 })] });
    const first = await api().post('/v1/purchases?explain=true', body);
    const trace = {
      rule: { id: 'base' },
      matched: true,
      why: 'matched',
      basisMinor: 105_500,
      points: 105,
      rounding: 'floor',
    };
    expect(first.body.explanation).toMatchObject([trace]);
    expect((await api().post('/v1/purchases?explain=true', body)).body.explanation).toEqual(
      first.body.explanation,
    );
    const record = await api().get(`/v1/purchases/${first.body.id}?explain=true`);
    expect(record.body.explanation).toEqual(first.body.explanation);
    expect(record.body.lines).toHaveLength(1);
  });

  it("records a suspended member's receipt, grants nothing and says why", async () => {
    const { body: member } = await api().post('/v1/members', { externalId: 'C-suspended' });
    await api().post(`/v1/members/${member.id}/suspend`);
    const { status, body } = await api().post(
      '/v1/purchases',
      receipt({ member: { externalId: 'C-suspended' }, occurredAt: new Date().toISOString() }),
    );
    expect(status).toBe(201);
    expect(body).toMatchObject({ pointsGranted: 0, grants: [], notices: [{ code: 'MEMBER_SUSPENDED' }] });
  });

  it("judges a late receipt by the member's status when it occurred, and a closed one's by that", async () => {
    const { body: member } = await api().post('/v1/members', { externalId: 'C-was-suspended' });
    const posted = async (occurredAt: string) => {
      const body = receipt({ member: { externalId: 'C-was-suspended' }, occurredAt });
      return (await api().post('/v1/purchases', body)).body;
    };
    await api().post(`/v1/members/${member.id}/suspend`);
    const suspended = new Date().toISOString();
    expect(await posted('2026-11-20T10:15:00+08:00')).toMatchObject({ pointsGranted: 105, notices: [] });
    expect(await posted(suspended)).toMatchObject({
      pointsGranted: 0,
      notices: [{ code: 'MEMBER_SUSPENDED' }],
    });
    // The next status begins at another millisecond.
    await new Promise((resolve) => setTimeout(resolve, 2));
    await api().post(`/v1/members/${member.id}/reactivate`);
    expect(await posted(suspended)).toMatchObject({
      pointsGranted: 0,
      notices: [{ code: 'MEMBER_SUSPENDED' }],
    });
    expect(await posted(new Date().toISOString())).toMatchObject({ pointsGranted: 105, notices: [] });
    await api().post(`/v1/members/${member.id}/close`);
    const closed = await posted('2026-11-20T10:15:00+08:00');
    expect(closed).toMatchObject({ pointsGranted: 0, notices: [{ code: 'MEMBER_CLOSED' }] });
    const { differences } = (await api().get('/v1/admin/verify')).body;
    expect(differences).toEqual([]);
  });

  it('grants and expires at once what a late receipt would have earned and lost', async () => {
    await api().post('/v1/members', { externalId: 'C-late', enrolledAt: '2024-01-01T00:00:00Z' });
    const late = receipt({ member: { externalId: 'C-late' }, occurredAt: '2024-05-01T10:00:00+08:00' });
    const { body } = await api().post('/v1/purchases', late);
    expect(body).toMatchObject({
      pointsGranted: 105,
      grants: [{ state: 'expired' }],
      notices: [{ code: 'POINTS_ALREADY_EXPIRED' }],
      balance: { available: 0 },
    });
  });
});

describe('receipts that are refused', () => {
  let engine: TestEngine;

  beforeAll(async () => {
    engine = await startTestEngine();
    await new ProgrammeBuilder(engine.api).shop();
    await engine.api.post('/v1/members', { externalId: 'C-1' });
  });
  afterAll(() => engine.close());

  it.each<[string, Record<string, unknown>, number, string, string | null]>([
    ['an unknown field', { foo: 1 }, 422, 'VALIDATION_FAILED', '/foo'],
    [
      'an unknown field of a line',
      { lines: [line({ price: 1 })] },
      422,
      'VALIDATION_FAILED',
      '/lines/0/price',
    ],
    [
      'a negative amount',
      { lines: [line({ amountMinor: -1 })] },
      422,
      'VALIDATION_FAILED',
      '/lines/0/amountMinor',
    ],
    [
      'a fraction of a minor unit',
      { lines: [line({ amountMinor: 1.5 })] },
      422,
      'VALIDATION_FAILED',
      '/lines/0/amountMinor',
    ],
    [
      'an amount as text',
      { lines: [line({ amountMinor: '100' })] },
      422,
      'VALIDATION_FAILED',
      '/lines/0/amountMinor',
    ],
    [
      'more tax than amount',
      { lines: [line({ taxMinor: 200_000 })] },
      422,
      'VALIDATION_FAILED',
      '/lines/0/taxMinor',
    ],
    ['two lines of one number', { lines: [line(), line()] }, 422, 'VALIDATION_FAILED', '/lines'],
    ['no lines', { lines: [] }, 422, 'VALIDATION_FAILED', '/lines'],
    [
      'a list price of one piece of several',
      { lines: [line({ listMinor: 50_000 })] },
      422,
      'VALIDATION_FAILED',
      '/lines/0/listMinor',
    ],
    [
      'an instant without offset',
      { occurredAt: '2026-11-20T10:15:00' },
      422,
      'VALIDATION_FAILED',
      '/occurredAt',
    ],
    ['the 30th of February', { occurredAt: '2026-02-30T10:15:00Z' }, 422, 'VALIDATION_FAILED', '/occurredAt'],
    ['the future', { occurredAt: '2126-01-01T00:00:00Z' }, 422, 'OCCURRED_IN_FUTURE', '/occurredAt'],
    ['another currency', { currency: 'USD' }, 422, 'CURRENCY_MISMATCH', '/currency'],
    ['an unknown member', { member: { externalId: 'nobody' } }, 404, 'MEMBER_NOT_FOUND', null],
    [
      'two ways to name the member',
      { member: { externalId: 'C-1', id: 'x' } },
      422,
      'VALIDATION_FAILED',
      '/member',
    ],
    ['a member id that is none', { member: { id: 'mbr_1' } }, 422, 'VALIDATION_FAILED', '/member/id'],
    [
      'a member id of somebody else',
      { member: { id: `mbr_${'0'.repeat(26)}` } },
      404,
      'MEMBER_NOT_FOUND',
      null,
    ],
    ['no member', { member: undefined }, 422, 'VALIDATION_FAILED', '/member'],
    ['null lines', { lines: null }, 422, 'VALIDATION_FAILED', '/lines'],
    ['lines that are no objects', { lines: [1, 'x', null] }, 422, 'VALIDATION_FAILED', '/lines'],
    [
      'an unknown redemption',
      { redemptionIds: [`rdm_${'0'.repeat(26)}`] },
      404,
      'REDEMPTION_NOT_FOUND',
      '/redemptionIds/0',
    ],
    [
      'attributes beyond the limit',
      { attributes: { note: 'x'.repeat(9000) } },
      422,
      'VALIDATION_FAILED',
      '/attributes',
    ],
  ])('%s', async (_, overrides, status, code, pointer) => {
    const answer = await engine.api.post('/v1/purchases', receipt(overrides));
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    if (pointer !== null) {
      expect(
        answer.body.errors.map((error: { pointer: string }) => error.pointer.slice(0, pointer.length)),
      ).toContain(pointer);
    }
  });

  it.each([
    ['not JSON', '{"source":', 400, 'MALFORMED_JSON'],
    ['a list', '[]', 422, 'VALIDATION_FAILED'],
    ['a number', '12', 422, 'VALIDATION_FAILED'],
    ['null', 'null', 422, 'VALIDATION_FAILED'],
    ['nothing', '', 422, 'VALIDATION_FAILED'],
    ['a NUL character', '{"source":"\\u0000"}', 400, 'MALFORMED_JSON'],
    ['half a surrogate pair', '{"source":"\\ud800"}', 400, 'MALFORMED_JSON'],
    ['a field that would reach the prototype', '{"__proto__":{"x":1}}', 400, 'MALFORMED_JSON'],
    ['a body beyond the limit', `{"source":"${'x'.repeat(1_100_000)}"}`, 413, 'BODY_TOO_LARGE'],
  ])('a body that is %s', async (_, text, status, code) => {
    const answer = await engine.api.raw('POST', '/v1/purchases', text, 'application/json');
    expect({ status: answer.status, code: JSON.parse(answer.text).code }).toEqual({ status, code });
  });

  it.each(['/v1/purchases/%00', '/v1/members?externalId=a%00b', '/v1/rewards/%00'])(
    'a NUL in the address: %s',
    async (path) => {
      const answer = await engine.api.get(path);
      expect([answer.status, answer.body.code]).toEqual([400, 'BAD_REQUEST']);
    },
  );

  it('another media type', async () => {
    const answer = await engine.api.raw('POST', '/v1/purchases', 'a=b', 'application/x-www-form-urlencoded');
    expect(answer.status).toBe(415);
  });

  it('an Idempotency-Key that is none', async () => {
    const answer = await engine.api.post('/v1/purchases', receipt(), { 'idempotency-key': 'x'.repeat(300) });
    expect(answer.status).toBe(400);
  });

  it('purchase points without an accounting policy in force', async () => {
    const bare = await startTestEngine();
    await new ProgrammeBuilder(bare.api).rule();
    await bare.api.post('/v1/members', { externalId: 'C-1' });
    const answer = await bare.api.post('/v1/purchases', receipt());
    expect(answer.body.code).toBe('NO_ACCOUNTING_POLICY');
    await bare.close();
  });
});
