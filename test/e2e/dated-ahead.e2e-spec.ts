import type { Answer } from '../harness/api-client.js';
import { runJob } from '../harness/run-job.js';
import { Shop, Stage, type Member } from '../scenarios/stage.js';

/** A till whose clock is so far ahead. */
const AHEAD_MS = 240_000;
const SECOND = 1000;

const ORDERED = {
  policy: { transfers: { expiry: 'keep' } },
  rules: {
    base: { lines: { excludeCategories: ['ordered'] } },
    ordered: {
      lines: { includeCategories: ['ordered'] },
      pending: { type: 'event', event: 'delivered', cancelAfterDays: 25 },
    },
  },
};

/**
 * Tills that are ahead of the server, and a clock of the server's that goes back. Whatever instant is asked for, the
 * books say what was there, and never less than nothing.
 */
describe('what is dated ahead', () => {
  let stage: Stage;
  let now: number;

  beforeAll(async () => {
    stage = await Stage.open();
  }, 60_000);
  afterAll(() => stage.close());
  beforeEach(() => setClock('2026-01-31T12:00:00+01:00'));

  function setClock(text: string): void {
    stage.clock.set(text);
    now = stage.clock.now();
  }

  const later = (ms: number) => new Date(now + ms).toISOString();
  const ahead = () => ({ occurredAt: later(AHEAD_MS) });
  const buysAhead = (shop: Shop, member: Member, category?: string) =>
    shop.buys(member, [{ minor: 10_000, ...(category ? { category } : {}) }], ahead());
  const returnsAhead = async (shop: Shop, purchase: { id: string }, body: object = { whole: true }) =>
    ok(await shop.returns(purchase, { ...body, ...ahead() }));

  /** Points given by hand: usable at once, though the desk's clock is ahead. */
  async function givesAhead(shop: Shop, { externalId }: Member): Promise<void> {
    await shop.programme.adjustmentReason('late-order', { direction: 'credit', origin: 'sale_compensation' });
    const credit = { points: 100, reason: 'late-order', origin: 'sale_compensation', ...ahead() };
    ok(await shop.api.post('/v1/adjustments', { member: { externalId }, ...credit }));
  }

  /** Looks at the books as of instants around now, and at all that checks them. */
  async function expectBooks(shop: Shop, before: number, after: number): Promise<void> {
    const liability = async (at: number) => {
      const asOf = encodeURIComponent(later(at));
      const { lines } = await shop.get(`/v1/finance/liability?asOf=${asOf}`);
      const { totals } = await shop.get(`/v1/finance/lots?asOf=${asOf}`);
      expect(await shop.get(`/v1/finance/tie-out?asOf=${asOf}`)).toMatchObject({
        ties: true,
        lines: [{ control: lines[0].gross, differingLots: 0, negativeFigures: 0 }],
      });
      expect({ at, ...totals }).toMatchObject({ outstanding: lines[0].points, liability: lines[0].gross });
      expect(lines[0].points === 0).toBe(lines[0].gross === '0.000000');
      return lines[0].points;
    };
    const instants = [-11 * SECOND, 0, 1, AHEAD_MS - 1, AHEAD_MS, AHEAD_MS + 1, 2 * AHEAD_MS];
    const found: Record<number, unknown> = {};
    for (const at of instants) found[at] = await liability(at);
    expect(found).toEqual(Object.fromEntries(instants.map((at) => [at, at < AHEAD_MS ? before : after])));
    await expectWhole(shop);
  }

  /** The listing of now goes through to its trailer, and all that is kept agrees. */
  async function expectWhole(shop: Shop): Promise<void> {
    const asOf = encodeURIComponent(later(0));
    for (const path of ['lots?format=csv', `lots?format=csv&asOf=${asOf}`]) {
      const { status, text } = await shop.api.get(`/v1/finance/${path}`);
      expect([path, status]).toEqual([path, 200]);
      expect(text.trimEnd().split('\r\n').at(-1)).toMatch(/^#control,rows=\d+,.*sha256=[0-9a-f]{64}/);
    }
    const { differences, clean } = await shop.get('/v1/admin/verify');
    expect({ differences, clean }).toEqual({ differences: [], clean: true });
  }

  it('is sold and returned at once', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    const sold = await buysAhead(shop, member);
    expect(await returnsAhead(shop, sold)).toMatchObject({ pointsTaken: 100, balance: { available: 0 } });
    await expectBooks(shop, 0, 0);
  });

  it('is returned in part at once, beside points that were there', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    await shop.buys(member, 60, { occurredAt: later(-3600 * SECOND) });
    const sold = await buysAhead(shop, member);
    await returnsAhead(shop, sold, { lines: [{ lineNo: 1, amountMinor: 3_000 }] });
    await expectBooks(shop, 60, 130);
  });

  it('waits until it is there, and fills a debt then', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    const sold = await shop.buys(member, 80);
    await shop.spends(member, 80);
    expect(ok(await shop.returns(sold))).toMatchObject({ balance: { available: 0, debt: 80 } });
    expect(await buysAhead(shop, member)).toMatchObject({
      pointsToDebt: 0,
      balance: { available: 0, pending: 100, debt: 80 },
    });
    expect(await shop.redeems(member, { points: 1 })).toMatchObject({ status: 422 });
    await expectBooks(shop, 0, 100);
    stage.clock.advance({ minutes: 4 });
    await stage.runJobs();
    expect(await shop.balance(member)).toMatchObject({ available: 20, pending: 0, debt: 0 });
    await expectBooks(shop, 0, 20);
  });

  it('crosses a month’s end: January closes with what was there', async () => {
    setClock('2026-01-31T23:58:00+01:00');
    const shop = await stage.shop();
    const member = await shop.member();
    await shop.buys(member, 60, { occurredAt: '2026-01-20T12:00:00+01:00' });
    await returnsAhead(shop, await buysAhead(shop, member));
    await expectBooks(shop, 60, 60);
    const books = async () => {
      const { months } = await shop.get('/v1/finance/roll-forward?from=2026-01&to=2026-02');
      const rows = (months as Answer['body'][]).map(({ rows: all }) =>
        Object.fromEntries(all.map(({ row, points }: Answer['body']) => [row, points])),
      );
      const [january] = (await shop.get('/v1/finance/liability?asOf=2026-01-31')).lines;
      return [...rows, january.points];
    };
    const expected = [
      expect.objectContaining({ opening: 0, earned_purchase: 60, returned: 0, closing: 60 }),
      expect.objectContaining({ opening: 60, earned_purchase: 100, returned: -100, closing: 60 }),
      60,
    ];
    expect(await books()).toEqual(expected);
    setClock('2026-02-02T09:00:00+01:00');
    expect(await books()).toEqual(expected);
    await expectWhole(shop);
  });

  it('is an adjustment, and redeemed at once', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    await givesAhead(shop, member);
    expect(await shop.spends(member, 70)).toMatchObject({ balance: { available: 30 } });
    await expectBooks(shop, 0, 30);
  });

  it('is a delivery, and redeemed at once', async () => {
    const shop = await stage.shop(ORDERED);
    const member = await shop.member();
    const { id } = await shop.buys(member, [{ minor: 10_000, category: 'ordered' }]);
    const delivered = await shop.api.post(`/v1/purchases/${id}/events`, { type: 'delivered', ...ahead() });
    expect(ok(delivered)).toMatchObject({ activated: [{ points: 100 }] });
    await shop.spends(member, 40);
    await expectBooks(shop, 0, 60);
  });

  it('is sent to another member, who spends it at once', async () => {
    const shop = await stage.shop(ORDERED);
    const [giver, taker] = [await shop.member(), await shop.member()];
    await givesAhead(shop, giver);
    ok(await shop.transfers(giver, taker, 60));
    await shop.spends(taker, 50);
    await expectBooks(shop, 0, 50);
  });

  it('is brought into a household, and spent from there at once', async () => {
    const shop = await stage.shop(ORDERED);
    const [head, adult] = [await shop.member(), await shop.member()];
    await givesAhead(shop, adult);
    await buysAhead(shop, adult);
    const made = ok(await shop.api.post('/v1/households', { name: 'The Nowaks', head: { id: head.id } }));
    const { externalId } = adult;
    ok(await shop.api.post(`/v1/households/${made.id}/members`, { member: { externalId }, role: 'adult' }));
    expect(await shop.spends(head, 30)).toMatchObject({ balance: { available: 70, pending: 100 } });
    await expectBooks(shop, 0, 170);
    ok(await shop.api.post(`/v1/households/${made.id}/members/${adult.id}/leave`, { split: 'own' }));
    expect(await shop.balance(adult)).toMatchObject({ available: 70, pending: 100 });
    await expectBooks(shop, 0, 170);
  });

  describe('by a clock of the server’s that is set back', () => {
    const behind = async (result: string) => {
      const { text } = await stage.engine.api.get('/metrics');
      const found = new RegExp(`^laurel_clock_behind_total\\{result="${result}"\\} (\\d+)$`, 'm').exec(text);
      return Number(found?.[1] ?? 0);
    };

    it('by ten seconds: what is on record holds until the clock has caught up', async () => {
      const shop = await stage.shop();
      const member = await shop.member();
      const recordedAt = later(0);
      const sold = await shop.buys(member, 100);
      const held = await behind('held');
      stage.clock.advance({ seconds: -10 });
      const spent = await shop.spends(member, 30);
      expect(spent).toMatchObject({ balance: { available: 70 } });
      expect(ok(await shop.returns(sold, { whole: true, occurredAt: recordedAt }))).toMatchObject({
        recordedAt,
        balance: { available: 0, debt: 30 },
      });
      expect(await behind('held')).toBe(held + 2);
      const moved = await shop.movements(member);
      expect(moved.length).toBeGreaterThan(2);
      for (const movement of moved) expect(movement).toMatchObject({ occurredAt: recordedAt, recordedAt });
      const { lines } = await shop.get('/v1/finance/liability');
      expect(lines).toMatchObject([{ points: 0, gross: '0.000000' }]);
      await expectBooks(shop, 0, 0);
    });

    it('by two minutes: the account is refused, and right again afterwards', async () => {
      const shop = await stage.shop();
      const [member, other] = [await shop.member(), await shop.member()];
      const key = { 'Idempotency-Key': 'till-7' };
      const receipt = shop.receipt(member, [{ minor: 10_000 }]);
      const first = await shop.api.post('/v1/purchases', receipt, key);
      const refused = await behind('refused');
      stage.clock.advance({ minutes: -2 });

      const answers = [
        await shop.redeems(member, { points: 30 }),
        await shop.api.post('/v1/purchases?dryRun=true', shop.receipt(member, [{ minor: 100 }])),
        await shop.transfers(other, member, 1),
      ];
      for (const { status, headers, body } of answers)
        expect([status, headers.get('retry-after'), body.code]).toEqual([503, '1', 'CLOCK_BEHIND']);
      expect(await behind('refused')).toBe(refused + answers.length);
      // What was answered is answered again, and other accounts go on.
      const again = await shop.api.post('/v1/purchases', receipt, key);
      expect([again.status, again.body]).toEqual([200, first.body]);
      await shop.buys(other, 10);
      expect(await shop.balance(member)).toMatchObject({ available: 100 });
      await expectWhole(shop);

      stage.clock.advance({ minutes: 2 });
      await shop.spends(member, 30);
      expect(await shop.balance(member)).toMatchObject({ available: 70 });
      expect((await shop.get('/v1/finance/liability')).lines).toMatchObject([{ points: 80 }]);
      await expectWhole(shop);
    });

    it('by a day that is anchored: nothing comes to that day any more', async () => {
      setClock('2026-02-02T12:00:00+01:00');
      const shop = await stage.shop();
      const [member, quiet] = [await shop.member(), await shop.member()];
      await shop.buys(member, 100);
      stage.clock.set('2026-02-03T00:11:00+01:00');
      for (let look = 0; look < 2; look += 1) await runJob(stage.engine.engine.app, 'anchors');
      const { anchors: made, clean } = await shop.get('/v1/admin/verify');
      expect([made, clean]).toEqual([1, true]);

      stage.clock.set('2026-02-02T18:00:00+01:00');
      for (const who of [member, quiet]) {
        const { status, body } = await shop.api.post('/v1/purchases', shop.receipt(who, [{ minor: 5_000 }]));
        expect([status, body.code]).toEqual([503, 'CLOCK_BEHIND']);
      }
      // A member of that hour has an account without a record, and belongs to the programme.
      const enrolled = await shop.api.post('/v1/members', { externalId: 'late' });
      expect(enrolled.status).toBe(201);
      const bought = await shop.api.post('/v1/purchases', shop.receipt(enrolled.body, [{ minor: 5_000 }]));
      expect([bought.status, bought.body.code]).toEqual([503, 'CLOCK_BEHIND']);
      await expectWhole(shop);

      // A minute before midnight it is near enough, and written as of midnight.
      stage.clock.set('2026-02-02T23:59:30+01:00');
      expect(await shop.buys(member, 50)).toMatchObject({ recordedAt: '2026-02-02T23:00:00.000Z' });
      stage.clock.set('2026-02-03T12:00:00+01:00');
      await shop.buys(quiet, 20);
      expect(await shop.get('/v1/admin/verify')).toMatchObject({ anchors: 1, differences: [], clean: true });
    });
  });

  it('is told as of an instant to the member, too', async () => {
    const shop = await stage.shop();
    const member = await shop.member();
    await givesAhead(shop, member);
    await shop.spends(member, 40);
    const balance = async (at: number) =>
      shop.get(`/v1/members/${member.id}/balance?asOf=${encodeURIComponent(later(at))}`);
    expect(await balance(AHEAD_MS - 1)).toMatchObject({
      available: 0,
      lifetimeEarned: 0,
      lifetimeRedeemed: 0,
    });
    expect(await balance(AHEAD_MS)).toMatchObject({
      available: 60,
      lifetimeEarned: 100,
      lifetimeRedeemed: 40,
    });
    expect(await shop.balance(member)).toMatchObject({ available: 60 });
  });
});

function ok(answer: Answer): Answer['body'] {
  if (answer.status > 201) throw new Error(answer.text);
  return answer.body;
}
