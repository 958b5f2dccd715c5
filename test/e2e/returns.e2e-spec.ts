import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const NOON = '2026-11-20T12:00:00+08:00';

describe('returning goods', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse(NOON));
  const api = () => engine.api;
  let made = 0;

  /** Somebody new. */
  async function customer(): Promise<{ externalId: string }> {
    made += 1;
    const member = { externalId: `C-${made}` };
    await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    return member;
  }

  /** A receipt over lines of so much, a point for each NT$10. */
  async function buys(member: object, ...lines: readonly Record<string, unknown>[]): Promise<Answer['body']> {
    const numbered = lines.map((each, index) => line({ taxMinor: 0, ...each, lineNo: index + 1 }));
    const { status, body } = await api().post('/v1/purchases', receipt({ member, lines: numbered }));
    expect(status).toBe(201);
    return body;
  }

  const returned = (overrides: object = {}) => {
    made += 1;
    return { source: 'store-1', receiptNo: `RT-${made}`, occurredAt: NOON, whole: true, ...overrides };
  };
  const bringsBack = (purchase: { id: string }, body: object, headers = {}) =>
    api().post(`/v1/purchases/${purchase.id}/returns`, body, headers);
  const memberOf = async ({ externalId }: { externalId: string }) =>
    (await api().get(`/v1/members?externalId=${externalId}`)).body.data[0];
  const refusal = ({ status, body }: Answer) => [status, body.code, body.errors?.[0].pointer];

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.rule('base', { limits: [{ period: 'month', points: 100_000 }] });
    await programme.tiers();
    await programme.reward('bag', { points: 10, stocked: true }, 1);
  });
  afterAll(() => engine.close());

  it('takes back what a line earned, lowers what tiers count, and is on record', async () => {
    const member = await customer();
    const purchase = await buys(member, { amountMinor: 60_000, quantity: '3' }, { amountMinor: 50_000 });
    expect(purchase.standing.tier).toBe('silver');
    const body = returned({ whole: undefined, lines: [{ lineNo: 1, quantity: '1' }] });
    const answer = await bringsBack(purchase, body);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      purchaseId: purchase.id,
      pointsTaken: 20,
      takenFrom: [{ lotId: purchase.grants[0].lotId, points: 20 }],
      lines: [{ lineNo: 1, quantity: '1', amountMinor: 20_000, taxMinor: 0 }],
      balance: { available: 90 },
      tierChange: { from: 'silver', to: 'basic' },
      standing: { tier: 'basic', reason: { type: 'return', returnId: answer.body.id } },
    });
    const found = await api().get(`/v1/returns/${answer.body.id}`);
    const { balance: _, standing: __, tierChange: ___, notices: ____, ...record } = answer.body;
    expect(found.body).toEqual({ ...record, actor: expect.stringMatching(/^key_/) });
    const { body: stored } = await api().get(`/v1/purchases/${purchase.id}`);
    expect(stored).toMatchObject({ id: purchase.id, returns: [record] });
    expect(await memberOf(member)).toMatchObject({
      balance: { available: 90 },
      standing: { tier: 'basic', progress: [{ value: 90_000 }] },
    });
  });

  it('is answered as the first time when it is said again, and refused with another body', async () => {
    const purchase = await buys(await customer(), { amountMinor: 10_000 });
    const body = returned({ whole: undefined, lines: [{ lineNo: 1, amountMinor: 4000 }] });
    const [first, again] = [await bringsBack(purchase, body), await bringsBack(purchase, body)];
    expect([first.status, again.status, again.text]).toEqual([201, 200, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await bringsBack(purchase, { ...body, lines: [{ lineNo: 1, amountMinor: 3000 }] });
    expect(refusal(other)).toEqual([422, 'RETURN_CONFLICT', undefined]);
    const key = { 'idempotency-key': `key-${made}` };
    await bringsBack(purchase, returned(), key);
    expect((await bringsBack(purchase, returned(), key)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });

  it('gives points off the basket back with the goods, closed lots and all', async () => {
    const member = await customer();
    await buys(member, { amountMinor: 10_000 });
    const off = await api().post('/v1/redemptions', { member, points: 10, mode: 'authorise' });
    expect(off.status).toBe(201);
    const lines = [line({ amountMinor: 30_000, taxMinor: 0, quantity: '3' })];
    const used = await api().post('/v1/purchases', receipt({ member, lines, redemptionIds: [off.body.id] }));
    expect(used.body).toMatchObject({ pointsGranted: 30, balance: { available: 30 } });
    const third = { whole: undefined, lines: [{ lineNo: 1, quantity: '1' }] };
    const answers = [
      await bringsBack(used.body, returned(third)),
      await bringsBack(used.body, returned(third)),
      await bringsBack(used.body, returned(third)),
    ];
    expect(answers.map(({ body }) => body.redemptions[0].points)).toEqual([3, 3, 4]);
    expect(answers.map(({ body }) => body.balance.available)).toEqual([23, 16, 10]);
    expect((await api().get(`/v1/redemptions/${off.body.id}`)).body.status).toBe('reversed');
  });

  it('finds closed lots of the receipt: what filled a debt leaves it open again', async () => {
    const member = await customer();
    const first = await buys(member, { amountMinor: 10_000 });
    expect((await api().post('/v1/redemptions', { member, points: 10, mode: 'capture' })).status).toBe(201);
    expect((await bringsBack(first, returned())).body.balance).toMatchObject({ available: 0, debt: 10 });
    const second = await buys(member, { amountMinor: 8000 });
    expect(second).toMatchObject({ pointsGranted: 8, pointsToDebt: 8, balance: { available: 0, debt: 2 } });
    const answer = await bringsBack(second, returned());
    expect(answer.body).toMatchObject({ pointsTaken: 0, pointsFromDebtPolicy: { debt: 8 } });
    expect(answer.body.balance).toMatchObject({ available: 0, debt: 10 });
  });

  it('looks for the receipt by its number', async () => {
    const member = await customer();
    const purchase = await buys(member, { amountMinor: 10_000 }, { amountMinor: 5000, sku: 'B-9' });
    const original = { source: purchase.source, receiptNo: purchase.receiptNo };
    const body = returned({ original, whole: undefined, lines: [{ sku: 'B-9', quantity: '1' }] });
    const answer = await api().post('/v1/returns', body);
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      returns: [{ purchaseId: purchase.id, pointsTaken: 5, lines: [{ lineNo: 2 }] }],
      balance: { available: 10 },
    });
    const again = await api().post('/v1/returns', body);
    expect([again.status, again.text]).toEqual([200, answer.text]);
    const other = await customer();
    const stolen = await api().post('/v1/returns', returned({ original, member: other }));
    expect(refusal(stolen)).toEqual([404, 'PURCHASE_NOT_FOUND', undefined]);
    const unknown = returned({ original: { ...original, receiptNo: 'nobody' } });
    expect(refusal(await api().post('/v1/returns', unknown))).toEqual([404, 'PURCHASE_NOT_FOUND', undefined]);
  });

  it("looks for goods in the member's own receipts, the latest first, and answers the same when asked again", async () => {
    const member = await customer();
    const sku = `S-${made}`;
    const older = await buys(member, { amountMinor: 20_000, sku, quantity: '2' });
    await buys(member, { amountMinor: 9000, sku: 'other' });
    clock.advance({ minutes: 1 });
    const newer = await buys(member, { amountMinor: 12_000, sku });
    const occurredAt = new Date(clock.now()).toISOString();
    const body = returned({ occurredAt, member, whole: undefined, lines: [{ sku, quantity: '2' }] });
    const answer = await api().post('/v1/returns', body);
    const pieces = answer.body.returns.map(({ purchaseId, lines }: Answer['body']) => [
      purchaseId,
      lines[0].quantity,
    ]);
    expect(pieces.sort()).toEqual(
      [
        [newer.id, '1'],
        [older.id, '1'],
      ].sort(),
    );
    await buys(member, { amountMinor: 1000, sku });
    expect((await api().post('/v1/returns', body)).text).toBe(answer.text);
    const card = await api().post(
      '/v1/returns',
      returned({
        occurredAt,
        member: { externalId: 'nobody' },
        whole: undefined,
        lines: [{ sku, quantity: '1' }],
      }),
    );
    expect(refusal(card)).toEqual([404, 'MEMBER_NOT_FOUND', undefined]);
  });

  it('exchanges goods for others, and keeps the new receipt under its number', async () => {
    const member = await customer();
    const purchase = await buys(member, { amountMinor: 10_000 });
    const { member: _, ...next } = receipt({ lines: [line({ amountMinor: 4000, taxMinor: 0 })] });
    const path = `/v1/purchases/${purchase.id}/exchanges`;
    const answer = await api().post(path, { return: { whole: true }, purchase: next });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      return: { purchaseId: purchase.id, receiptNo: next['receiptNo'], pointsTaken: 10 },
      purchase: { pointsGranted: 4, memberId: purchase.memberId },
      balance: { available: 4 },
    });
    expect((await api().post(path, { return: { whole: true }, purchase: next })).text).toBe(answer.text);
    const plain = await api().post('/v1/purchases', { ...next, member });
    expect(refusal(plain)).toEqual([422, 'RECEIPT_CONFLICT', undefined]);
    const stored = await api().get(`/v1/purchases/${answer.body.purchase.id}`);
    expect(stored.body).toMatchObject({ id: answer.body.purchase.id, pointsGranted: 4, returns: [] });
    const original = { source: next['source'], receiptNo: next['receiptNo'] };
    expect((await api().post('/v1/returns', returned({ original }))).body.returns).toMatchObject([
      { purchaseId: answer.body.purchase.id, pointsTaken: 4 },
    ]);
  });

  it.each<[string, object, (string | number | undefined)[]]>([
    ['nothing', { whole: undefined }, [422, 'VALIDATION_FAILED', '/lines']],
    ['no line', { whole: undefined, lines: [] }, [422, 'VALIDATION_FAILED', '/lines']],
    ['lines and whole', { lines: [{ lineNo: 1, quantity: '1' }] }, [422, 'VALIDATION_FAILED', '/lines']],
    [
      'quantity and amount',
      { whole: false, lines: [{ lineNo: 1, quantity: '1', amountMinor: 1 }] },
      [422, 'VALIDATION_FAILED', '/lines/0'],
    ],
    ['neither', { whole: false, lines: [{ lineNo: 1 }] }, [422, 'VALIDATION_FAILED', '/lines/0']],
    [
      'no quantity',
      { whole: false, lines: [{ lineNo: 1, quantity: '0.0' }] },
      [422, 'VALIDATION_FAILED', '/lines/0/quantity'],
    ],
    [
      'a line twice',
      {
        whole: false,
        lines: [
          { lineNo: 1, quantity: '1' },
          { lineNo: 1, quantity: '1' },
        ],
      },
      [422, 'VALIDATION_FAILED', '/lines'],
    ],
    [
      'an unknown line',
      { whole: false, lines: [{ lineNo: 9, quantity: '1' }] },
      [422, 'RETURN_LINE_UNKNOWN', '/lines/0/lineNo'],
    ],
    [
      'too much',
      { whole: false, lines: [{ lineNo: 1, amountMinor: 10_001 }] },
      [422, 'RETURN_EXCEEDS_PURCHASE', '/lines/0/amountMinor'],
    ],
    [
      'before the purchase',
      { occurredAt: '2026-11-19T12:00:00+08:00' },
      [422, 'RETURN_BEFORE_PURCHASE', '/occurredAt'],
    ],
    [
      'in the future',
      { occurredAt: '2026-12-19T12:00:00+08:00' },
      [422, 'OCCURRED_IN_FUTURE', '/occurredAt'],
    ],
  ])('refuses to take back %s', async (_, body, expected) => {
    const purchase = await buys(await customer(), { amountMinor: 10_000 });
    expect(refusal(await bringsBack(purchase, returned(body)))).toEqual(expected);
  });

  it.each<[string, object, string]>([
    ['neither receipt nor member', {}, '/original'],
    ['a whole receipt that is not named', { member: { externalId: 'C-1' } }, '/whole'],
    [
      'line numbers of a receipt that is not named',
      { member: { externalId: 'C-1' }, whole: false, lines: [{ lineNo: 1, quantity: '1' }] },
      '/lines/0/sku',
    ],
  ])('cannot look for %s', async (_, body, pointer) => {
    expect(refusal(await api().post('/v1/returns', returned(body)))).toEqual([
      422,
      'VALIDATION_FAILED',
      pointer,
    ]);
  });

  it('knows no receipt and no return by an id that is not one', async () => {
    expect(refusal(await bringsBack({ id: 'x' }, returned()))).toEqual([
      404,
      'PURCHASE_NOT_FOUND',
      undefined,
    ]);
    expect(refusal(await api().get('/v1/returns/x'))).toEqual([404, 'RETURN_NOT_FOUND', undefined]);
  });

  it('takes the same goods back once, however many tills try at once', async () => {
    const member = await customer();
    const purchase = await buys(member, { amountMinor: 100_000 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => bringsBack(purchase, returned())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
    const codes = answers.filter(({ status }) => status === 409).map(({ body }) => body.code);
    expect([...new Set(codes)]).toEqual(['NOTHING_LEFT_TO_RETURN']);
    expect((await memberOf(member)).balance).toMatchObject({ available: 0, debt: 0 });
  });

  it("takes points from the account the member has now, where they continue as the household's", async () => {
    const [member, head] = [await customer(), await customer()];
    await buys(member, { amountMinor: 5000 });
    const used = await api().post('/v1/redemptions', { member, points: 5, mode: 'capture' });
    const lines = [line({ amountMinor: 20_000, taxMinor: 0, quantity: '2' })];
    const redemptionIds = [used.body.id];
    const { body: purchase } = await api().post('/v1/purchases', receipt({ member, lines, redemptionIds }));
    const { body: household } = await api().post('/v1/households', { head });
    const path = `/v1/households/${household.id}/members`;
    expect((await api().post(path, { member, role: 'adult' })).status).toBe(201);
    const one = { whole: undefined, lines: [{ lineNo: 1, quantity: '1' }] };
    const first = await bringsBack(purchase, returned(one));
    expect(first.body).toMatchObject({ pointsTaken: 10, balance: { available: 10, debt: 0 } });
    expect(first.body.accountId).not.toBe(purchase.accountId);
    // The redemption belongs to the account the member had then.
    expect(first.body).toMatchObject({ redemptions: [], notices: [{ code: 'REDEMPTION_ELSEWHERE' }] });
    expect((await api().post('/v1/redemptions', { member: head, points: 6, mode: 'capture' })).status).toBe(
      201,
    );
    const rest = await bringsBack(purchase, returned());
    expect(rest.body).toMatchObject({ pointsTaken: 4, pointsFromDebtPolicy: { debt: 6 } });
    expect((await memberOf(member)).standing.progress[0].value).toBe(5000);
  });

  it('takes a promotion back whose window is long over', async () => {
    const member = await customer();
    const at = (occurredAt: string) => ({
      member,
      occurredAt,
      lines: [line({ amountMinor: 60_000, taxMinor: 0 })],
    });
    await api().post('/v1/purchases', receipt(at('2026-10-01T12:00:00+08:00')));
    const { body: second } = await api().post('/v1/purchases', receipt(at('2026-11-01T12:00:00+08:00')));
    expect(second.standing.tier).toBe('silver');
    clock.set('2027-12-01T12:00:00+08:00');
    const answer = await bringsBack(second, returned({ occurredAt: '2027-12-01T11:00:00+08:00' }));
    expect(answer.body).toMatchObject({
      pointsTaken: 0,
      pointsGone: 60,
      balance: { available: 0, debt: 0 },
      tierChange: { from: 'silver', to: 'basic' },
    });
  });

  it('tells listeners of every return, and leaves books that add up', async () => {
    const events: Answer['body'][] = [];
    for (let cursor = ''; ;) {
      const { body } = await api().get(`/v1/events?limit=500${cursor && `&cursor=${cursor}`}`);
      events.push(...body.data);
      if (body.nextCursor === null || body.data.length === 0) break;
      cursor = body.nextCursor;
    }
    const returns = events.filter(({ type }) => type === 'purchase.returned');
    const rows = await engine.engine.dataSource.query(
      'SELECT r.receipt_no, r.points_taken::int, r.debt::int FROM returns r ORDER BY r.return_id',
    );
    const told = returns.sort((a, b) => (a.data.returnId < b.data.returnId ? -1 : 1)).map(({ data }) => data);
    expect(told.map(({ receiptNo, pointsTaken, debt }) => [receiptNo, pointsTaken, debt])).toEqual(
      rows.map((row: object) => Object.values(row)),
    );
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ differences: [] });
  });

  it('keeps records of returns that the engine itself cannot change', async () => {
    for (const change of ['UPDATE returns SET points_taken = 0', 'DELETE FROM returns']) {
      await expect(engine.engine.dataSource.query(change)).rejects.toThrow('permission denied');
    }
  });
});
