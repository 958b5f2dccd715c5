import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { ApiClient } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const RECEIPT = 'pur_01h455vb4pex5vsknk084sn02q';

describe('adjusting points by hand', () => {
  let engine: TestEngine;
  let checker: ApiClient;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  let made = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    checker = await engine.withScopes('admin');
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.adjustmentReason('sorry', { approvalAbove: 500 });
    await programme.adjustmentReason('late-order', { direction: 'credit', origin: 'sale_compensation' });
    await programme.adjustmentReason('breach', { direction: 'debit', evidenceRequired: true });
    await programme.adjustmentReason('typo', { direction: 'both' });
    await programme.adjustmentReason('typo-small', { direction: 'both', approvalAbove: 50 });
  });
  afterAll(() => engine.close());
  beforeEach(() => clock.set('2026-11-20T12:00:00+08:00'));

  async function enrolled(): Promise<{ id: string; externalId: string }> {
    made += 1;
    const { body } = await api().post('/v1/members', {
      externalId: `A-${made}`,
      enrolledAt: '2025-01-01T00:00:00Z',
    });
    return body;
  }

  const member = ({ externalId }: { externalId: string }) => ({ externalId });
  const adjust = (body: object, client = api()) => client.post('/v1/adjustments', body);
  const lotsOf = async ({ id }: { id: string }) => (await api().get(`/v1/members/${id}/lots`)).body.data;
  const balanceOf = async ({ id }: { id: string }) => (await api().get(`/v1/members/${id}/balance`)).body;
  const buys = async (person: { externalId: string }, occurredAt = '2026-11-20T10:00:00+08:00') =>
    (await api().post('/v1/purchases', receipt({ member: member(person), occurredAt }))).body;

  it('gives points at once up to the limit, and says who agreed', async () => {
    const person = await enrolled();
    const { status, body } = await adjust({
      member: member(person),
      points: 500,
      reason: 'sorry',
      origin: 'goodwill',
      approvedBy: 'Ms Wang',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^adj_/),
      kind: 'credit',
      status: 'posted',
      points: 500,
      approvedBy: 'Ms Wang',
      balance: { available: 500 },
    });
    expect(await lotsOf(person)).toMatchObject([
      { origin: 'goodwill', allocated: '0.000000', source: { type: 'adjustment', id: body.id } },
    ]);
    expect((await api().get(`/v1/adjustments/${body.id}`)).body).toEqual({ ...body, balance: undefined });
  });

  it('moves nothing above the limit until another key approves', async () => {
    const person = await enrolled();
    const asked = await adjust({ member: member(person), points: 501, reason: 'sorry' });
    expect([asked.status, asked.body.status]).toEqual([202, 'requested']);
    expect(await balanceOf(person)).toMatchObject({ available: 0 });
    const path = `/v1/adjustments/${asked.body.id}`;
    const own = await api().post(`${path}/approve`, {});
    expect([own.status, own.body.code]).toEqual([403, 'MAKER_IS_CHECKER']);

    const dry = await checker.post(`${path}/approve?dryRun=true`, {});
    expect(dry.body).toMatchObject({ status: 'posted', balance: { available: 501 } });
    expect((await api().get(path)).body.status).toBe('requested');

    const approved = await checker.post(`${path}/approve`, { note: 'seen the ticket' });
    expect(approved.status).toBe(200);
    expect(approved.body).toMatchObject({
      status: 'posted',
      balance: { available: 501 },
      decision: { note: 'seen the ticket' },
    });
    const again = await checker.post(`${path}/approve`, {});
    expect(again.body).toEqual(approved.body);
    expect(await balanceOf(person)).toMatchObject({ available: 501 });
  });

  it('lets many checkers approve at once: the points come once', async () => {
    const person = await enrolled();
    const { body } = await adjust({ member: member(person), points: 900, reason: 'sorry' });
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => checker.post(`/v1/adjustments/${body.id}/approve`, {})),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(12).fill(200));
    expect(await balanceOf(person)).toMatchObject({ available: 900, lifetimeEarned: 900 });
  });

  it('rejects, and lists what waits, newest first', async () => {
    const person = await enrolled();
    const ask = () => adjust({ member: member(person), points: 600, reason: 'sorry' });
    const ids: string[] = [(await ask()).body.id, (await ask()).body.id, (await ask()).body.id];
    const rejected = await checker.post(`/v1/adjustments/${ids[1]}/reject`, { note: 'no' });
    expect(rejected.body).toMatchObject({ status: 'rejected', balance: { available: 0 } });
    const list = async (query: string) =>
      (await api().get(`/v1/adjustments?memberId=${person.id}&${query}`)).body;
    const { data, nextCursor } = await list('limit=2');
    expect(data.map(({ id }: { id: string }) => id)).toEqual([ids[2], ids[1]]);
    expect((await list(`limit=2&cursor=${nextCursor}`)).data).toMatchObject([{ id: ids[0] }]);
    expect((await list('status=requested')).data).toHaveLength(2);
    clock.advance({ days: 30 });
    expect((await list('status=requested')).data).toEqual([]);
    expect((await list('status=lapsed')).data).toHaveLength(2);
    const late = await checker.post(`/v1/adjustments/${ids[0]}/approve`, {});
    expect([late.status, late.body.code]).toEqual([409, 'ADJUSTMENT_LAPSED']);
  });

  it('is sent twice and counts once', async () => {
    const person = await enrolled();
    const body = { member: member(person), points: 5, reason: 'typo', externalId: `T-${person.id}` };
    const first = await adjust(body);
    const second = await adjust({ ...body, member: { id: person.id } }, checker);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(second.body).toEqual(first.body);
    expect((await adjust({ ...body, points: 6 })).body.code).toBe('ADJUSTMENT_CONFLICT');
    expect(await balanceOf(person)).toMatchObject({ available: 5 });
  });

  it.each([
    [{ points: 0 }, 422, 'VALIDATION_FAILED', '/points'],
    [{ points: 1, reason: 'nowhere' }, 404, 'ADJUSTMENT_REASON_NOT_FOUND', '/reason'],
    [{ points: 1, origin: 'non_purchase' }, 422, 'ORIGIN_MISMATCH', '/origin'],
    [{ points: 1, reason: 'breach' }, 422, 'WRONG_DIRECTION', '/reason'],
    [{ points: -1, reason: 'breach' }, 422, 'EVIDENCE_REQUIRED', '/evidence'],
    [{ points: 1, evidence: 'a letter' }, 422, 'VALIDATION_FAILED', '/evidence'],
    [{ points: 1, note: 'x' }, 422, 'VALIDATION_FAILED', '/note'],
  ])('refuses %o', async (body, status, code, pointer) => {
    const person = await enrolled();
    const answer = await adjust({ member: member(person), reason: 'sorry', ...body });
    expect([answer.status, answer.body.code, answer.body.errors[0].pointer]).toEqual([status, code, pointer]);
  });

  it('says what is missing for a debit', async () => {
    const person = await enrolled();
    await buys(person);
    const evidence = 'https://desk.example.com/tickets/1';
    const answer = await adjust({ member: member(person), points: -106, reason: 'breach', evidence });
    expect([answer.status, answer.body.code]).toEqual([422, 'INSUFFICIENT_POINTS']);
    expect(answer.body.meta).toEqual({ required: 106, available: 105, missing: 1 });
  });

  it('needs the scope admin; others may look', async () => {
    const auditor = await engine.withScopes('auditor');
    const person = await enrolled();
    const body = { member: member(person), points: 1, reason: 'sorry' };
    expect((await adjust(body, auditor)).status).toBe(403);
    expect((await auditor.get('/v1/adjustments?limit=1')).status).toBe(200);
    expect((await auditor.get('/v1/adjustments/adj_01h455vb4pex5vsknk084sn02q')).body.code).toBe(
      'ADJUSTMENT_NOT_FOUND',
    );
  });

  it('extends a lot to the end of a day, and all that end by a day', async () => {
    const person = await enrolled();
    await buys(person, '2025-12-10T10:00:00+08:00');
    await buys(person, '2026-03-01T10:00:00+08:00');
    const [first] = await lotsOf(person);
    expect(first.expiresAt).toBe('2026-12-10T16:00:00.000Z');
    const path = `/v1/members/${person.id}/lots`;
    const extended = await api().post(`${path}/${first.id}/extend`, {
      expiresAt: '2026-12-31T10:00:00+08:00',
      reason: 'typo',
    });
    expect([extended.status, extended.body.expiresAt]).toEqual([201, '2026-12-31T16:00:00.000Z']);
    expect(extended.body).toMatchObject({ kind: 'extension', points: 105, lotId: first.id });
    const all = await api().post(`${path}/extend`, {
      expiringBy: '2027-03-31T00:00:00+08:00',
      expiresAt: '2027-06-30T23:59:59+08:00',
      reason: 'typo',
    });
    expect(all.body).toMatchObject({ points: 210, expiringBy: '2027-03-30T16:00:00.000Z' });
    expect((await lotsOf(person)).map(({ expiresAt }: { expiresAt: string }) => expiresAt)).toEqual([
      '2027-06-30T16:00:00.000Z',
      '2027-06-30T16:00:00.000Z',
    ]);
    const asOf = (await api().get(`${path}?asOf=2026-11-20T11:00:00%2B08:00`)).body.data;
    expect(asOf[0].expiresAt).toBe('2026-12-10T16:00:00.000Z');
    const none = await api().post(`${path}/extend`, {
      expiringBy: '2027-03-31T00:00:00+08:00',
      expiresAt: '2027-06-30T23:59:59+08:00',
      reason: 'typo',
    });
    expect([none.status, none.body.code]).toEqual([409, 'LOT_NOT_EXTENDABLE']);
  });

  it('gives expired points back as goodwill, under a limit of what expired', async () => {
    const person = await enrolled();
    await buys(person, '2025-11-10T10:00:00+08:00');
    const [expired] = await lotsOf(person);
    expect(expired.expired).toBe(105);
    const path = `/v1/members/${person.id}/lots/${expired.id}/reinstate`;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api().post(path, { points: 50, reason: 'typo' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 422, 422, 422, 422]);
    const rest = await api().post(path, { reason: 'typo' });
    expect(rest.body).toMatchObject({ points: 5, origin: 'goodwill', balance: { available: 105 } });
    const over = await api().post(path, { reason: 'typo' });
    expect([over.body.code, over.body.meta]).toEqual([
      'MORE_THAN_EXPIRED',
      { expired: 105, reinstated: 105, left: 0 },
    ]);
  });

  it('gives back above the limit when another key approves, of what is left by then', async () => {
    const person = await enrolled();
    const lines = [line({ amountMinor: 600_000, taxMinor: 0 })];
    await api().post(
      '/v1/purchases',
      receipt({ member: member(person), occurredAt: '2025-11-10T10:00:00+08:00', lines }),
    );
    const [expired] = await lotsOf(person);
    const path = `/v1/members/${person.id}/lots/${expired.id}/reinstate`;
    const asked = await api().post(path, { reason: 'sorry' });
    expect([asked.status, asked.body.points]).toEqual([202, 600]);
    await api().post(path, { reason: 'typo', points: 100 });
    const late = await checker.post(`/v1/adjustments/${asked.body.id}/approve`, {});
    expect([late.status, late.body.code]).toEqual([422, 'MORE_THAN_EXPIRED']);
    expect(await balanceOf(person)).toMatchObject({ available: 100 });
  });

  it('shows up in the journal as manual, apart from the rest, and in the audit log', async () => {
    const person = await enrolled();
    clock.set('2026-12-05T12:00:00+08:00');
    await buys(person, '2026-12-05T10:00:00+08:00');
    await adjust({ member: member(person), points: 100, reason: 'late-order' });
    const evidence = 'https://desk.example.com/tickets/2';
    const taken = await adjust({ member: member(person), points: -105, reason: 'breach', evidence });
    const journal = (await api().get('/v1/finance/journal?from=2026-12&to=2026-12')).body;
    const lines = journal.lines.map((entry: Record<string, unknown>) => [
      entry['eventCode'],
      entry['accountRole'],
      entry['manual'],
      entry['debit'],
      entry['credit'],
      entry['sourceCount'],
    ]);
    expect(lines).toEqual([
      ['E01', 'REV_DEFERRAL', false, '82.57', '0.00', 1],
      ['E01', 'CL_POINTS', false, '0.00', '82.57', 1],
      // 100 points x 1 x 0.9 / 1.05
      ['E03', 'SALES_ALLOWANCE', true, '85.71', '0.00', 1],
      ['E03', 'CL_POINTS', true, '0.00', '85.71', 1],
      ['E15', 'CL_POINTS', true, '82.57', '0.00', 1],
      ['E15', 'REV_BREAKAGE', true, '0.00', '82.57', 1],
    ]);
    const entries: { action: string; subject: string; after: { id: string; points: number } }[] =
      await engine.engine.dataSource.query(
        `SELECT action, subject, after FROM audit_log WHERE subject = $1`,
        [`adjustment/${taken.body.id}`],
      );
    expect(entries).toMatchObject([
      { action: 'adjustment.posted', after: { id: taken.body.id, points: -105, evidence } },
    ]);
  });

  it('takes a mistaken credit back by name, once, wherever the member went with it, and the books say so', async () => {
    const person = await enrolled();
    const given = await adjust({ member: member(person), points: 1000, reason: 'late-order' });
    const { body: household } = await api().post('/v1/households', {
      head: { id: person.id },
    });
    expect(household.balance).toMatchObject({ available: 1000 });
    const path = `/v1/adjustments/${given.body.id}/reverse`;
    const reason = { reason: 'typo' };
    const dry = await api().post(`${path}?dryRun=true`, reason);
    expect(dry.body).toMatchObject({ outcome: { taken: 1000 }, balance: { available: 0 } });
    expect(await balanceOf(person)).toMatchObject({ available: 1000 });

    const headers = { 'idempotency-key': `undo-${given.body.id}` };
    const undone = await api().post(path, reason, headers);
    expect(undone.status).toBe(201);
    expect(undone.body).toMatchObject({
      kind: 'creditReversal',
      correctsId: given.body.id,
      outcome: { taken: 1000, expired: 0, debt: 0, forgiven: 0 },
      balance: { available: 0, debt: 0 },
    });
    expect((await api().post(path, reason, headers)).body).toEqual(undone.body);
    const again = await api().post(path, reason);
    expect([again.status, again.body.code]).toEqual([409, 'ADJUSTMENT_REVERSED']);
    expect((await api().get(`/v1/adjustments/${undone.body.id}`)).body).toEqual({
      ...undone.body,
      balance: undefined,
    });
  });

  it('corrects some points of a credit, gives a forfeit back, and the journal has both', async () => {
    const person = await enrolled();
    const lines = async () => {
      const { body } = await api().get('/v1/finance/journal?from=2026-11-20&to=2026-11-20');
      const sums = new Map<string, number>();
      for (const { eventCode, manual, accountRole, debit, credit } of body.lines)
        if (manual && eventCode !== 'E03')
          sums.set(`${eventCode} ${accountRole}`, Number(debit) - Number(credit));
      return sums;
    };
    const before = await lines();
    const given = await adjust({ member: member(person), points: 1000, reason: 'late-order' });
    const evidence = 'https://desk.example.com/1';
    const taken = await adjust({
      ...{ member: member(person), points: -400, kind: 'correction', adjustmentId: given.body.id },
      ...{ reason: 'breach', evidence },
    });
    expect(taken.body).toMatchObject({ kind: 'debit', debitKind: 'correction', outcome: { taken: 400 } });
    const forfeit = await adjust({
      ...{ member: member(person), points: -200, reason: 'breach', evidence },
    });
    const back = await api().post(`/v1/adjustments/${forfeit.body.id}/reverse`, { reason: 'typo' });
    expect(back.body).toMatchObject({ kind: 'debitReversal', points: 200, balance: { available: 600 } });
    const after = await lines();
    const change = (key: string) => (after.get(key) ?? 0) - (before.get(key) ?? 0);
    const perPoint = Number((await lotsOf(person))[0].allocated) / 1000;
    expect(change('E24 SALES_ALLOWANCE')).toBeCloseTo(-400 * perPoint);
    expect(change('E24 REV_BREAKAGE')).toBeCloseTo(200 * perPoint);
    expect(change('E15 REV_BREAKAGE')).toBeCloseTo(-200 * perPoint);
    const tieOut = (await api().get('/v1/finance/tie-out')).body;
    expect(tieOut.lines).toMatchObject([{ differingLots: 0 }]);
    const rolled = (await api().get('/v1/finance/roll-forward?from=2026-11&to=2026-11')).body;
    expect(JSON.stringify(rolled)).toContain('corrected');
  });

  it('takes a receipt that was fraud back as its return, by hand, once, with an approval above the limit', async () => {
    const person = await enrolled();
    clock.set('2027-02-05T12:00:00+08:00');
    const bought = await buys(person, '2027-02-05T10:00:00+08:00');
    const evidence = 'https://desk.example.com/fraud/1';
    const debit = {
      ...{ member: member(person), kind: 'fraud', purchaseId: bought.id, reason: 'breach', evidence },
    };
    const dry = await api().post('/v1/adjustments?dryRun=true', debit);
    expect([dry.status, dry.body.points, dry.body.outcome.taken]).toEqual([200, -105, 105]);
    expect(await balanceOf(person)).toMatchObject({ available: 105 });

    const sent = { ...debit, externalId: `fraud-${bought.id}` };
    const taken = await adjust(sent);
    expect(taken.status).toBe(201);
    expect(taken.body).toMatchObject({
      ...{ kind: 'debit', debitKind: 'fraud', purchaseId: bought.id, points: -105 },
      outcome: { taken: 105, expired: 0, debt: 0, forgiven: 0 },
      balance: { available: 0, debt: 0 },
    });
    expect((await adjust(sent)).body).toEqual(taken.body);
    const again = await adjust(debit);
    expect([again.status, again.body.code]).toEqual([409, 'NOTHING_LEFT_TO_RETURN']);
    const returned = (await api().get(`/v1/returns/${taken.body.outcome.returnId}`)).body;
    expect(returned).toMatchObject({
      ...{ purchaseId: bought.id, adjustmentId: taken.body.id, receiptNo: taken.body.id },
      pointsTaken: 105,
    });
    const undo = await api().post(`/v1/adjustments/${taken.body.id}/reverse`, { reason: 'sorry' });
    expect([undo.status, undo.body.code]).toEqual([409, 'ADJUSTMENT_NOT_REVERSIBLE']);

    // What a till takes back stands beside it, and is not by hand.
    const other = await buys(person, '2027-02-05T11:00:00+08:00');
    const occurredAt = '2027-02-05T12:00:00+08:00';
    const back = { source: 'store-1', receiptNo: `R-${other.id}`, occurredAt, whole: true };
    expect((await api().post(`/v1/purchases/${other.id}/returns`, back)).status).toBe(201);
    const journal = (await api().get('/v1/finance/journal?from=2027-02&to=2027-02')).body;
    const lines = journal.lines
      .filter(({ eventCode }: Record<string, unknown>) => eventCode === 'E17')
      .map((entry: Record<string, unknown>) => [entry['accountRole'], entry['manual'], entry['debit']]);
    expect(lines).toEqual([
      ['CL_POINTS', false, '82.57'],
      ['REV_DEFERRAL', false, '0.00'],
      ['CL_POINTS', true, '82.57'],
      ['REV_DEFERRAL', true, '0.00'],
    ]);
  });

  it('waits with a receipt that was fraud for another key, and names it in the request', async () => {
    const person = await enrolled();
    const bought = await buys(person);
    const { id: purchaseId } = await buys(person);
    const asked = await adjust({ member: member(person), kind: 'fraud', purchaseId, reason: 'typo-small' });
    expect([asked.status, asked.body.status, asked.body.points]).toEqual([202, 'requested', -105]);
    const done = await checker.post(`/v1/adjustments/${asked.body.id}/approve`, { note: 'seen' });
    expect(done.body).toMatchObject({ status: 'posted', purchaseId, outcome: { taken: 105 } });
    expect(await balanceOf(person)).toMatchObject({ available: 105 });
    const unknown = { member: member(person), kind: 'fraud', purchaseId: RECEIPT, reason: 'typo' };
    expect((await adjust(unknown)).body.code).toBe('PURCHASE_NOT_FOUND');
    const stranger = { ...unknown, member: member(await enrolled()), purchaseId: bought.id };
    expect((await adjust(stranger)).body.code).toBe('PURCHASE_NOT_FOUND');
  });

  it.each([
    [{ points: 5, reason: 'sorry', kind: 'forfeit' }, '/kind'],
    [{ points: -5, reason: 'sorry', kind: 'correction' }, '/adjustmentId'],
    [{ points: -5, reason: 'sorry', adjustmentId: 'adj_01h455vb4pex5vsknk084sn02q' }, '/adjustmentId'],
    [{ points: -5, reason: 'sorry', kind: 'gift' }, '/kind'],
    [{ reason: 'sorry' }, '/points'],
    [{ reason: 'sorry', kind: 'fraud' }, '/purchaseId'],
    [{ points: -5, reason: 'sorry', kind: 'fraud', purchaseId: RECEIPT }, '/points'],
    [{ points: -5, reason: 'sorry', purchaseId: RECEIPT }, '/purchaseId'],
    [
      { reason: 'sorry', kind: 'fraud', purchaseId: RECEIPT, adjustmentId: 'adj_01h455vb4pex5vsknk084sn02q' },
      '/adjustmentId',
    ],
  ])('refuses %o', async (body, pointer) => {
    const person = await enrolled();
    const { status, body: problem } = await adjust({ member: member(person), ...body });
    expect([status, problem.errors[0].pointer]).toEqual([422, pointer]);
  });

  it('publishes what was requested, posted and rejected, and leaves the books in order', async () => {
    const { data } = (await api().get('/v1/events?limit=500&types=adjustment.requested,adjustment.rejected'))
      .body;
    expect(data.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['adjustment.requested', 'adjustment.rejected']),
    );
    const verified = await api().get('/v1/admin/verify');
    expect(verified.body).toMatchObject({ clean: true });
    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
  });
});
