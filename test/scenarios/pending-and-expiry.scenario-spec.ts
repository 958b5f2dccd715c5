import { Stage, type Member, type Shop } from './stage.js';

/** The table "Pending and expiry" of the behaviour that loyalty engines get wrong, row by row. */
describe('Pending and expiry', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const available = async (shop: Shop, member: Member, at: string): Promise<number> => {
    stage.clock.set(at);
    return (await shop.balance(member)).available;
  };

  it('expiry 1 month, earned 25 January: usable through 25 February 23:59:59', async () => {
    const shop = await stage.shop({ policy: { expiry: { type: 'months', months: 1 } } });
    const member = await shop.member();
    stage.clock.set('2026-01-25T15:00:00+01:00');
    await shop.buys(member, 100);
    expect(await available(shop, member, '2026-02-25T23:59:59+01:00')).toBe(100);
    expect(await available(shop, member, '2026-02-26T00:00:00+01:00')).toBe(0);
  });

  it('expiry 1 month, earned 31 January 2026: through 28 February', async () => {
    const shop = await stage.shop({ policy: { expiry: { type: 'months', months: 1 } } });
    const member = await shop.member();
    stage.clock.set('2026-01-31T15:00:00+01:00');
    await shop.buys(member, 100);
    expect(await available(shop, member, '2026-02-28T23:59:59+01:00')).toBe(100);
    expect(await available(shop, member, '2026-03-01T00:00:00+01:00')).toBe(0);
  });

  it.each(['2026-01-01T00:00:00+01:00', '2026-01-17T12:00:00+01:00', '2026-01-31T23:59:59+01:00'])(
    '1 month, rounded up to the end of the month, earned any day in January (%s): through 28 February',
    async (earned) => {
      const shop = await stage.shop({
        policy: { expiry: { type: 'endOf', unit: 'month', after: { months: 1 } } },
      });
      const member = await shop.member();
      stage.clock.set(earned);
      await shop.buys(member, 100);
      expect(await available(shop, member, '2026-02-28T23:59:59+01:00')).toBe(100);
      expect(await available(shop, member, '2026-03-01T00:00:00+01:00')).toBe(0);
    },
  );

  it('pending 10 days, then 1 month: the month counts from activation', async () => {
    const shop = await stage.shop({
      policy: { pending: { type: 'days', days: 10 }, expiry: { type: 'months', months: 1 } },
    });
    const member = await shop.member();
    stage.clock.set('2026-01-05T09:00:00+01:00');
    await shop.buys(member, 100);
    expect(await available(shop, member, '2026-01-15T23:59:59+01:00')).toBe(0);
    expect(await shop.balance(member)).toMatchObject({ pending: 100, total: 100 });
    expect(await available(shop, member, '2026-01-16T00:00:00+01:00')).toBe(100);
    expect(await available(shop, member, '2026-02-16T23:59:59+01:00')).toBe(100);
    expect(await available(shop, member, '2026-02-17T00:00:00+01:00')).toBe(0);
  });

  it('lots 100 expiring 2027-06-01 and 100 expiring 2027-01-01; spend 100: the January lot is empty', async () => {
    const until = (category: string, date: string) => ({
      lines: { includeCategories: [category] },
      expiry: { type: 'fixedDate', date },
    });
    const shop = await stage.shop({
      rules: { june: until('june', '2027-06-01'), january: until('january', '2027-01-01') },
    });
    const member = await shop.member();
    stage.clock.set('2026-03-10T12:00:00+01:00');
    await shop.buys(member, [{ minor: 10_000, category: 'june' }]);
    await shop.buys(member, [{ minor: 10_000, category: 'january' }]);
    await shop.spends(member, 100);
    const left = (await shop.lots(member)).map(({ rule, available: points, redeemed }) => [
      rule.id,
      points,
      redeemed,
    ]);
    expect(left.toSorted()).toEqual([
      ['january', 0, 100],
      ['june', 100, 0],
    ]);
  });

  it('expiry job twice; lot already spent: one closing movement per lot, nothing twice', async () => {
    const shop = await stage.shop({ policy: { expiry: { type: 'days', days: 30 } } });
    const member = await shop.member();
    stage.clock.set('2026-03-10T12:00:00+01:00');
    await shop.buys(member, 100);
    await shop.spends(member, 100);
    await shop.buys(member, 40);
    stage.clock.set('2026-05-01T03:00:00+02:00');
    await stage.runJobs();
    await stage.runJobs();
    const closing = (await shop.movements(member)).filter(({ to }) => to === 'redeemed' || to === 'expired');
    expect(closing.map(({ to, points }) => [to, points])).toEqual([
      ['redeemed', 100],
      ['expired', 40],
    ]);
    expect(new Set(closing.map(({ lotId }) => lotId)).size).toBe(2);
  });

  it('earn 100 (30 days), spend 100, earn 50 (no expiry); day 31: balance 50', async () => {
    const shop = await stage.shop({
      policy: { expiry: { type: 'never' } },
      rules: {
        short: { lines: { includeCategories: ['short'] }, expiry: { type: 'days', days: 30 } },
        base: { lines: { excludeCategories: ['short'] } },
      },
    });
    const member = await shop.member();
    stage.clock.set('2026-03-10T12:00:00+01:00');
    await shop.buys(member, [{ minor: 10_000, category: 'short' }]);
    await shop.spends(member, 100);
    await shop.buys(member, 50);
    stage.clock.set('2026-04-10T12:00:00+02:00');
    await stage.runJobs();
    expect(await shop.balance(member)).toMatchObject({ available: 50, total: 50, debt: 0 });
  });

  it('earn on 2026-03-29 01:30Z, 1 day: last usable second 2026-03-30T21:59:59Z', async () => {
    const shop = await stage.shop({ policy: { expiry: { type: 'days', days: 1 } } });
    const member = await shop.member();
    stage.clock.set('2026-03-29T01:30:00Z');
    await shop.buys(member, 100);
    expect(await available(shop, member, '2026-03-30T21:59:59Z')).toBe(100);
    expect(await available(shop, member, '2026-03-30T22:00:00Z')).toBe(0);
  });

  it('hold 100 at 23:00 on lots expiring 23:59, capture at 00:30: captured; without the hold POINTS_EXPIRED', async () => {
    const shop = await stage.shop({ policy: { expiry: { type: 'days', days: 1 } } });
    const [holder, other] = [await shop.member(), await shop.member()];
    stage.clock.set('2026-03-10T12:00:00+01:00');
    for (const member of [holder, other]) await shop.buys(member, 100);
    stage.clock.set('2026-03-11T23:00:00+01:00');
    const { id } = await shop.spends(holder, 100, { mode: 'authorise', holdSeconds: 7200 });
    stage.clock.set('2026-03-12T00:30:00+01:00');
    const captured = await shop.api.post(`/v1/redemptions/${id}/capture`);
    expect(captured.body).toMatchObject({ status: 'captured', points: 100 });
    const refused = await shop.redeems(other, { points: 100 });
    expect([refused.status, refused.body.code]).toEqual([422, 'POINTS_EXPIRED']);
  });
});
