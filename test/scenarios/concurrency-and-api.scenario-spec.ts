import { receipt } from '../builders/receipt.js';
import { Stage, type Member, type Shop } from './stage.js';

/** The table "Concurrency and the API" of the behaviour that loyalty engines get wrong, row by row. */
describe('Concurrency and the API', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.clock.set('2026-03-10T12:00:00+01:00'));

  const available = async (shop: Shop, member: Member): Promise<number> =>
    (await shop.balance(member)).available;
  const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => make(index)));

  it('20 parallel transfers of 100 from a balance of 100: 1 succeeds, 19 INSUFFICIENT_POINTS; the sum is conserved', async () => {
    const shop = await stage.shop({ policy: { transfers: { expiry: 'keep' } } });
    const giver = await shop.member();
    const takers = await times(20, () => shop.member());
    await shop.buys(giver, 100);
    const answers = await Promise.all(takers.map((taker) => shop.transfers(giver, taker, 100)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'INSUFFICIENT_POINTS')).toHaveLength(19);
    const balances = await Promise.all([giver, ...takers].map((member) => available(shop, member)));
    expect(balances.toSorted((a, b) => b - a)).toEqual([100, ...Array<number>(20).fill(0)]);
  });

  it('same key again: first answer replayed; same key, other body: 422', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    await shop.buys(member, 100);
    const key = { 'Idempotency-Key': 'till-7-0001' };
    const redeem = (points: number) =>
      shop.api.post('/v1/redemptions', { member: { id: member.id }, points, mode: 'capture' }, key);
    const first = await redeem(30);
    const again = await redeem(30);
    expect([first.status, again.status, again.headers.get('Idempotency-Replayed')]).toEqual([
      ...[201, 200, 'true'],
    ]);
    expect(again.text).toBe(first.text);
    const other = await redeem(31);
    expect([other.status, other.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    expect(await available(shop, member)).toBe(70);
  });

  it('same source and receipt number 10 days later with a new key: first answer again, no second grant', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    const body = receipt({
      member: { externalId: member.externalId },
      occurredAt: '2026-03-10T12:00:00+01:00',
      currency: 'PLN',
    });
    const first = await shop.api.post('/v1/purchases', body, { 'Idempotency-Key': 'monday' });
    stage.clock.advance({ days: 10 });
    const again = await shop.api.post('/v1/purchases', body, { 'Idempotency-Key': 'ten-days-later' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.text).toBe(first.text);
    expect(await available(shop, member)).toBe(1050);
  });

  it('50 parallel redemptions of a reward with stock 10: 10 succeed, stock 0, balances right', async () => {
    const shop = await stage.shop();
    await shop.programme.reward('bag', { points: 40, stocked: true }, 10);
    const members = await times(50, () => shop.member());
    await Promise.all(members.map((member) => shop.buys(member, 100)));
    const answers = await Promise.all(members.map((member) => shop.redeems(member, { rewardId: 'bag' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    expect(answers.filter(({ body }) => body.code === 'OUT_OF_STOCK')).toHaveLength(40);
    expect((await shop.get('/v1/rewards')).data).toMatchObject([{ id: 'bag', stock: 0 }]);
    const balances = await Promise.all(members.map((member) => available(shop, member)));
    expect(balances).toEqual(answers.map(({ status }) => (status === 201 ? 60 : 100)));
  });

  it('many parallel writes to one account: all answered, in some serial order; nobody gets a conflict', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    await shop.buys(member, 1000);
    const answers = await times(120, (index) =>
      index % 3 === 0
        ? shop.redeems(member, { points: 7 })
        : shop.api.post('/v1/purchases', shop.receipt(member, [{ minor: 300 }])),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    expect(await available(shop, member)).toBe(1000 - 40 * 7 + 80 * 3);
    // One after the other: the movements are numbered without a gap, and each follows from the one before.
    const sequences = (await shop.movements(member)).map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    expect((await shop.get('/v1/admin/verify')).clean).toBe(true);
  });

  it('reward costs 250, available 50: INSUFFICIENT_POINTS with required 250, available 50, missing 200', async () => {
    const shop = await stage.shop();
    await shop.programme.reward('lamp', { points: 250 });
    const member = await shop.member();
    await shop.buys(member, 50);
    const { status, body } = await shop.redeems(member, { rewardId: 'lamp' });
    expect([status, body.code, body.meta]).toEqual([
      422,
      'INSUFFICIENT_POINTS',
      { required: 250, available: 50, missing: 200 },
    ]);
  });
});
