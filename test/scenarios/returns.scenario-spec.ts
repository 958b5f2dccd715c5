import fc from 'fast-check';
import { Stage, type Member, type Shop } from './stage.js';

/** A point takes 0.10 off the basket. */
const TENTH = { pointsOffBasket: { minorPerPoint: 10 } };

/** The table "Returns" of the behaviour that loyalty engines get wrong, row by row. */
describe('Returns', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.clock.set('2026-03-10T12:00:00+01:00'));

  it('start 200; the order earns 70 and spends 150 (120 left); full return: -70 and +150, 200', async () => {
    const shop = await stage.shop({ policy: TENTH });
    const member = await shop.member();
    await shop.buys(member, 200);
    const { id } = await shop.spends(member, 150, { mode: 'authorise' });
    const order = await shop.buys(member, 70, { redemptionIds: [id] });
    expect(order.balance).toMatchObject({ available: 120 });
    const { body } = await shop.returns(order);
    expect(body).toMatchObject({ pointsTaken: 70, redemptions: [{ id, points: 150 }] });
    expect(await shop.balance(member)).toMatchObject({ available: 200, held: 0, debt: 0, total: 200 });
  });

  it('order of 40: A 10 (bonus 10), B 10 (bonus 20), C 20 (no bonus), plus 1 per 1 = 70 points; return C: 20 taken back', async () => {
    const bonus = (category: string, points: number) => ({
      amount: { type: 'perUnit', points },
      lines: { includeCategories: [category] },
    });
    const shop = await stage.shop({
      rules: { base: {}, a: bonus('a', 10), b: bonus('b', 20) },
    });
    const member = await shop.member();
    const order = await shop.buys(member, [
      { minor: 1000, category: 'a' },
      { minor: 1000, category: 'b' },
      { minor: 2000, category: 'c' },
    ]);
    expect(order.pointsGranted).toBe(70);
    const { body } = await shop.returns(order, { lines: [{ lineNo: 3, quantity: '1' }] });
    expect(body.pointsTaken).toBe(20);
    expect(await shop.balance(member)).toMatchObject({ available: 50 });
  });

  it.each([
    ['doubles', { amount: { type: 'perSpend', points: 2, stepMinor: 100 } }],
    ['is deleted', { active: false }],
  ])('50 points for 50; then the rule %s; full return: 50', async (_, change) => {
    const shop = await stage.shop();
    const member = await shop.member();
    const order = await shop.buys(member, 50);
    const amount = { type: 'perSpend', points: 1, stepMinor: 100 };
    await shop.programme.rule('base', { amount, ...change });
    const { body } = await shop.returns(order);
    expect(body.pointsTaken).toBe(50);
    expect(await shop.balance(member)).toMatchObject({ available: 0, debt: 0 });
  });

  it('2 x 10, 20 points; return one, the other, and again: 10, 0, refused NOTHING_LEFT_TO_RETURN', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    const order = await shop.buys(member, [{ minor: 2000, quantity: '2' }]);
    expect(order.pointsGranted).toBe(20);
    const one = { lines: [{ lineNo: 1, quantity: '1' }] };
    expect((await shop.returns(order, one)).body.balance).toMatchObject({ available: 10 });
    expect((await shop.returns(order, one)).body.balance).toMatchObject({ available: 0 });
    const again = await shop.returns(order, one);
    expect([again.status, again.body.code]).toEqual([409, 'NOTHING_LEFT_TO_RETURN']);
  });

  describe('earned 100, spent 80, full return', () => {
    const after = async (returnPolicy: string) => {
      const shop = await stage.shop({ policy: { ...TENTH, returnPolicy } });
      const member = await shop.member();
      const order = await shop.buys(member, 100);
      await shop.spends(member, 80);
      const { body } = await shop.returns(order);
      return { shop, member, body };
    };

    it('`debt`: available 0, debt 80', async () => {
      const { body } = await after('debt');
      expect(body).toMatchObject({
        pointsTaken: 20,
        pointsFromDebtPolicy: { debt: 80, forgiven: 0, keepFromRefundMinor: 0 },
        balance: { available: 0, debt: 80 },
      });
    });

    it('`deductFromRefund`: 20 taken, the answer names the money to keep for 80 points', async () => {
      const { body } = await after('deductFromRefund');
      expect(body).toMatchObject({
        pointsTaken: 20,
        pointsFromDebtPolicy: { debt: 0, forgiven: 0, keepFromRefundMinor: 800 },
        balance: { available: 0, debt: 0 },
      });
    });

    it('`forgive`: 20 taken, 80 recorded as forgiven', async () => {
      const { body } = await after('forgive');
      expect(body).toMatchObject({
        pointsTaken: 20,
        pointsFromDebtPolicy: { debt: 0, forgiven: 80, keepFromRefundMinor: 0 },
        balance: { available: 0, debt: 0 },
      });
    });

    it('debt 80, then earns 100: 80 fill the debt, 20 available', async () => {
      const { shop, member } = await after('debt');
      const { pointsGranted, pointsToDebt, balance } = await shop.buys(member, 100);
      expect({ pointsGranted, pointsToDebt }).toEqual({ pointsGranted: 100, pointsToDebt: 80 });
      expect(balance).toMatchObject({ available: 20, debt: 0 });
    });
  });

  it("redemption reversed after its lots' expiry: points back with the original expiry, expired at once", async () => {
    const shop = await stage.shop({ policy: { expiry: { type: 'days', days: 10 } } });
    const member = await shop.member();
    await shop.buys(member, 100);
    const { id } = await shop.spends(member, 60);
    stage.clock.set('2026-04-10T12:00:00+02:00');
    const { body } = await shop.api.post(`/v1/redemptions/${id}/reverse`, {});
    expect(body).toMatchObject({ status: 'reversed', reversal: { points: 60, expired: 60 } });
    expect(await shop.balance(member)).toMatchObject({ available: 0, total: 0 });
    const [lot] = await shop.lots(member);
    expect(lot).toMatchObject({ expiresAt: '2026-03-20T23:00:00.000Z', redeemed: 0, expired: 100 });
  });

  describe('points that were sent to a member who lets them expire', () => {
    async function sent(): Promise<{ shop: Shop; buyer: Member; receiver: Member; order: { id: string } }> {
      const shop = await stage.shop({
        policy: { transfers: { expiry: 'keep', minimumPoints: 1 } },
        rules: { base: { expiry: { type: 'days', days: 1 } } },
      });
      const [buyer, receiver] = [await shop.member(), await shop.member()];
      const order = await shop.buys(buyer, 60);
      expect((await shop.transfers(buyer, receiver, 24)).status).toBe(201);
      stage.clock.advance({ hours: 72 });
      await shop.balance(receiver);
      await shop.buys(buyer, 50);
      return { shop, buyer, receiver, order: order as { id: string } };
    }

    it('were used by the buyer, and are owed', async () => {
      const { shop, buyer, order } = await sent();
      expect((await shop.returns(order)).body).toMatchObject({
        pointsTaken: 24,
        pointsFromDebtPolicy: { debt: 0 },
      });
      expect(await shop.balance(buyer)).toMatchObject({ available: 26, debt: 0 });
    });

    it.each([
      ['the buyer', false],
      ['a third, who turns out to be the buyer', true],
    ])('are gone when the receiver turns out to be %s', async (_, byWay) => {
      const { shop, buyer, receiver, order } = await sent();
      const third = await shop.member();
      const merges = byWay
        ? [
            [third, receiver],
            [buyer, third],
          ]
        : [[buyer, receiver]];
      for (const [survivor, duplicate] of merges)
        await shop.api.post(`/v1/members/${survivor?.id}/merge`, { duplicate: { id: duplicate?.id } });
      expect((await shop.returns(order)).body).toMatchObject({
        pointsTaken: 0,
        pointsFromDebtPolicy: { debt: 0 },
      });
      expect(await shop.balance(buyer)).toMatchObject({ available: 50, debt: 0 });
    });
  });

  it("return of an unknown receipt, or of another member's: refused", async () => {
    const shop = await stage.shop();
    const [buyer, other] = [await shop.member(), await shop.member()];
    const order = await shop.buys(buyer, 50);
    const unknown = await shop.returns({
      id: order.id.replace(/.$/, (last: string) => (last === '0' ? '1' : '0')),
    });
    expect([unknown.status, unknown.body.code]).toEqual([404, 'PURCHASE_NOT_FOUND']);
    const { externalId } = other;
    const stranger = await shop.returns(order, { whole: true, member: { externalId } });
    expect(stranger.status).toBe(404);
    expect(await shop.balance(buyer)).toMatchObject({ available: 50 });
  });

  describe('any random split of returns that adds up to 100 %', () => {
    /** A capped rule, a bonus for big baskets, a ladder and a reward of which there are ten. */
    const open = async (): Promise<Shop> => {
      const shop = await stage.shop({
        policy: TENTH,
        rules: {
          base: { limits: [{ period: 'month', points: 300 }] },
          big: { amount: { type: 'basketBonus', points: 25, minimumMinor: 8000 } },
        },
        tiers: {
          tiers: [
            { key: 'basic', name: 'Basic', threshold: 0 },
            { key: 'silver', name: 'Silver', threshold: 10_000 },
          ],
        },
      });
      await shop.programme.reward('bag', { points: 30, discountMinor: 500, stocked: true }, 10);
      return shop;
    };

    /** What the row compares; `cap` is what is left of the month's 300, asked by a dry run that writes nothing. */
    const measured = async (shop: Shop, member: Member) => {
      const { available, pending, held, debt, total } = await shop.balance(member);
      const { tier, progress } = await shop.standing(member);
      const { lines: liability } = await shop.get('/v1/finance/liability');
      const { data: rewards } = await shop.get('/v1/rewards');
      const basket = shop.receipt(member, [{ minor: 40_000 }]);
      const { pointsGranted: cap } = (await shop.api.post('/v1/purchases?dryRun=true', basket)).body;
      const stock = rewards.map(({ id, stock: left }: { id: string; stock: number }) => [id, left]);
      return { balance: { available, pending, held, debt, total }, tier, progress, liability, stock, cap };
    };

    it('leaves balance, debt, caps, stock, qualifying measures and liability as without the purchase', async () => {
      const shop = await open();
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
          fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 3 })), { maxLength: 5 }),
          fc.integer({ min: 0, max: 60 }),
          async (quantities, parts, spent) => {
            const member = await shop.member();
            await shop.buys(member, 90);
            if (spent > 0) await shop.spends(member, spent);
            const before = await measured(shop, member);
            expect(before.stock).toEqual([['bag', 10]]);

            const used = [{ points: 20 }, { rewardId: 'bag' }].map(async (body) => {
              return (await shop.redeems(member, { ...body, mode: 'authorise' })).body.id;
            });
            const goods = quantities.map((quantity) => ({
              minor: quantity * 2333,
              quantity: String(quantity),
            }));
            const [off, bag] = await Promise.all(used);
            const bagOnALine = [...goods, { minor: 0, redemptionId: bag }];
            const order = await shop.buys(member, bagOnALine, { redemptionIds: [off, bag] });
            const left = [...quantities];
            for (const [index, wish] of parts) {
              const quantity = Math.min(wish, left[index] ?? 0);
              if (quantity === 0 || left.reduce((sum, rest) => sum + rest, 0) === quantity) continue;
              left[index] = (left[index] ?? 0) - quantity;
              const { status } = await shop.returns(order, {
                lines: [{ lineNo: index + 1, quantity: String(quantity) }],
              });
              expect(status).toBe(201);
            }
            expect((await shop.returns(order)).status).toBe(201);
            expect(await measured(shop, member)).toEqual(before);
          },
        ),
        { numRuns: 12, seed: 20_260_310 },
      );
    });
  });
});
