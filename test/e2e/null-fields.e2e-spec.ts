import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

const CREDIT = 'adj_01h455vb4pex5vsknk084sn02q';

describe('null in a field that may be left out', () => {
  let engine: TestEngine;
  let made = 0;
  const api = () => engine.api;
  const member = { externalId: 'C-1' };
  const adjust = (body: object) => api().post('/v1/adjustments', { member, reason: 'typo', ...body });

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.adjustmentReason('typo', { direction: 'both' });
    await api().post('/v1/members', member);
  });
  afterAll(() => engine.close());

  it.each([
    ['commissionMinor', 201, {}],
    ['listMinor', 201, {}],
    ['revenue', 201, {}],
    ['category', 201, {}],
    ['commissionMinor', 422, { revenue: 'agent' }],
  ])('makes the same line as without it: %s, %s', async (field, status, rest) => {
    const sold = { lineNo: 1, sku: 'A-77', amountMinor: 10_000, ...rest };
    const without = receipt({ lines: [sold] });
    const first = await api().post('/v1/purchases', without);
    const again = await api().post('/v1/purchases', { ...without, lines: [{ ...sold, [field]: null }] });
    expect([first.status, again.status]).toEqual([status, status === 201 ? 200 : status]);
    expect([again.body.id, again.body.code]).toEqual([first.body.id, first.body.code]);
  });

  it.each([
    [{ points: null }, '/points', 'POINTS_MISSING'],
    [{ points: 0 }, '/points', 'ZERO'],
    [{ points: null, kind: 'correction', adjustmentId: CREDIT }, '/points', 'POINTS_MISSING'],
    [
      { points: -1, kind: 'correction', adjustmentId: null },
      '/adjustmentId',
      'ADJUSTMENT_NAMED_BY_CORRECTIONS',
    ],
  ])('is no adjustment without points, and takes no name: %j', async (body, pointer, code) => {
    made += 1;
    const externalId = `none-${made}`;
    const refused = await adjust({ externalId, ...body });
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ pointer, code }]]);
    const nulls = { kind: null, adjustmentId: null, purchaseId: null, origin: null, evidence: null };
    const given = await adjust({ externalId, points: 7, ...nulls });
    expect([given.status, given.body.points]).toEqual([201, 7]);
  });

  it('leaves the books in order, as does what is asked of a lot of which nothing waits', async () => {
    const given = await adjust({ points: 5, externalId: 'lot' });
    const [{ id }] = (await api().get(`/v1/members/${given.body.memberId}/lots`)).body.data;
    for (const deed of ['activate', 'cancel']) {
      const path = `/v1/members/${given.body.memberId}/lots/${id}/${deed}`;
      const asked = { reason: 'typo', evidence: null };
      const answers = [
        await api().post(path, asked),
        await api().post(path, asked, { 'idempotency-key': `${deed}-${id}` }),
      ];
      for (const { status, body } of answers) expect([status, body.status]).toEqual([200, 'unchanged']);
      const named = await api().post(path, { reason: 'typo', externalId: 'E' });
      expect([named.status, named.body.errors[0].code]).toEqual([422, 'UNKNOWN_FIELD']);
    }
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });
});
