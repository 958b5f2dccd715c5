import { Stage, type Shop } from './stage.js';

/** IFRS 15 Example 52: a point is worth 1, of which 95 % are expected back; no tax. */
const EXAMPLE_52 = {
  accounting: { valuePerPoint: '1', redemptionProbability: '0.95', valueIncludesTax: false, taxRate: '0' },
  policy: { expiry: { type: 'never' }, pointsOffBasket: { minorPerPoint: 1 } },
};

interface Row {
  readonly row: string;
  readonly points: number;
  readonly gross: string;
}

/** Minor units, or units of the sub-ledger: the digits without the point. */
const units = (text: string): bigint => BigInt(text.replace('.', '') || '0');
const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

/** The table "Finance" of the behaviour that loyalty engines get wrong, row by row. */
describe('Finance', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.clock.set('2026-01-10T12:00:00+01:00'));

  const liability = async (shop: Shop) => (await shop.get('/v1/finance/liability')).lines[0].gross;
  /** What the general ledger has on the control account, in minor units of the currency. */
  const control = async (shop: Shop, to: string): Promise<bigint> => {
    const { lines } = await shop.get(`/v1/finance/journal?from=2026-01&to=${to}`);
    const own = lines.filter(({ accountRole }: { accountRole: string }) => accountRole === 'CL_POINTS');
    return sum(
      own.map(({ debit, credit }: { debit: string; credit: string }) => units(credit) - units(debit)),
    );
  };

  describe('IFRS 15 Example 52', () => {
    it('A01: of 100,000 the goods get 91,324 and 10,000 points 8,676', async () => {
      const shop = await stage.shop({
        ...EXAMPLE_52,
        currency: 'JPY',
        rules: { base: { amount: { type: 'perSpend', points: 1, stepMinor: 10 } } },
      });
      const { pointsGranted } = await shop.buys(await shop.member(), [{ minor: 100_000 }]);
      expect(pointsGranted).toBe(10_000);
      expect(await liability(shop)).toBe('8675.7991');
      expect(await control(shop, '2026-01')).toBe(8_676n);
    });

    it('A01b: at two digits 91,324.20 and 8,675.80', async () => {
      const shop = await stage.shop({
        ...EXAMPLE_52,
        rules: { base: { amount: { type: 'perSpend', points: 1, stepMinor: 1000 } } },
      });
      await shop.buys(await shop.member(), 100_000);
      expect(await liability(shop)).toBe('8675.799087');
      expect(await control(shop, '2026-01')).toBe(867_580n);
    });

    it('A02: the lot releases 3,904 for 4,500 points and 3,471 for the next 4,000; gross CL 4,772 and 1,301', async () => {
      const shop = await stage.shop({
        ...EXAMPLE_52,
        currency: 'JPY',
        rules: { base: { amount: { type: 'perSpend', points: 1, stepMinor: 10 } } },
      });
      const member = await shop.member();
      await shop.buys(member, [{ minor: 100_000 }]);
      stage.clock.set('2026-06-30T12:00:00+02:00');
      await shop.spends(member, 4_500);
      const first = await control(shop, '2026-06');
      stage.clock.set('2026-12-10T12:00:00+01:00');
      await shop.spends(member, 4_000);
      const second = await control(shop, '2026-12');
      expect([8_676n - first, first]).toEqual([3_904n, 4_772n]);
      expect([first - second, second]).toEqual([3_471n, 1_301n]);
    });
  });

  it('every period: opening + earned + adjusted - redeemed - expired - reversed = closing, in points and in money; equals the sum over lots', async () => {
    const shop = await stage.shop({
      policy: { expiry: { type: 'months', months: 2 }, pointsOffBasket: { minorPerPoint: 10 } },
    });
    await shop.programme.adjustmentReason('sorry', { direction: 'credit' });
    const [anna, ben] = [await shop.member(), await shop.member()];
    const first = await shop.buys(anna, 333);
    await shop.buys(ben, 77);
    const { id } = await shop.spends(anna, 101);
    stage.clock.set('2026-02-14T12:00:00+01:00');
    await shop.returns(first, { lines: [{ lineNo: 1, amountMinor: 12_300 }] });
    const adjustment = { member: { id: ben.id }, points: 55, reason: 'sorry' };
    expect((await shop.api.post('/v1/adjustments', adjustment)).status).toBe(201);
    await shop.buys(ben, 49);
    stage.clock.set('2026-03-05T12:00:00+01:00');
    await shop.api.post(`/v1/redemptions/${id}/reverse`, { points: 40 });
    await shop.spends(ben, 60);
    stage.clock.set('2026-04-20T12:00:00+02:00');

    const { months } = await shop.get('/v1/finance/roll-forward?from=2026-01&to=2026-04');
    expect(months).toHaveLength(4);
    let closing = { points: 0n, gross: 0n };
    for (const { period, rows } of months as { period: string; rows: Row[] }[]) {
      const figures = rows.map(({ points, gross }) => ({ points: BigInt(points), gross: units(gross) }));
      expect(figures[0]).toEqual(closing);
      const moved = figures.slice(0, -1);
      closing = figures.at(-1) as typeof closing;
      expect(closing).toEqual({
        points: sum(moved.map(({ points }) => points)),
        gross: sum(moved.map(({ gross }) => gross)),
      });
      const lastDay = { '2026-01': 31, '2026-02': 28, '2026-03': 31, '2026-04': 20 }[period];
      const { data } = await shop.get(`/v1/finance/lots?asOf=${period}-${lastDay}`);
      const lots = data as { outstanding: number; liability: string }[];
      expect({
        points: sum(lots.map(({ outstanding }) => BigInt(outstanding))),
        gross: sum(lots.map((lot) => units(lot.liability))),
      }).toEqual(closing);
    }
    const named = (months as { rows: Row[] }[]).flatMap(({ rows }) =>
      rows.filter(({ points }) => points !== 0),
    );
    expect(new Set(named.map(({ row }) => row))).toEqual(
      new Set([
        'opening',
        'earned_purchase',
        'earned_non_purchase',
        'returned',
        'redeemed',
        'redemption_reversed',
        'expired',
        'closing',
      ]),
    );
    expect((await shop.get('/v1/finance/tie-out')).ties).toBe(true);
  });
});
