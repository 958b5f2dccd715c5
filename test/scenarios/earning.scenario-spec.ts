import { Stage } from './stage.js';

/** The table "Earning" of the behaviour that loyalty engines get wrong, row by row. */
describe('Earning', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.clock.set('2026-03-10T12:00:00+01:00'));

  it('1 point per 10, spend 105: 10 (floor)', async () => {
    const shop = await stage.shop({
      rules: { base: { amount: { type: 'perSpend', points: 1, stepMinor: 1000 } } },
    });
    expect((await shop.buys(await shop.member(), 105)).pointsGranted).toBe(10);
  });

  it.each([
    [4, 6],
    [5, 7],
  ])('base %i points, multiplier "1.5": %i', async (base, points) => {
    const shop = await stage.shop({ rules: { base: { multiplier: '1.5' } } });
    expect((await shop.buys(await shop.member(), base)).pointsGranted).toBe(points);
  });

  it('four coffees at 3, one free through a reward; 1 point a coffee: 3, the rewarded unit earns nothing', async () => {
    const shop = await stage.shop({ rules: { coffee: { amount: { type: 'perUnit', points: 1 } } } });
    await shop.programme.reward('coffee', { points: 5, discountMinor: 300 });
    const member = await shop.member();
    await shop.buys(member, [{ minor: 1500, quantity: '5' }]);
    const { body: free } = await shop.redeems(member, { rewardId: 'coffee', mode: 'authorise' });
    const order = await shop.buys(member, [{ minor: 900, quantity: '4', rewardedQuantity: '1' }], {
      redemptionIds: [free.id],
    });
    expect(order.pointsGranted).toBe(3);
    expect(order.balance).toMatchObject({ available: 3, held: 0 });
  });

  it('products 50 + 20, coupon 10, 1 point per 1 after discount: 60', async () => {
    const shop = await stage.shop();
    // The coupon is spread over the lines by the till: a line is what the customer pays for it.
    const { pointsGranted } = await shop.buys(await shop.member(), [{ minor: 4286 }, { minor: 1714 }]);
    expect(pointsGranted).toBe(60);
  });

  it('balance 3, order earns 1, reward in the same order needs 5: the whole order is refused, nothing is written', async () => {
    const shop = await stage.shop();
    await shop.programme.reward('mug', { points: 5 });
    const member = await shop.member();
    await shop.buys(member, 3);
    const before = await shop.movements(member);
    const wanted = await shop.redeems(member, { rewardId: 'mug', mode: 'authorise' });
    expect([wanted.status, wanted.body.code]).toEqual([422, 'INSUFFICIENT_POINTS']);
    // Three of the five are set aside and given back; the order still names them.
    const { id } = await shop.spends(member, 3, { mode: 'authorise' });
    await shop.api.post(`/v1/redemptions/${id}/void`);
    const order = shop.receipt(member, [{ minor: 100 }], { redemptionIds: [id] });
    const refused = await shop.api.post('/v1/purchases', order);
    expect([refused.status, refused.body.code]).toEqual([409, 'REDEMPTION_NOT_AUTHORISED']);
    expect(await shop.balance(member)).toMatchObject({ available: 3, total: 3, lifetimeEarned: 3 });
    expect((await shop.movements(member)).slice(before.length).map(({ from, to }) => [from, to])).toEqual([
      ['available', 'held'],
      ['held', 'available'],
    ]);
  });

  it('cap: balance at most 1,000; available 900, pending 50; earn 100: 50 granted, the trace says which cap', async () => {
    const shop = await stage.shop({
      policy: { maximumBalance: 1000 },
      rules: {
        base: { lines: { excludeCategories: ['preorder'] } },
        later: { lines: { includeCategories: ['preorder'] }, pending: { type: 'days', days: 14 } },
      },
    });
    const member = await shop.member();
    await shop.buys(member, [{ minor: 90_000 }, { minor: 5000, category: 'preorder' }]);
    expect(await shop.balance(member)).toMatchObject({ available: 900, pending: 50 });
    const order = shop.receipt(member, [{ minor: 10_000 }]);
    const { body } = await shop.api.post('/v1/purchases?explain=true', order);
    expect(body.pointsGranted).toBe(50);
    expect(body.explanation).toContainEqual(
      expect.objectContaining({ points: 50, limitedBy: 'programme.maximumBalance' }),
    );
  });

  it('dry run, then the same for real: same figures; after the dry run ledger, caps and counters are untouched', async () => {
    const shop = await stage.shop({ rules: { base: { limits: [{ period: 'day', points: 80 }] } } });
    const member = await shop.member();
    const order = shop.receipt(member, [{ minor: 7000 }]);
    const dry = await shop.api.post('/v1/purchases?dryRun=true', order);
    expect([dry.status, dry.body.pointsGranted]).toEqual([200, 70]);
    expect(await shop.movements(member)).toEqual([]);
    expect(await shop.balance(member)).toMatchObject({ total: 0, lifetimeEarned: 0 });
    const real = await shop.api.post('/v1/purchases', order);
    expect([real.status, real.body.pointsGranted]).toEqual([201, 70]);
    expect(real.body.balance).toEqual(dry.body.balance);
    // Ten of the day's 80 are left: the dry run used none.
    expect((await shop.buys(member, 70)).pointsGranted).toBe(10);
  });

  it("suspended member's receipt: recorded, earns nothing, the reason in the answer", async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    await shop.api.post(`/v1/members/${member.id}/suspend`);
    const { id, pointsGranted, notices } = await shop.buys(member, 50);
    expect({ pointsGranted, notices }).toMatchObject({
      pointsGranted: 0,
      notices: [{ code: 'MEMBER_SUSPENDED' }],
    });
    expect((await shop.get(`/v1/purchases/${id}`)).id).toBe(id);
  });
});
