import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { runJob } from '../harness/run-job.js';

const DAY = '2026-11-20T12:00:00+08:00';

/** A shop keeps receipts of customers who did not show their card; claims end 10 days after the sale. */
describe('receipts without a member', () => {
  let engine: TestEngine;
  let api: ApiClient;
  const clock = new MovingClock(Date.parse(DAY));
  let numbered = 0;

  const anonymous = (overrides: object = {}) => {
    numbered += 1;
    const { member: _, ...sale } = receipt({ receiptNo: `U-${numbered}`, occurredAt: DAY, ...overrides });
    return sale;
  };
  const keep = async (overrides: object = {}) => {
    const sale = anonymous(overrides);
    const { status, body } = await api.post('/v1/purchases', sale);
    expect(status).toBe(202);
    return { sale, kept: body };
  };
  const claim = (receiptNo: unknown, externalId = 'C-1', amountMinor = 105_000) =>
    api.post('/v1/purchases/claims', {
      ...{ member: { externalId }, source: 'store-1', receiptNo, amountMinor },
    });
  const refusalOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    api = engine.api;
    const programme = await new ProgrammeBuilder(api).shop();
    for (const externalId of ['C-1', 'C-2', 'C-3', 'C-4', 'C-5'])
      await api.post('/v1/members', { externalId });
    const refused = await api.post('/v1/purchases', anonymous());
    expect(refused.body).toMatchObject({
      code: 'VALIDATION_FAILED',
      errors: [{ pointer: '/member', code: 'IS_DEFINED', detail: 'member is missing.' }],
    });
    await programme.policy({ unmatchedReceipts: { claimDays: 10 }, backdating: { receiptDays: 3 } });
  });
  beforeEach(() => clock.set(DAY));
  afterAll(() => engine.close());

  it('are kept once, by source and number, and give nothing', async () => {
    const { sale, kept } = await keep();
    expect(kept).toMatchObject({
      ...{ source: 'store-1', receiptNo: sale['receiptNo'], amountMinor: 105_000, claimCode: null },
      claimableUntil: '2026-11-30T16:00:00.000Z',
    });
    const again = await api.post('/v1/purchases', { ...sale, claimCode: true });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.body).toMatchObject({ id: kept.id, claimCode: expect.stringMatching(/^[0-9A-Z]{16}$/) });
    const other = await api.post('/v1/purchases', {
      ...sale,
      lines: [line({ amountMinor: 1, taxMinor: 0 })],
    });
    expect(refusalOf(other)).toEqual([422, 'RECEIPT_CONFLICT']);
    const dry = await api.post('/v1/purchases?dryRun=true', anonymous());
    expect([dry.status, dry.body.claimCode]).toEqual([200, null]);
    const open = (await api.get('/v1/purchases/unmatched?state=open')).body.data;
    expect(open.map(({ id }: { id: string }) => id)).toEqual([kept.id]);
  });

  it('earn as when they occurred, for the member who knows number and amount', async () => {
    const { sale, kept } = await keep();
    clock.set('2026-11-30T23:59:59+08:00');
    expect(refusalOf(await claim(sale['receiptNo'], 'C-5', 105_001))).toEqual([422, 'CLAIM_AMOUNT_WRONG']);
    const claimed = await claim(sale['receiptNo'], 'C-5');
    // NT$1,050 give 105 points at 1 for each NT$10, on the day of the sale, whatever bounds late receipts.
    expect([claimed.status, claimed.body.pointsGranted]).toEqual([201, 105]);
    expect(Date.parse(claimed.body.occurredAt)).toBe(Date.parse(DAY));
    const again = await claim(sale['receiptNo'], 'C-5');
    expect([again.status, again.body.id]).toEqual([200, claimed.body.id]);
    expect(refusalOf(await claim(sale['receiptNo'], 'C-2'))).toEqual([409, 'RECEIPT_ALREADY_CLAIMED']);
    const [shown] = (await api.get(`/v1/purchases/unmatched?source=store-1&receiptNo=${kept.receiptNo}`)).body
      .data;
    expect(shown).toMatchObject({ id: kept.id, state: 'claimed' });
    const { data } = (await api.get('/v1/audit?action=receipt.claimed')).body;
    expect(data[0].after).toEqual({ purchaseId: claimed.body.id });
  });

  it('are claimed by their code, however it is typed', async () => {
    const { kept } = await keep({ claimCode: true });
    const typed = `${kept.claimCode.slice(0, 4)}-${kept.claimCode.slice(4)}`.toLowerCase();
    const member = { externalId: 'C-2' };
    const dry = await api.post('/v1/purchases/claims?dryRun=true', { member, claimCode: typed });
    expect([dry.status, dry.body.pointsGranted]).toEqual([200, 105]);
    const claimed = await api.post('/v1/purchases/claims?explain=true', { member, claimCode: typed });
    expect([claimed.status, claimed.body.explanation[0].points]).toEqual([201, 105]);
    const wrong = await api.post('/v1/purchases/claims', { member, claimCode: '0000000000000000' });
    expect(refusalOf(wrong)).toEqual([404, 'UNMATCHED_RECEIPT_NOT_FOUND']);
    const both = await api.post('/v1/purchases/claims', { member, claimCode: typed, source: 'store-1' });
    expect(both.body.errors).toMatchObject([{ pointer: '/claimCode', code: 'ONE_OF' }]);
  });

  it('go to one of two members who claim them at once', async () => {
    const { sale } = await keep();
    const answers = await Promise.all([claim(sale['receiptNo'], 'C-1'), claim(sale['receiptNo'], 'C-2')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const loser = answers.find(({ status }) => status === 409);
    expect(loser?.body.code).toBe('RECEIPT_ALREADY_CLAIMED');
  });

  it('belong to the member with whom the till posts them after all, and are not kept after that', async () => {
    const { sale } = await keep();
    const posted = await api.post('/v1/purchases', { ...sale, member: { externalId: 'C-2' } });
    expect(posted.status).toBe(201);
    expect(refusalOf(await claim(sale['receiptNo'], 'C-1'))).toEqual([409, 'RECEIPT_ALREADY_CLAIMED']);
    const sold = receipt();
    expect((await api.post('/v1/purchases', sold)).status).toBe(201);
    const { member: _, ...without } = sold;
    expect(refusalOf(await api.post('/v1/purchases', without))).toEqual([422, 'RECEIPT_CONFLICT']);
  });

  it('cannot be claimed once goods came back; the return is noted once', async () => {
    const { sale } = await keep();
    const back = {
      ...{ source: 'store-1', receiptNo: `RT-${numbered}`, occurredAt: DAY },
      purchase: { source: 'store-1', receiptNo: sale['receiptNo'] },
    };
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await api.post('/v1/purchases/unmatched/returns', back);
      expect([status, body.state]).toEqual([200, 'returned']);
    }
    expect(refusalOf(await claim(sale['receiptNo']))).toEqual([409, 'UNMATCHED_RECEIPT_RETURNED']);
    const { sale: gone } = await keep();
    expect((await claim(gone['receiptNo'])).status).toBe(201);
    const late = { ...back, purchase: { source: 'store-1', receiptNo: gone['receiptNo'] } };
    expect(refusalOf(await api.post('/v1/purchases/unmatched/returns', late))).toEqual([
      409,
      'RECEIPT_ALREADY_CLAIMED',
    ]);
  });

  it('are not guessed: ten amounts for a receipt, twenty wrong receipts for a member and day', async () => {
    const { sale, kept } = await keep({ claimCode: true });
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, guess) => claim(sale['receiptNo'], 'C-3', guess)),
    );
    const codes = guesses.map(({ body }) => body.code).sort();
    expect(codes).toEqual([
      ...Array.from({ length: 10 }, () => 'CLAIM_AMOUNT_WRONG'),
      ...['TOO_MANY_CLAIMS', 'TOO_MANY_CLAIMS'],
    ]);
    expect(refusalOf(await claim(sale['receiptNo'], 'C-4'))).toEqual([429, 'TOO_MANY_CLAIMS']);
    const byCode = await api.post('/v1/purchases/claims', {
      ...{ member: { externalId: 'C-4' }, claimCode: kept.claimCode },
    });
    expect(byCode.status).toBe(201);
    const unknown = await Promise.all(Array.from({ length: 10 }, () => claim('no such receipt', 'C-3')));
    expect(unknown.filter(({ status }) => status === 429)).toHaveLength(2);
    clock.set('2026-11-21T12:00:00+08:00');
    expect(refusalOf(await claim('no such receipt', 'C-3'))).toEqual([404, 'UNMATCHED_RECEIPT_NOT_FOUND']);
  });

  it('are refused after their time, and deleted a month later', async () => {
    const { sale } = await keep();
    clock.set('2026-12-01T00:00:00+08:00');
    expect(refusalOf(await claim(sale['receiptNo']))).toEqual([409, 'CLAIM_WINDOW_OVER']);
    expect(refusalOf(await api.post('/v1/purchases', anonymous()))).toEqual([409, 'CLAIM_WINDOW_OVER']);
    await runJob(engine.engine.app, 'purge-unmatched-receipts');
    expect(refusalOf(await claim(sale['receiptNo']))).toEqual([409, 'CLAIM_WINDOW_OVER']);
    clock.set('2027-01-01T12:00:00+08:00');
    await runJob(engine.engine.app, 'purge-unmatched-receipts');
    expect(refusalOf(await claim(sale['receiptNo']))).toEqual([404, 'UNMATCHED_RECEIPT_NOT_FOUND']);
  });

  it('come in a stream, too, and use no redemptions', async () => {
    const lines = `${JSON.stringify(anonymous())}\n`;
    const { text } = await api.raw('POST', '/v1/purchases:batch', lines, 'application/x-ndjson');
    expect(JSON.parse(text)).toMatchObject({ status: 202, body: { amountMinor: 105_000 } });
    const redemptionIds = ['rdm_01h455vb4pex5vsknk084sn02q'];
    const { body } = await api.post('/v1/purchases', anonymous({ redemptionIds }));
    expect(body.errors).toMatchObject([{ pointer: '/redemptionIds', code: 'NEEDS_MEMBER' }]);
  });
});
