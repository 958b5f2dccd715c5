import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('a basket paid partly with points', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;
  let made = 0;

  /** A point takes NT$1 off: at most 300 points, NT$250 or half of a basket. */
  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = new ProgrammeBuilder(api());
    await programme.policy({
      pointsOffBasket: {
        minorPerPoint: 100,
        minimumPoints: 10,
        maximumPoints: 300,
        maximumMinor: 25_000,
        maximumShare: '0.5',
      },
    });
    await programme.accounting();
    await programme.rule();
    await programme.reward('mug', { points: 5 });
  });
  afterAll(() => engine.close());

  async function memberWith(points: number): Promise<{ externalId: string }> {
    made += 1;
    const member = { externalId: `P-${made}` };
    await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    const lines = [line({ amountMinor: points * 1000, taxMinor: 0 })];
    expect((await api().post('/v1/purchases', receipt({ member, lines }))).status).toBe(201);
    return member;
  }
  const redeem = (body: object) => api().post('/v1/redemptions', { mode: 'authorise', ...body });
  const basketOf = (amountMinor: number) => [line({ amountMinor, taxMinor: 0 })];
  const profile = async ({ externalId }: { externalId: string }) => {
    const { id, balance } = (await api().get(`/v1/members?externalId=${externalId}`)).body.data[0];
    const { data } = (await api().get(`/v1/members/${id}/movements?limit=500`)).body;
    return { balance, movements: data };
  };

  it.each([
    ['points', { points: 301 }, 'ABOVE_MAXIMUM_POINTS', { maximumPoints: 300, asked: 301 }],
    ['money', { points: 251 }, 'ABOVE_MAXIMUM_DISCOUNT', { maximumMinor: 25_000, asked: 25_100 }],
    [
      'share',
      { points: 101, basketMinor: 20_000 },
      'ABOVE_MAXIMUM_SHARE',
      { maximumShare: '0.5', maximumMinor: 10_000, basketMinor: 20_000, asked: 10_100 },
    ],
  ])('is refused above its limit in %s', async (_, body, code, meta) => {
    const member = await memberWith(400);
    const answer = await redeem({ member, ...body });
    expect([answer.status, answer.body.code, answer.body.meta]).toEqual([422, code, meta]);
    expect(answer.body.errors).toMatchObject([{ pointer: '/points', code }]);
  });

  it('is paid with as many as may be, and earns on the money', async () => {
    const member = await memberWith(400);
    const { body: held } = await redeem({ member, points: 100, basketMinor: 20_000 });
    const posted = await api().post(
      '/v1/purchases',
      receipt({
        member,
        lines: basketOf(20_000),
        tenders: [
          { type: 'points', amountMinor: 10_000 },
          { type: 'cash', amountMinor: 10_000 },
        ],
        redemptionIds: [held.id],
      }),
    );
    expect([posted.status, posted.body.pointsGranted]).toEqual([201, 10]);
  });

  it('holds to its limits over all redemptions together, and writes nothing otherwise', async () => {
    const member = await memberWith(400);
    const held = [await redeem({ member, points: 100 }), await redeem({ member, points: 51 })];
    const redemptionIds = held.map(({ body }) => body.id);
    const before = await profile(member);
    const refused = await api().post(
      '/v1/purchases',
      // NT$150 were left to pay after NT$151 for points: half of NT$301 is NT$150.50.
      receipt({ member, lines: basketOf(15_000), redemptionIds }),
    );
    expect([refused.status, refused.body.code]).toEqual([422, 'ABOVE_MAXIMUM_SHARE']);
    expect(refused.body.meta).toMatchObject({ basketMinor: 30_100, maximumMinor: 15_050, asked: 15_100 });
    expect(refused.body.errors).toMatchObject([{ pointer: '/redemptionIds' }]);
    expect(await profile(member)).toEqual(before);
    const accepted = await api().post(
      '/v1/purchases',
      receipt({ member, lines: basketOf(15_100), redemptionIds }),
    );
    expect(accepted.status).toBe(201);
  });

  it('says with how many points it was paid, no more than its redemptions give', async () => {
    const member = await memberWith(400);
    const { body: held } = await redeem({ member, points: 50 });
    const tenders = [{ type: 'points', amountMinor: 5001 }];
    const body = receipt({ member, lines: basketOf(20_000), tenders, redemptionIds: [held.id] });
    const answer = await api().post('/v1/purchases', body);
    expect([answer.status, answer.body.code]).toEqual([422, 'POINTS_TENDER_MISMATCH']);
    expect(answer.body.meta).toEqual({ tenderedMinor: 5001, discountMinor: 5000 });
  });

  it('with 3 points and 1 more to come cannot have a reward for 5: nothing is written', async () => {
    const member = await memberWith(3);
    const before = await profile(member);
    const reward = await redeem({ member, rewardId: 'mug', mode: 'capture' });
    expect([reward.status, reward.body.code]).toEqual([422, 'INSUFFICIENT_POINTS']);
    expect(reward.body.meta).toEqual({ required: 5, available: 3, missing: 2 });
    const body = receipt({
      member,
      lines: basketOf(1000),
      redemptionIds: ['rdm_01h455vb4pex5vsknk084sn02q'],
    });
    const order = await api().post('/v1/purchases', body);
    expect([order.status, order.body.code]).toEqual([404, 'REDEMPTION_NOT_FOUND']);
    expect(await profile(member)).toEqual(before);
  });
});
