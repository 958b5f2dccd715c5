import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { spawnEngine, type EngineProcess } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** Starting processes takes seconds on a busy machine. */
const PATIENCE_MS = 120_000;

/** Members with points, and what they do with them, through one client. */
class Till {
  private made = 0;

  constructor(
    readonly api: ApiClient,
    private readonly name: string,
  ) {}

  /** A member with one lot of that many points. */
  async memberWith(points: number, occurredAt = '2026-11-20T10:15:00+08:00') {
    this.made += 1;
    const member = { externalId: `${this.name}-${this.made}` };
    await this.api.post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    await this.earn(member, points, occurredAt);
    return member;
  }

  async earn(member: object, points: number, occurredAt = '2026-11-20T10:15:00+08:00'): Promise<void> {
    const lines = [line({ amountMinor: points * 1000, taxMinor: 0 })];
    const answer = await this.api.post('/v1/purchases', receipt({ member, occurredAt, lines }));
    expect(answer.status).toBe(201);
  }

  async redeem(member: object, body: object): Promise<string> {
    const answer = await this.api.post('/v1/redemptions', { member, mode: 'capture', ...body });
    expect(answer.status).toBe(201);
    return answer.body.id;
  }

  async memberOf({ externalId }: { externalId: string }) {
    return (await this.api.get(`/v1/members?externalId=${externalId}`)).body.data[0];
  }

  async balance(member: { externalId: string }) {
    return (await this.memberOf(member)).balance;
  }
}

describe('reversing a redemption', () => {
  let engine: TestEngine;
  let till: Till;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const reverse = (id: string, body: object = {}, headers: Record<string, string> = {}) =>
    engine.api.post(`/v1/redemptions/${id}/reverse`, body, headers);

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    till = new Till(engine.api, 'C');
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.reward('bag', { points: 10, stocked: true }, 1);
  });
  beforeEach(() => clock.set('2026-11-20T12:00:00+08:00'));
  afterAll(() => engine.close());

  it('gives the points back to a lot that was used up', async () => {
    const member = await till.memberWith(100);
    const id = await till.redeem(member, { points: 100 });
    const { status, body } = await reverse(id, { reason: 'order cancelled' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id,
      status: 'reversed',
      points: 100,
      discountMinor: 10_000,
      reversedPoints: 100,
      reversedDiscountMinor: 10_000,
      reversal: { points: 100, discountMinor: 10_000, lots: body.lots, expired: 0, toDebt: 0 },
      balance: { available: 100, lifetimeRedeemed: 0 },
    });
    expect((await engine.api.get(`/v1/redemptions/${id}`)).body).toMatchObject({
      status: 'reversed',
      reversedPoints: 100,
    });
    const memberId = (await till.memberOf(member)).id;
    const { data } = (await engine.api.get(`/v1/members/${memberId}/movements`)).body;
    expect(data[0]).toMatchObject({
      from: 'redeemed',
      to: 'available',
      points: 100,
      eventCode: 'E12',
      cause: { type: 'redemption', id },
    });
    expect(BigInt(data[0].liability.replace('.', ''))).toBe(-BigInt(data[1].liability.replace('.', '')));
    await till.redeem(member, { points: 100 });
  });

  it('publishes what came back and why', async () => {
    const member = await till.memberWith(100);
    const id = await till.redeem(member, { points: 30 });
    await reverse(id, { points: 10, reason: 'one item missing' });
    const { accountId } = await till.memberOf(member);
    const events = (await engine.api.get('/v1/events?limit=500')).body.data.filter(
      (event: { accountId: string; type: string }) => event.accountId === accountId,
    );
    const reversed = events.find(({ type }: { type: string }) => type === 'redemption.reversed');
    expect(reversed.data).toMatchObject({
      redemption: { id, status: 'captured', reversedPoints: 10, reversedDiscountMinor: 1000 },
      points: 10,
      discountMinor: 1000,
      reason: 'one item missing',
      cause: { type: 'redemption', id },
    });
  });

  it('takes parts until nothing is left, each once however often it is sent', async () => {
    const member = await till.memberWith(10);
    await till.earn(member, 10, '2026-11-20T11:00:00+08:00');
    const id = await till.redeem(member, { points: 20 });
    const key = { 'idempotency-key': 'reverse-once' };
    const [first, again] = [await reverse(id, { points: 15 }, key), await reverse(id, { points: 15 }, key)];
    expect(first.body.reversal.lots.map(({ points }: { points: number }) => points)).toEqual([10, 5]);
    expect([again.text, again.headers.get('idempotency-replayed')]).toEqual([first.text, 'true']);
    expect((await reverse(id, { points: 14 }, key)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await reverse(id, { points: 6 })).body).toMatchObject({
      code: 'REVERSAL_EXCEEDS_REDEMPTION',
      meta: { left: 5 },
    });
    expect((await reverse(id)).body).toMatchObject({ status: 'reversed', reversal: { points: 5 } });
    const over = await reverse(id);
    expect([over.status, over.body.code]).toEqual([409, 'NOTHING_LEFT_TO_REVERSE']);
    expect(await till.balance(member)).toMatchObject({ available: 20, lifetimeRedeemed: 0 });
  });

  it('lets points of a lot that has ended expire at once', async () => {
    const member = await till.memberWith(100, '2025-12-01T10:15:00+08:00');
    const id = await till.redeem(member, { points: 40 });
    clock.set('2026-12-20T12:00:00+08:00');
    expect((await reverse(id)).body).toMatchObject({
      status: 'reversed',
      reversal: { points: 40, expired: 40 },
      balance: { available: 0 },
    });
  });

  it('refuses what was never captured', async () => {
    const member = await till.memberWith(100);
    const held = await till.redeem(member, { points: 40, mode: 'authorise' });
    expect((await reverse(held)).body).toMatchObject({
      status: 409,
      code: 'REDEMPTION_NOT_CAPTURED',
      meta: { status: 'authorised' },
    });
  });

  it('puts a reward back on the shelf', async () => {
    const member = await till.memberWith(100);
    const id = await till.redeem(member, { rewardId: 'bag' });
    const part = await reverse(id, { points: 5 });
    expect([part.status, part.body.code]).toEqual([422, 'REWARD_NOT_DIVISIBLE']);
    await reverse(id);
    const { data } = (await engine.api.get('/v1/rewards')).body;
    expect(data.find((reward: { id: string }) => reward.id === 'bag').stock).toBe(1);
  });

  it('works out a dry run and gives nothing back', async () => {
    const member = await till.memberWith(100);
    const id = await till.redeem(member, { points: 40 });
    const dry = await engine.api.post(`/v1/redemptions/${id}/reverse?dryRun=true`, {});
    expect([dry.status, dry.body.balance.available]).toEqual([200, 100]);
    expect((await till.balance(member)).available).toBe(60);
  });

  it.each([
    ['no points', { points: 0 }, 422, 'VALIDATION_FAILED'],
    ['half a point', { points: 0.5 }, 422, 'VALIDATION_FAILED'],
    ['a reason without end', { reason: 'x'.repeat(501) }, 422, 'VALIDATION_FAILED'],
    ['a field that is not known', { lots: [] }, 422, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_, body, status, code) => {
    const id = await till.redeem(await till.memberWith(10), { points: 10 });
    const answer = await reverse(id, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it.each(['rdm_01h455vb4pex5vsknk084sn02q', 'nothing'])('does not find %s', async (id) => {
    const answer = await reverse(id);
    expect([answer.status, answer.body.code]).toEqual([404, 'REDEMPTION_NOT_FOUND']);
  });

  describe('a hold that is extended', () => {
    const extend = (id: string, holdSeconds: unknown) =>
      engine.api.post(`/v1/redemptions/${id}/extend`, { holdSeconds });

    it('outlives its first end, and the end of its lot', async () => {
      const member = await till.memberWith(100, '2025-11-20T10:15:00+08:00');
      clock.set('2026-11-20T23:00:00+08:00');
      const id = await till.redeem(member, { points: 100, mode: 'authorise' });
      expect((await extend(id, 7200)).body).toMatchObject({
        status: 'authorised',
        expiresAt: '2026-11-20T17:00:00.000Z',
      });
      clock.set('2026-11-21T00:30:00+08:00');
      const captured = await engine.api.post(`/v1/redemptions/${id}/capture`);
      expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
    });

    it('is refused once it has lapsed, and beyond 30 days in all', async () => {
      const member = await till.memberWith(100);
      const id = await till.redeem(member, { points: 100, mode: 'authorise' });
      clock.advance({ seconds: 60 });
      const long = await extend(id, 2_592_000);
      expect([long.status, long.body.code]).toEqual([422, 'HOLD_TOO_LONG']);
      expect((await extend(id, 2_592_001)).body.code).toBe('VALIDATION_FAILED');
      clock.advance({ seconds: 900 });
      const late = await extend(id, 60);
      expect([late.status, late.body.code]).toEqual([409, 'HOLD_EXPIRED']);
    });
  });

  describe('after its member joined a household', () => {
    const household = async (head: object) =>
      (await engine.api.post('/v1/households', { head })).body.id as string;
    const join = (id: string, member: object, role = 'adult') =>
      engine.api.post(`/v1/households/${id}/members`, { member, role });

    it('passes its points on to the household', async () => {
      const [head, member] = [await till.memberWith(50), await till.memberWith(100)];
      const id = await till.redeem(member, { points: 100 });
      expect((await join(await household(head), member)).status).toBe(201);
      const { status, body } = await reverse(id, { points: 60 });
      expect([status, body.reversal.transferId]).toEqual([200, expect.stringMatching(/^trf_/)]);
      expect(body.balance.available).toBe(110);
      expect(await till.balance(head)).toMatchObject({ available: 110 });
      expect((await reverse(id)).body).toMatchObject({ status: 'reversed', balance: { available: 150 } });
    });

    it('leaves with the household what was redeemed from it, though the member left', async () => {
      const [head, member] = [await till.memberWith(50), await till.memberWith(100)];
      const householdId = await household(head);
      await join(householdId, member);
      const id = await till.redeem(member, { points: 120 });
      const memberId = (await till.memberOf(member)).id;
      const left = await engine.api.post(`/v1/households/${householdId}/members/${memberId}/leave`, {});
      expect(left.status).toBe(200);
      const before = await till.balance(member);
      const { body } = await reverse(id);
      expect(body.reversal).toMatchObject({ points: 120, transferId: null });
      expect(await till.balance(member)).toEqual(before);
      expect((await till.balance(head)).available + before.available).toBe(150);
    });

    it('belongs to those who may redeem, not to who only earns', async () => {
      const [head, member] = [await till.memberWith(50), await till.memberWith(100)];
      await join(await household(head), member, 'earner');
      const refused = await engine.api.post('/v1/redemptions', { member, points: 1, mode: 'capture' });
      expect([refused.status, refused.body.code]).toEqual([409, 'MEMBER_ONLY_EARNS']);
      await till.redeem(head, { points: 150 });
    });
  });

  it('leaves books in which the auditor finds no difference', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
  });
});

/** One engine, and one besides: whoever is asked, each step of a redemption happens once. */
describe('everybody settling the same redemptions at once', () => {
  let engine: TestEngine;
  let other: EngineProcess;
  let till: Till;
  let clients: ApiClient[];

  beforeAll(async () => {
    engine = await startTestEngine();
    await new ProgrammeBuilder(engine.api).shop();
    till = new Till(engine.api, 'S');
    other = await spawnEngine(engine.applicationUrl, { TEST_SHARDS: '2' });
    clients = [engine.api, new ApiClient(other.url, engine.api.key)];
  }, PATIENCE_MS);
  afterAll(async () => {
    await other.stop();
    await engine.close();
  });

  /** Sends so many requests at once, to one process or to both in turn. */
  const allAtOnce = (processes: number, count: number, path: (index: number) => string, body?: object) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        (clients[index % processes] as ApiClient).post(path(index), body),
      ),
    );
  const codesOf = (answers: readonly Answer[]) =>
    [...new Set(answers.map(({ status, body }) => (status === 200 ? 'done' : body.code)))].sort();
  const done = (answers: readonly Answer[]) => answers.filter(({ status }) => status === 200);
  /** Those that did it; who says the same again is answered as they were. */
  const first = (answers: readonly Answer[]) =>
    done(answers).filter(({ headers }) => headers.get('idempotency-replayed') === null);
  const recently = () => new Date().toISOString();

  describe.each([
    ['one process', 1],
    ['two processes', 2],
  ])('through %s', (_, processes) => {
    it('captures a hold once', async () => {
      const member = await till.memberWith(100, recently());
      const id = await till.redeem(member, { points: 60, mode: 'authorise' });
      const answers = await allAtOnce(processes, 20, () => `/v1/redemptions/${id}/capture`);
      expect(first(answers)).toHaveLength(1);
      expect(codesOf(answers)).toEqual(['done']);
      expect(await till.balance(member)).toMatchObject({ available: 40, held: 0, lifetimeRedeemed: 60 });
    });

    it('captures a hold or voids it', async () => {
      const member = await till.memberWith(100, recently());
      for (let round = 0; round < 5; round += 1) {
        const before = await till.balance(member);
        const id = await till.redeem(member, { points: 10, mode: 'authorise' });
        const verbs = ['capture', 'void', 'void', 'capture'];
        const answers = await allAtOnce(processes, 8, (i) => `/v1/redemptions/${id}/${verbs[i % 4]}`);
        expect(first(answers)).toHaveLength(1);
        expect(new Set(done(answers).map(({ text }) => text)).size).toBe(1);
        expect(codesOf(answers)).toEqual(['REDEMPTION_NOT_AUTHORISED', 'done']);
        const captured = done(answers)[0]?.body.status === 'captured';
        expect(await till.balance(member)).toMatchObject({
          available: before.available - (captured ? 10 : 0),
          held: 0,
          lifetimeRedeemed: before.lifetimeRedeemed + (captured ? 10 : 0),
        });
      }
    });

    it('reverses a redemption once', async () => {
      const member = await till.memberWith(100, recently());
      const id = await till.redeem(member, { points: 100 });
      const answers = await allAtOnce(processes, 20, () => `/v1/redemptions/${id}/reverse`, {});
      expect(done(answers)).toHaveLength(1);
      expect(codesOf(answers)).toEqual(['NOTHING_LEFT_TO_REVERSE', 'done']);
      expect(await till.balance(member)).toMatchObject({ available: 100, total: 100, lifetimeRedeemed: 0 });
    });

    it('gives back in parts no more than was used', async () => {
      const member = await till.memberWith(100, recently());
      const id = await till.redeem(member, { points: 50 });
      const answers = await allAtOnce(processes, 20, () => `/v1/redemptions/${id}/reverse`, { points: 7 });
      expect(done(answers)).toHaveLength(7);
      expect(codesOf(answers)).toEqual(['REVERSAL_EXCEEDS_REDEMPTION', 'done']);
      expect(await till.balance(member)).toMatchObject({ available: 99, lifetimeRedeemed: 1 });
    });
  });

  it('leaves books in which the auditor finds no difference', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
  });
});
