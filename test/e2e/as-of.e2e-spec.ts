import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

type Moment = Readonly<Record<string, string>>;

const at = (day: string, time = '12:00:00') => `2026-${day}T${time}+08:00`;

/**
 * A spring of late receipts, returns, redemptions, deliveries, transfers and expiries. At every stop of the clock
 * everything is asked as it is, and as it is thought to have been, or to become, at other moments. Months later the
 * same questions, asked for what had happened by the one as far as it was known by the other, must have the very
 * same answers.
 */
describe('as of an instant, as far as it was known by another', () => {
  let engine: TestEngine;
  const clock = new MovingClock();
  const get = async (path: string) => {
    const { status, body } = await engine.api.get(path);
    expect([path, status]).toEqual([path, 200]);
    return body;
  };
  const post = async (path: string, body: object) => {
    const answer = await engine.api.post(path, body);
    if (answer.status > 202) throw new Error(`${path}: ${answer.text}`);
    return answer.body;
  };

  const members = new Map<string, string>();
  const purchases = new Map<string, string>();
  const redemptions = new Map<string, string>();
  const buys = async (
    name: string,
    occurredAt: string,
    member: string,
    amountMinor: number,
    category = 'x',
  ) => {
    const lines = [line({ amountMinor, taxMinor: 0, category })];
    const bought = receipt({ member: { externalId: member }, occurredAt, lines });
    purchases.set(name, (await post('/v1/purchases', bought)).id);
  };
  const returns = (name: string, occurredAt: string, what: object = { whole: true }) =>
    post(`/v1/purchases/${purchases.get(name)}/returns`, {
      source: 'store-1',
      receiptNo: `RT-${name}-${clock.now()}`,
      occurredAt,
      ...what,
    });
  const redeems = async (name: string, member: string, points: number, mode = 'capture') => {
    const wanted = { member: { externalId: member }, points, mode };
    const hold = mode === 'authorise' ? { holdSeconds: 86_400 } : {};
    redemptions.set(name, (await post('/v1/redemptions', { ...wanted, ...hold })).id);
  };
  const sends = (from: string, to: string, points: number) =>
    post('/v1/transfers', { from: { externalId: from }, to: { externalId: to }, points });
  const extendsLots = async (member: string, expiringBy: string, expiresAt: string) =>
    post(`/v1/members/${members.get(member)}/lots/extend`, { reason: 'patience', expiringBy, expiresAt });

  /** What happens at each stop, in the order of the clock. */
  const STOPS: readonly (readonly [at: string, happen: () => Promise<unknown>])[] = [
    [
      at('03-02'),
      async () => {
        await buys('first', at('03-02', '11:00:00'), 'A-1', 200_000);
        await buys('ordered', at('03-02', '11:30:00'), 'A-1', 90_000, 'ordered');
        await buys('forgotten', at('03-02', '11:40:00'), 'B-2', 70_000, 'ordered');
        await buys('club', at('03-01'), 'B-2', 60_000, 'club');
      },
    ],
    [
      at('03-09', '18:00:00'),
      async () => {
        await buys('lapsing', at('02-10'), 'A-1', 50_000);
        await buys('second', at('03-09', '17:00:00'), 'A-1', 400_000);
        await buys('other', at('03-08', '17:00:00'), 'B-2', 100_000);
        await redeems('held', 'A-1', 60, 'authorise');
      },
    ],
    [
      at('03-10', '10:00:00'),
      async () => {
        await post(`/v1/redemptions/${redemptions.get('held')}/capture`, { points: 45 });
        await redeems('spent', 'B-2', 80);
        await post(`/v1/purchases/${purchases.get('ordered')}/events`, {
          type: 'delivered',
          occurredAt: at('03-08'),
        });
        await extendsLots('A-1', at('04-09', '23:59:59'), at('06-30'));
      },
    ],
    [
      at('03-25', '08:00:00'),
      async () => {
        await returns('first', at('03-19', '20:00:00'), { lines: [{ lineNo: 1, amountMinor: 80_000 }] });
        await sends('A-1', 'B-2', 130);
        // More than is left of it was spent.
        await returns('other', at('03-24'));
      },
    ],
    [
      at('04-03', '15:00:00'),
      async () => {
        await buys('late', at('03-06'), 'A-1', 150_000);
        await redeems('rest', 'B-2', 60);
        await returns('club', at('04-03', '14:00:00'));
        await post(`/v1/redemptions/${redemptions.get('spent')}/reverse`, { points: 20 });
      },
    ],
    [at('04-20'), () => returns('second', at('04-20', '11:00:00'))],
  ];
  const LOOKED_AT = [at('03-02'), at('03-08', '23:59:59'), at('03-10', '10:00:00'), at('03-31'), at('05-10')];
  const DAYS = ['2026-03-09', '2026-04-01'];

  const plus = (path: string, moment: Moment) => `${path}?${new URLSearchParams(moment).toString()}`;

  /** Everything there is to ask, as of a moment or as it is. */
  async function everything(moment: Moment): Promise<Record<string, unknown>> {
    const paths = [...members].flatMap(([name, id]) =>
      ['/balance', '/lots', '/movements', '/standing'].map(
        (what) => [`${name} ${what}`, `/v1/members/${id}${what}`] as const,
      ),
    );
    const answers = await Promise.all(
      paths.map(async ([name, path]) => [name, await get(plus(path, moment))] as const),
    );
    return { ...Object.fromEntries(answers), ...(await books(moment)) };
  }

  async function books(moment: Moment): Promise<Record<string, unknown>> {
    const answers = await Promise.all(
      ['liability', 'tie-out', 'lots'].map(async (what) => {
        const { knownAt: _, ...answer } = await get(plus(`/v1/finance/${what}`, moment));
        if (what === 'tie-out') expect({ moment, ...answer }).toMatchObject({ ties: true });
        return [what, answer] as const;
      }),
    );
    return Object.fromEntries(answers);
  }

  const live: {
    readonly at: string;
    readonly now: Record<string, unknown>;
    readonly then: readonly (readonly [asOf: string, answer: Record<string, unknown>])[];
    readonly days: readonly (readonly [asOf: string, answer: Record<string, unknown>])[];
  }[] = [];

  beforeAll(async () => {
    clock.set('2026-01-01T00:00:00Z');
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({
      expiry: { type: 'months', months: 1 },
      returnPolicy: 'debt',
      transfers: { expiry: 'keep' },
    });
    const goes = (includeCategories: string[]) => ({ lines: { includeCategories } });
    await programme.rule('base', goes(['x']));
    const delivered = { type: 'event', event: 'delivered', thenDays: 3, cancelAfterDays: 40 };
    await programme.rule('ordered', { ...goes(['ordered']), pending: delivered });
    await programme.rule('club', { ...goes(['club']), expiry: { type: 'sliding', days: 45 } });
    await programme.tiers({
      window: { type: 'rolling', days: 30 },
      tiers: [
        { key: 'basic', name: 'Basic', threshold: 0 },
        { key: 'silver', name: 'Silver', threshold: 250_000 },
        { key: 'gold', name: 'Gold', threshold: 600_000 },
      ],
    });
    const reason = '/v1/adjustment-reasons/patience';
    await engine.api.put(`${reason}/draft`, { name: 'Patience', direction: 'credit', origin: 'goodwill' });
    const from = { effectiveAt: '2020-01-01T00:00:00Z', retroactive: true };
    await engine.api.second?.post(`${reason}/publish`, from);
    for (const externalId of ['A-1', 'B-2']) {
      members.set(externalId, (await post('/v1/members', { externalId })).id);
    }
    for (const [instant, happen] of STOPS) {
      clock.set(instant);
      await happen();
      // Settles what is due, as any look at the books does.
      await get('/v1/finance/liability');
      const then = [];
      for (const asOf of LOOKED_AT) then.push([asOf, await everything({ asOf })] as const);
      const days = [];
      for (const asOf of DAYS) days.push([asOf, await books({ asOf })] as const);
      live.push({ at: instant, now: await everything({}), then, days });
    }
    clock.set('2026-08-01T00:00:00+08:00');
    await get('/v1/finance/liability');
  }, 120_000);
  afterAll(() => engine.close());

  it.each(STOPS.map(([stop]) => stop))('answers what it answered on %s, for then', async (stop) => {
    const told = live.find((one) => one.at === stop);
    expect(await everything({ asOf: stop, knownAt: stop })).toEqual(told?.now);
  });

  it.each(STOPS.map(([stop]) => stop))(
    'answers what it answered on %s, for other moments',
    async (knownAt) => {
      const told = live.find((one) => one.at === knownAt);
      for (const [asOf, answer] of told?.then ?? []) {
        expect({ asOf, answer: await everything({ asOf, knownAt }) }).toEqual({ asOf, answer });
      }
      for (const [asOf, answer] of told?.days ?? []) {
        expect({ asOf, answer: await books({ asOf, knownAt }) }).toEqual({ asOf, answer });
      }
    },
  );

  it('has something to tell: knowledge and time make a difference', async () => {
    const [first, second] = STOPS.map(([stop]) => stop);
    const asOf = at('03-08', '23:59:59');
    const [before, after] = [
      await everything({ asOf, knownAt: first as string }),
      await everything({ asOf }),
    ];
    for (const what of [
      'A-1 /balance',
      'A-1 /lots',
      'A-1 /movements',
      'A-1 /standing',
      'liability',
      'lots',
    ]) {
      expect({ what, answer: before[what] }).not.toEqual({ what, answer: after[what] });
    }
    const months = async (moment: Moment) =>
      (await get(plus('/v1/finance/roll-forward', { from: '2026-02', to: '2026-04', ...moment }))).months;
    expect(await months({ knownAt: second as string })).not.toEqual(await months({}));
    const id = members.get('A-1') as string;
    const moment = { asOf, knownAt: first as string };
    expect(await get(plus(`/v1/members/${id}`, moment))).toMatchObject({
      balance: before['A-1 /balance'],
      standing: before['A-1 /standing'],
    });
  });

  it('tells the waiting and the first end of lots that have other terms by now', async () => {
    const id = members.get('A-1') as string;
    const lots = async (moment: Moment) => (await get(plus(`/v1/members/${id}/lots`, moment))).data;
    const knownAt = STOPS[0]?.[0] as string;
    expect(await lots({ knownAt })).toMatchObject([
      { available: 200, awaits: null, expiresAt: '2026-04-02T16:00:00.000Z' },
      { undelivered: 90, awaits: { event: 'delivered', thenDays: 3 }, expiresAt: null },
    ]);
    expect((await lots({})).slice(0, 2)).toMatchObject([
      { available: 0, awaits: null, expiresAt: '2026-06-30T16:00:00.000Z' },
      { undelivered: 0, awaits: null, expiresAt: '2026-04-12T16:00:00.000Z' },
    ]);
  });

  it('lists what was transferred once, from the transfer on', async () => {
    const sent = STOPS[3]?.[0] as string;
    const before = await get(plus('/v1/finance/lots', { asOf: at('03-20') }));
    const after = await get(plus('/v1/finance/lots', { asOf: sent }));
    const children = (listing: { data: { parentLotId: string | null }[] }) =>
      listing.data.filter(({ parentLotId }) => parentLotId !== null).length;
    expect([children(before), children(after) > 0]).toEqual([0, true]);
    expect(after.totals).toMatchObject({ points: before.totals.points, moved: 130 });
    const { points, outstanding, undelivered, redeemed, expired, returned, settled, cancelled } =
      after.totals;
    expect(points).toBe(outstanding + undelivered + redeemed + expired + returned + settled + cancelled);
  });

  it('takes knownAt alone for what is so now, as far as it was known then', async () => {
    const id = members.get('A-1') as string;
    const knownAt = STOPS[0]?.[0] as string;
    const alone = await get(plus(`/v1/members/${id}/balance`, { knownAt }));
    expect(alone).toEqual(
      await get(plus(`/v1/members/${id}/balance`, { asOf: '2026-08-01T00:00:00+08:00', knownAt })),
    );
    // Nobody had foreseen by then that the points would expire.
    expect(alone).toMatchObject({ available: 200, pending: 90 });
  });

  it.each([
    'members/mbr_x/balance?knownAt=yesterday',
    'finance/liability?knownAt=2026-03-01',
    'finance/lots?knownAt=soon',
    'finance/roll-forward?from=2026-01&to=2026-01&knownAt=1',
  ])('refuses %s', async (path) => {
    expect((await engine.api.get(`/v1/${path}`)).status).toBe(422);
  });

  it('verifies clean at the end of it', async () => {
    const report = await get('/v1/admin/verify');
    expect(report).toMatchObject({ differences: [], clean: true, members: 2, receipts: 8 });
  });
});
