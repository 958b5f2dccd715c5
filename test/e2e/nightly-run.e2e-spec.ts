import type { Answer } from '../harness/api-client.js';
import { ExpiryAnnouncer } from '../../src/ledger/index.js';
import { ApplyDue } from '../../src/ledger/index.js';
import { Shop, Stage, type Member } from '../scenarios/stage.js';

const TERMS = {
  policy: {
    expiry: { type: 'days', days: 20 },
    announceExpiryDays: 7,
    pointsOffBasket: { minorPerPoint: 10 },
  },
  rules: {
    fixed: { lines: { includeCategories: ['fixed'] } },
    sliding: { lines: { includeCategories: ['sliding'] }, expiry: { type: 'sliding', days: 30 } },
    waiting: {
      lines: { includeCategories: ['waiting'] },
      pending: { type: 'days', days: 10 },
      expiry: { type: 'days', days: 15 },
    },
    delivery: {
      lines: { includeCategories: ['delivery'] },
      pending: { type: 'event', event: 'delivered', cancelAfterDays: 25 },
    },
  },
};

/** Everything that falls due by itself, for four members who do nothing any more after 3 March. */
async function tellStory(stage: Stage, shop: Shop): Promise<readonly Member[]> {
  const buy = (member: Member, units: number, category: string) =>
    shop.buys(member, [{ minor: units * 100, category }]);
  stage.clock.set('2026-03-01T10:00:00+01:00');
  const [anna, ben, cleo, dan] = [
    await shop.member(),
    await shop.member(),
    await shop.member(),
    await shop.member(),
  ];
  for (const category of ['fixed', 'sliding', 'waiting', 'delivery']) await buy(anna, 100, category);
  // Held over the expiry of its lot; lapses on the 23rd.
  await buy(ben, 80, 'fixed');
  await shop.redeems(ben, { points: 30, mode: 'authorise', holdSeconds: 86_400 });
  // 60 spent, 100 returned: a debt of 60, which the waiting points fill on the 12th.
  const returned = await buy(cleo, 100, 'fixed');
  await shop.spends(cleo, 60);
  await shop.returns(returned);
  await buy(cleo, 200, 'waiting');
  stage.clock.set('2026-03-03T10:00:00+01:00');
  await buy(dan, 50, 'sliding');
  await buy(dan, 70, 'fixed');
  await shop.spends(dan, 20);
  return [anna, ben, cleo, dan];
}

/** What is known of a member, without what differs from one telling of the story to another. */
async function stateOf(shop: Shop, member: Member) {
  const lots = await shop.lots(member);
  const nth = new Map(lots.map(({ id }, index) => [id, index]));
  const movements = await shop.movements(member);
  return {
    balance: await shop.balance(member),
    lots: lots.map((lot) => {
      const { id, purchaseId, memberId, source, ...rest } = lot;
      return { no: nth.get(id), known: [purchaseId, memberId].length, source: source.type, ...rest };
    }),
    movements: movements.map(
      ({ sequence, lotId, from, to, points, liability, eventCode, cause, occurredAt, postingDate }) => ({
        ...{ sequence, from, to, points, liability, eventCode, occurredAt, postingDate },
        lot: nth.get(lotId) ?? null,
        cause: cause.type,
      }),
    ),
  };
}

/** Twelve members with so many lots each. */
async function twelveBuy(shop: Shop, lots: number): Promise<void> {
  for (let member = 0; member < 12; member += 1) {
    const buyer = await shop.member();
    for (let lot = 0; lot < lots; lot += 1) await shop.buys(buyer, [{ minor: 500, category: 'fixed' }]);
  }
}

describe('the nightly run', () => {
  let timely: Stage;
  let late: Stage;
  let shops: readonly [Shop, Shop];
  let members: readonly (readonly Member[])[];

  beforeAll(async () => {
    [timely, late] = [await Stage.open(), await Stage.open()];
    shops = [await timely.shop(TERMS), await late.shop(TERMS)];
    members = [await tellStory(timely, shops[0]), await tellStory(late, shops[1])];
    timely.clock.set('2026-03-04T00:00:00+01:00');
    for (let night = 0; night < 60; night += 1) {
      await timely.runJobs();
      timely.clock.advance({ days: 1 });
    }
    await timely.runJobs();
    late.clock.set(new Date(timely.clock.now()).toISOString());
    await late.runJobs();
  });
  afterAll(() => Promise.all([timely.close(), late.close()]));

  it.each([
    ['everything that waits, expires and slides', 0],
    ['a hold over an expiry', 1],
    ['a debt that waiting points fill', 2],
    ['points spent in between', 3],
  ])('leaves the same movements, lots and balances once at the end as night by night: %s', async (_, no) => {
    const states = await Promise.all(
      shops.map((shop, index) => stateOf(shop, members[index]?.[no] as Member)),
    );
    expect(states[0]?.movements.length).toBeGreaterThan(2);
    expect(states[1]).toEqual(states[0]);
  });

  it('has settled what the story is about', async () => {
    const codes = async (no: number) =>
      (await shops[1].movements(members[1]?.[no] as Member)).map(
        ({ from, to, points, occurredAt }) => `${from} > ${to} ${points} ${occurredAt.slice(0, 13)}`,
      );
    expect(await codes(0)).toEqual([
      'issued > available 100 2026-03-01T09',
      'issued > available 100 2026-03-01T09',
      'issued > pending 100 2026-03-01T09',
      'issued > undelivered 100 2026-03-01T09',
      'pending > available 100 2026-03-11T23',
      'available > expired 100 2026-03-21T23',
      'undelivered > cancelled 100 2026-03-26T23',
      'available > expired 100 2026-03-27T23',
      'available > expired 100 2026-03-31T22',
    ]);
    expect((await codes(2)).slice(-3)).toEqual([
      'pending > available 200 2026-03-11T23',
      'available > settled 60 2026-03-11T23',
      'available > expired 140 2026-03-27T23',
    ]);
  });

  it('leaves the same liability on every day', async () => {
    const days = Array.from({ length: 62 }, (_, index) =>
      new Date(Date.UTC(2026, 2, 1 + index)).toISOString().slice(0, 10),
    );
    const liabilities = await Promise.all(
      shops.map((shop) =>
        Promise.all(days.map(async (day) => (await shop.get(`/v1/finance/liability?asOf=${day}`)).lines)),
      ),
    );
    expect(new Set(liabilities[0]?.map((lines) => JSON.stringify(lines))).size).toBeGreaterThan(6);
    expect(liabilities[1]).toEqual(liabilities[0]);
  });

  it('changes nothing when it is run again', async () => {
    const before = await stateOf(shops[0], members[0]?.[0] as Member);
    expect(await timely.runJobs()).toBe(0);
    expect(await stateOf(shops[0], members[0]?.[0] as Member)).toEqual(before);
  });

  it('goes on where it was stopped between two pages', async () => {
    const shop = await late.shop(TERMS);
    late.clock.set('2026-06-01T10:00:00+02:00');
    await twelveBuy(shop, 1);
    late.clock.set('2026-07-01T10:00:00+02:00');
    const settle = late.engine.engine.app.get(ApplyDue);
    expect(await settle.all(AbortSignal.abort(), 5)).toBe(5);
    expect((await shop.get('/v1/finance/liability?asOf=2026-06-30')).lines).toMatchObject([{ points: 0 }]);
    expect(await settle.all()).toBe(0);
  });

  it('finishes when accounts have several lots that are due, so that no page is full', async () => {
    const shop = await late.shop(TERMS);
    await twelveBuy(shop, 3);
    late.clock.advance({ days: 30 });
    const settle = late.engine.engine.app.get(ApplyDue);
    expect(await settle.all(undefined, 10)).toBe(12);
  });

  it('tells on /metrics what it did and that nothing waits', async () => {
    const { text } = await shops[1].api.get('/metrics');
    expect(text).toMatch(/^laurel_due_accounts_total [1-9]/m);
    expect(text).toMatch(/^laurel_overdue_seconds 0$/m);
    const shop = await late.shop(TERMS);
    await shop.buys(await shop.member(), [{ minor: 500, category: 'fixed' }]);
    late.clock.advance({ days: 30 });
    const age = /^laurel_overdue_seconds (\d+)$/m.exec((await shop.api.get('/metrics')).text)?.[1];
    // Twenty days and the rest of the day on which they were granted.
    expect(Number(age)).toBeGreaterThan(8 * 86_400);
    expect(Number(age)).toBeLessThan(10 * 86_400);
  });
});

describe('what expires soon', () => {
  let stage: Stage;
  let shop: Shop;
  const announce = (signal?: AbortSignal, pageSize?: number) =>
    stage.engine.engine.app.get(ExpiryAnnouncer).announceDue(signal, pageSize);
  const told = async (): Promise<readonly Answer['body'][]> =>
    (await shop.get('/v1/events?limit=500')).data
      .filter(({ type }: Answer['body']) => type === 'points.expiringSoon')
      .map(({ occurredAt, data }: Answer['body']) => ({ occurredAt, ...data }));

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    stage.clock.set('2026-03-01T10:00:00+01:00');
    shop = await stage.shop(TERMS);
  });

  it('is announced once, at the first midnight seven days before, however often it is looked', async () => {
    const member = await shop.member();
    await shop.buys(member, [
      { minor: 4000, category: 'fixed' },
      { minor: 2500, category: 'sliding' },
    ]);
    stage.clock.set('2026-03-14T23:59:00+01:00');
    expect(await announce()).toBe(0);
    stage.clock.set('2026-03-15T00:00:03+01:00');
    expect([await announce(), await announce()]).toEqual([1, 0]);
    stage.clock.set('2026-03-16T00:00:00+01:00');
    expect(await announce()).toBe(0);
    stage.clock.set('2026-03-25T00:00:00+01:00');
    expect(await announce()).toBe(1);
    expect(await told()).toEqual([
      {
        occurredAt: '2026-03-14T23:00:00.000Z',
        expiresAt: '2026-03-21T23:00:00.000Z',
        points: 40,
        memberIds: [member.id],
      },
      {
        occurredAt: '2026-03-24T23:00:00.000Z',
        expiresAt: '2026-03-31T22:00:00.000Z',
        points: 25,
        memberIds: [member.id],
      },
    ]);
  });

  it('is announced late with the midnight on which it should have been, after what fell due', async () => {
    const member = await shop.member();
    await shop.buys(member, [{ minor: 4000, category: 'fixed' }]);
    stage.clock.set('2026-03-04T10:00:00+01:00');
    await shop.buys(member, [{ minor: 900, category: 'fixed' }]);
    stage.clock.set('2026-03-22T08:00:00+01:00');
    expect(await announce()).toBe(1);
    expect(await told()).toEqual([
      {
        occurredAt: '2026-03-17T23:00:00.000Z',
        expiresAt: '2026-03-24T23:00:00.000Z',
        points: 9,
        memberIds: [member.id],
      },
    ]);
    expect(await shop.balance(member)).toMatchObject({ available: 9 });
  });

  it('is announced anew when activity moves a sliding end, and only then', async () => {
    const member = await shop.member();
    await shop.buys(member, [{ minor: 2500, category: 'sliding' }]);
    stage.clock.set('2026-03-26T10:00:00+01:00');
    expect(await announce()).toBe(1);
    await shop.buys(member, [{ minor: 1000, category: 'sliding' }]);
    stage.clock.set('2026-04-01T10:00:00+02:00');
    expect(await announce()).toBe(0);
    stage.clock.set('2026-04-20T10:00:00+02:00');
    expect(await announce()).toBe(1);
    expect((await told()).map(({ expiresAt, points }) => [expiresAt, points])).toEqual([
      ['2026-03-31T22:00:00.000Z', 25],
      ['2026-04-25T22:00:00.000Z', 35],
    ]);
  });

  it('is not announced twice when the run is stopped between two pages and done again', async () => {
    await twelveBuy(shop, 1);
    stage.clock.set('2026-03-16T04:00:00+01:00');
    expect(await announce(AbortSignal.abort(), 5)).toBe(5);
    expect([await announce(), await announce()]).toEqual([7, 0]);
    expect(new Set((await told()).flatMap(({ memberIds }) => memberIds)).size).toBe(12);
    expect(await told()).toHaveLength(12);
  });

  it('is counted on /metrics', async () => {
    expect((await shop.api.get('/metrics')).text).toMatch(/^laurel_expiry_announcements_total [1-9]/m);
  });

  it('is not announced by a programme that wants none', async () => {
    shop = await stage.shop({ ...TERMS, policy: { ...TERMS.policy, announceExpiryDays: 0 } });
    await shop.buys(await shop.member(), [{ minor: 4000, category: 'fixed' }]);
    stage.clock.set('2026-03-20T00:00:00+01:00');
    await announce();
    expect(await told()).toEqual([]);
  });
});

describe('an engine left to itself', () => {
  it('applies what fell due, then announces what expires soon', async () => {
    const stage = await Stage.open({ background: true });
    try {
      stage.clock.set('2026-03-01T10:00:00+01:00');
      const shop = await stage.shop(TERMS);
      const member = await shop.member();
      await shop.buys(member, [{ minor: 4000, category: 'fixed' }]);
      stage.clock.set('2026-03-06T10:00:00+01:00');
      await shop.buys(member, [{ minor: 900, category: 'fixed' }]);
      stage.clock.set('2026-03-22T02:00:00+01:00');
      const told = async (): Promise<readonly string[]> =>
        (await shop.get('/v1/events?limit=500')).data.map(({ type }: Answer['body']) => type);
      const deadline = performance.now() + 25_000;
      while (!(await told()).includes('points.expiringSoon') && performance.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        // A run that began before the night is followed by the next only as time goes on.
        stage.clock.advance({ seconds: 1 });
      }
      expect((await told()).slice(-2)).toEqual(['points.expired', 'points.expiringSoon']);
    } finally {
      await stage.close();
    }
  });
});
