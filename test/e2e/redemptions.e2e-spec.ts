import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('redeeming points', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  let made = 0;

  /** A member with one lot of that many points. */
  async function memberWith(
    points: number,
    occurredAt = '2026-11-20T10:15:00+08:00',
  ): Promise<{ externalId: string }> {
    made += 1;
    const member = { externalId: `C-${made}` };
    await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    const lines = [line({ amountMinor: points * 1000, taxMinor: 0 })];
    expect((await api().post('/v1/purchases', receipt({ member, occurredAt, lines }))).status).toBe(201);
    return member;
  }

  const balance = async ({ externalId }: { externalId: string }) =>
    (await api().get(`/v1/members?externalId=${externalId}`)).body.data[0].balance;
  const redeem = (body: object) => api().post('/v1/redemptions', { mode: 'capture', ...body });

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.reward('coffee', { points: 45 });
    await programme.reward('bag', { points: 10, stocked: true }, 10);
    await programme.reward('tote', { points: 10, stocked: true }, 1);
    await programme.reward('gone', { points: 10, active: false });
  });
  afterAll(() => engine.close());

  it('takes points off the basket at once', async () => {
    const member = await memberWith(100);
    const { status, body } = await redeem({ member, points: 40 });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'captured', points: 40, discountMinor: 4000, expiresAt: null });
    expect(body.lots).toEqual([{ lotId: expect.stringMatching(/^lot_/), points: 40 }]);
    expect(await balance(member)).toMatchObject({ available: 60, held: 0, total: 60, lifetimeRedeemed: 40 });
  });

  it('holds, captures a part, and gives the rest back', async () => {
    const member = await memberWith(100);
    const held = await redeem({ member, points: 60, mode: 'authorise' });
    expect(held.body).toMatchObject({ status: 'authorised', expiresAt: '2026-11-20T04:15:00.000Z' });
    expect(await balance(member)).toMatchObject({ available: 40, held: 60, total: 100 });
    const captured = await api().post(`/v1/redemptions/${held.body.id}/capture`, { points: 25 });
    expect(captured.body).toMatchObject({ status: 'captured', points: 25, discountMinor: 2500 });
    expect(await balance(member)).toMatchObject({ available: 75, held: 0, total: 75 });
    const voided = await api().post(`/v1/redemptions/${held.body.id}/void`);
    expect([voided.status, voided.body.code]).toEqual([409, 'REDEMPTION_NOT_AUTHORISED']);
  });

  it('voids a hold: every point goes back to its lot', async () => {
    const member = await memberWith(100);
    const { body } = await redeem({ member, points: 60, mode: 'authorise' });
    expect((await api().post(`/v1/redemptions/${body.id}/void`)).body.status).toBe('voided');
    expect(await balance(member)).toMatchObject({ available: 100, held: 0 });
  });

  it('lets a hold lapse, whether a job or the next request notices first', async () => {
    const member = await memberWith(100);
    const { body } = await redeem({ member, points: 100, mode: 'authorise', holdSeconds: 60 });
    clock.advance({ seconds: 60 });
    expect(await balance(member)).toMatchObject({ available: 100, held: 0 });
    const late = await api().post(`/v1/redemptions/${body.id}/capture`);
    expect([late.status, late.body.code]).toEqual([409, 'HOLD_EXPIRED']);
    expect((await redeem({ member, points: 100 })).status).toBe(201);
  });

  it('keeps held points alive over their expiry, and only those', async () => {
    const member = await memberWith(100, '2025-11-20T10:15:00+08:00');
    const { body } = await redeem({ member, points: 60, mode: 'authorise', holdSeconds: 86_400 });
    const other = await memberWith(100, '2025-11-20T10:15:00+08:00');
    clock.set('2026-11-21T00:30:00+08:00');
    expect(await balance(member)).toMatchObject({ available: 0, held: 60 });
    expect((await api().post(`/v1/redemptions/${body.id}/capture`)).status).toBe(200);
    const gone = await redeem({ member: other, points: 60 });
    expect(gone.body.code).toMatch(/POINTS_EXPIRED|INSUFFICIENT_POINTS/);
    clock.set('2026-11-20T12:00:00+08:00');
  });

  it('says what is missing', async () => {
    const member = await memberWith(50);
    const { status, body } = await redeem({ member, points: 250 });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'INSUFFICIENT_POINTS',
      meta: { required: 250, available: 50, missing: 200 },
    });
  });

  it('spends the lot that expires first', async () => {
    const member = await memberWith(100, '2026-11-19T10:00:00+08:00');
    await api().post('/v1/purchases', receipt({ member, occurredAt: '2026-03-01T10:00:00+08:00' }));
    await redeem({ member, points: 105 });
    const { body } = await api().get(`/v1/members?externalId=${member.externalId}`);
    const lots = (await api().get(`/v1/members/${body.data[0].id}/lots`)).body.data;
    expect(
      lots.map((lot: { earnedAt: string; available: number }) => [lot.earnedAt.slice(0, 7), lot.available]),
    ).toEqual([
      ['2026-11', 100],
      ['2026-03', 0],
    ]);
  });

  it('hands out a stocked reward exactly as often as there is one', async () => {
    const members = await Promise.all(Array.from({ length: 25 }, () => memberWith(20)));
    const answers = await Promise.all(
      [...members, ...members].map((member) => redeem({ member, rewardId: 'bag' })),
    );
    const counts = { done: answers.filter(({ status }) => status === 201).length };
    expect(counts.done).toBe(10);
    expect(
      answers.filter(({ status }) => status !== 201).every(({ body }) => body.code === 'OUT_OF_STOCK'),
    ).toBe(true);
    const { body } = await api().get('/v1/rewards');
    expect(body.data.find(({ id }: { id: string }) => id === 'bag').stock).toBe(0);
  });

  it('gives the stock back when a hold is voided', async () => {
    await api().post('/v1/rewards/bag/stock', { add: 1 });
    const member = await memberWith(20);
    const held = await redeem({ member, rewardId: 'bag', mode: 'authorise' });
    expect((await redeem({ member, rewardId: 'bag' })).body.code).toBe('OUT_OF_STOCK');
    await api().post(`/v1/redemptions/${held.body.id}/void`);
    expect((await redeem({ member, rewardId: 'bag' })).status).toBe(201);
  });

  describe('a reward on a receipt that comes back', () => {
    const stock = async () =>
      (await api().get('/v1/rewards')).body.data.find(({ id }: { id: string }) => id === 'tote').stock;

    const refusal = ({ status, body }: Answer) => [status, body.code, body.errors?.[0].pointer];
    const returned = (overrides: object = {}) => {
      made += 1;
      const occurredAt = '2026-11-20T12:00:00+08:00';
      return { source: 'store-1', receiptNo: `RT-${made}`, occurredAt, whole: true, ...overrides };
    };
    const bringsBack = (purchase: { id: string }, body: object) =>
      api().post(`/v1/purchases/${purchase.id}/returns`, body);

    /** A member without points, and their receipt of gum and a tote for the 10 points they had. */
    async function withTote(toteLine: (id: string) => object) {
      const member = await memberWith(10);
      const { body: tote } = await redeem({ member, rewardId: 'tote', mode: 'authorise' });
      const lines = [
        line({ sku: 'GUM', amountMinor: 500, taxMinor: 0, quantity: '2' }),
        line({ sku: 'TOTE', lineNo: 2, amountMinor: 0, taxMinor: 0, ...toteLine(tote.id) }),
      ];
      const body = receipt({ member, lines, redemptionIds: [tote.id] });
      const { status, body: purchase } = await api().post('/v1/purchases', body);
      expect([status, purchase.balance.available]).toEqual([201, 0]);
      return { member, tote, purchase };
    }

    it('comes back with the line that names it, whole, and its stock with it', async () => {
      const { tote, purchase } = await withTote((redemptionId) => ({ redemptionId }));
      const { body: stored } = await api().get(`/v1/purchases/${purchase.id}`);
      expect(stored.lines[1]).toMatchObject({ sku: 'TOTE', redemptionId: tote.id });
      expect(await stock()).toBe(0);
      const gum = { whole: undefined, lines: [{ lineNo: 1, quantity: '1' }] };
      expect((await bringsBack(purchase, returned(gum))).body).toMatchObject({
        redemptions: [],
        balance: { available: 0 },
      });
      const toteBack = returned({ whole: undefined, lines: [{ lineNo: 2, quantity: '1' }] });
      const dry = await api().post(`/v1/purchases/${purchase.id}/returns?dryRun=true`, toteBack);
      expect([dry.status, dry.body.redemptions]).toMatchObject([200, [{ id: tote.id, points: 10 }]]);
      expect(await stock()).toBe(0);
      const answer = await bringsBack(purchase, toteBack);
      expect(answer.body).toMatchObject({
        redemptions: [{ id: tote.id, points: 10 }],
        balance: { available: 10, lifetimeRedeemed: 0 },
      });
      expect((await api().get(`/v1/returns/${answer.body.id}`)).body.redemptions).toMatchObject([
        { id: tote.id, points: 10 },
      ]);
      expect((await bringsBack(purchase, returned())).body).toMatchObject({ redemptions: [], notices: [] });
      expect(await stock()).toBe(1);
    });

    it('stays used when nothing names it, until a return does, which is answered again as it was', async () => {
      const { tote, purchase } = await withTote(() => ({}));
      const whole = await bringsBack(purchase, returned());
      expect(whole.body).toMatchObject({ redemptions: [], notices: [{ code: 'REWARD_STILL_USED' }] });
      expect(await stock()).toBe(0);
      const named = returned({ whole: undefined, redemptionIds: [tote.id] });
      const first = await bringsBack(purchase, named);
      expect(first.body).toMatchObject({
        redemptions: [{ id: tote.id, points: 10 }],
        lines: [],
        notices: [],
      });
      const again = await bringsBack(purchase, named);
      expect([again.status, again.text]).toEqual([200, first.text]);
      const other = await bringsBack(purchase, { ...named, redemptionIds: undefined, whole: true });
      expect(refusal(other)).toEqual([422, 'RETURN_CONFLICT', undefined]);
      expect(await stock()).toBe(1);
      expect(refusal(await bringsBack(purchase, returned({ redemptionIds: [tote.id] })))).toEqual([
        ...[409, 'NOTHING_LEFT_TO_RETURN', undefined],
      ]);
      expect(
        refusal(await bringsBack(purchase, returned({ whole: undefined, redemptionIds: [tote.id] }))),
      ).toEqual([409, 'NOTHING_LEFT_TO_REVERSE', '/redemptionIds/0']);
    });

    it('is named by no line of a receipt that does not use it, and by no return of one that did not', async () => {
      const { member, tote } = await withTote((redemptionId) => ({ redemptionId }));
      const lines = [line({ redemptionId: tote.id })];
      const unnamed = await api().post('/v1/purchases', receipt({ member, lines }));
      expect(refusal(unnamed)).toEqual([422, 'VALIDATION_FAILED', '/lines/0/redemptionId']);
      expect(unnamed.body.errors[0].code).toBe('NOT_IN_REDEMPTION_IDS');
      const { body: purchase } = await api().post('/v1/purchases', receipt({ member }));
      const stranger = returned({ redemptionIds: [tote.id] });
      expect(refusal(await bringsBack(purchase, stranger))).toEqual([
        ...[422, 'RETURN_REDEMPTION_UNKNOWN', '/redemptionIds/0'],
      ]);
      const byNumber = await api().post(
        '/v1/returns',
        returned({ whole: undefined, member, redemptionIds: [tote.id] }),
      );
      expect(refusal(byNumber)).toEqual([422, 'VALIDATION_FAILED', '/lines']);
      await api().post(`/v1/redemptions/${tote.id}/reverse`, {});
    });
  });

  it('stops counting a reward that is counted no more, and gives back what was counted', async () => {
    const programme = new ProgrammeBuilder(api());
    await programme.reward('cup', { points: 10, stocked: true }, 1);
    const member = await memberWith(100);
    const counted = await redeem({ member, rewardId: 'cup', mode: 'authorise' });
    await programme.reward('cup', { points: 10, stocked: false });
    for (let round = 0; round < 2; round += 1) {
      expect((await redeem({ member, rewardId: 'cup' })).status).toBe(201);
    }
    await api().post(`/v1/redemptions/${counted.body.id}/void`);
    const { data } = (await api().get('/v1/rewards')).body;
    expect(data.find(({ id }: { id: string }) => id === 'cup').stock).toBe(1);
  });

  it('says that a hold has lapsed when a receipt comes with it too late', async () => {
    const member = await memberWith(100);
    const { body: held } = await redeem({ member, points: 60, mode: 'authorise', holdSeconds: 60 });
    clock.advance({ seconds: 61 });
    const late = await api().post('/v1/purchases', receipt({ member, redemptionIds: [held.id] }));
    expect([late.status, late.body.code]).toEqual([409, 'HOLD_EXPIRED']);
  });

  it('uses a hold with the receipt that names it, once', async () => {
    const member = await memberWith(100);
    const { body: held } = await redeem({ member, points: 60, mode: 'authorise' });
    const first = await api().post('/v1/purchases', receipt({ member, redemptionIds: [held.id] }));
    expect(first.body.balance).toMatchObject({ available: 145, held: 0 });
    expect((await api().get(`/v1/redemptions/${held.id}`)).body).toMatchObject({
      status: 'captured',
      purchaseId: first.body.id,
    });
    const second = await api().post('/v1/purchases', receipt({ member, redemptionIds: [held.id] }));
    expect([second.status, second.body.code]).toEqual([409, 'REDEMPTION_ALREADY_USED']);
  });

  it('redeems once however often it is sent: by key and by external id', async () => {
    const member = await memberWith(100);
    const body = { member, points: 10, mode: 'capture' };
    const key = { 'idempotency-key': 'redeem-once' };
    const [a, b] = [
      await api().post('/v1/redemptions', body, key),
      await api().post('/v1/redemptions', body, key),
    ];
    expect([a.status, b.status, b.text]).toEqual([201, 200, a.text]);
    const named = { ...body, externalId: 'till-7/99' };
    const [c, d] = [await redeem(named), await redeem(named)];
    expect(d.text).toBe(c.text);
    expect((await redeem({ ...named, points: 20 })).body.code).toBe('REDEMPTION_CONFLICT');
    expect((await balance(member)).available).toBe(80);
  });

  it.each([
    ['neither points nor reward', {}, 422, 'VALIDATION_FAILED'],
    ['both points and reward', { points: 1, rewardId: 'coffee' }, 422, 'VALIDATION_FAILED'],
    ['no points at all', { points: 0 }, 422, 'VALIDATION_FAILED'],
    ['a reward that is unknown', { rewardId: 'tea' }, 404, 'REWARD_NOT_FOUND'],
    ['a reward that is not offered', { rewardId: 'gone' }, 409, 'REWARD_INACTIVE'],
    ['nulls for both', { rewardId: null, points: null }, 422, 'VALIDATION_FAILED'],
    ['a hold beyond a week', { points: 1, holdSeconds: 604_801 }, 422, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_, body, status, code) => {
    const member = await memberWith(100);
    const answer = await redeem({ member, ...body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('takes null for absent', async () => {
    const member = await memberWith(100);
    const answer = await redeem({ member, points: 10, rewardId: null, externalId: null, holdSeconds: null });
    expect([answer.status, answer.body.externalId]).toEqual([201, null]);
  });

  it('refuses a suspended member and leaves the points alone', async () => {
    const member = await memberWith(100);
    const { id } = (await api().get(`/v1/members?externalId=${member.externalId}`)).body.data[0];
    await api().post(`/v1/members/${id}/suspend`);
    expect((await redeem({ member, points: 10 })).body.code).toBe('MEMBER_SUSPENDED');
    await api().post(`/v1/members/${id}/reactivate`);
    expect((await redeem({ member, points: 10 })).status).toBe(201);
  });

  it('works out a dry run and holds nothing', async () => {
    const member = await memberWith(100);
    const dry = await api().post('/v1/redemptions?dryRun=true', { member, points: 30, mode: 'authorise' });
    expect([dry.status, dry.body.balance.held]).toEqual([200, 30]);
    expect(await balance(member)).toMatchObject({ available: 100, held: 0 });
  });

  it('verifies clean, over rewards that came back and one that stays used', async () => {
    await api().post('/v1/rewards/tote/stock', { add: 2 });
    const member = await memberWith(520);
    const uses = async (body: object, lines: readonly object[], more: object = {}) => {
      const { body: used } = await redeem({ member, mode: 'authorise', ...body });
      const named = lines.map((each) => ('redemptionId' in each ? { ...each, redemptionId: used.id } : each));
      const bought = receipt({ member, lines: named, redemptionIds: [used.id], ...more });
      return (await api().post('/v1/purchases', bought)).body;
    };
    const bringsBack = async ({ id }: { id: string }) => {
      made += 1;
      const back = { source: 'store-1', receiptNo: `RT-${made}`, occurredAt: '2026-11-20T12:00:00+08:00' };
      return (await api().post(`/v1/purchases/${id}/returns`, { ...back, whole: true })).body;
    };
    const tote = { rewardId: 'tote' };
    const thing = line({ amountMinor: 0, taxMinor: 0, redemptionId: 'that of the tote' });
    const gum = line({ lineNo: 2, amountMinor: 1_000, taxMinor: 0 });
    expect(await bringsBack(await uses(tote, [thing, gum]))).toMatchObject({ notices: [] });
    expect(await bringsBack(await uses(tote, [gum]))).toMatchObject({
      redemptions: [],
      notices: [{ code: 'REWARD_STILL_USED' }],
    });
    // Of 500 points on hold the tender takes ten, and the return brings them back.
    const paid = await uses({ points: 500 }, [gum], { tenders: [{ type: 'points', amountMinor: 1_000 }] });
    expect(paid).toMatchObject({ balance: { held: 0 }, notices: [{ code: 'HOLD_PARTLY_USED' }] });
    expect(await bringsBack(paid)).toMatchObject({ redemptions: [{ points: 10 }], balance: { total: 510 } });
    const { differences, clean } = (await api().get('/v1/admin/verify')).body;
    expect({ differences, clean }).toEqual({ differences: [], clean: true });
  });
});
