import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { spawnEngine } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** Starting processes takes seconds on a busy machine. */
const PATIENCE_MS = 120_000;

interface Someone {
  readonly id: string;
  readonly externalId: string;
  readonly homeAccountId: string;
}

describe('households', () => {
  let engine: TestEngine;
  let people = 0;

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({ transfers: { expiry: 'keep' } });
    await programme.tiers();
  });
  afterAll(() => engine.close());

  async function member(points = 0): Promise<Someone> {
    people += 1;
    const externalId = `H-${people}`;
    const identities = [{ type: 'card', value: `house card ${people}` }];
    const { body } = await engine.api.post('/v1/members', { externalId, identities });
    const someone = { id: body.id, externalId, homeAccountId: body.accountId };
    if (points > 0) await buy(someone, points);
    return someone;
  }

  async function buy(who: Someone, points: number, api = engine.api): Promise<Answer> {
    const lines = [line({ amountMinor: points * 1000, taxMinor: 0 })];
    return api.post('/v1/purchases', receipt({ member: { externalId: who.externalId }, lines }));
  }

  async function family(): Promise<{ id: string; accountId: string; head: Someone; adult: Someone }> {
    const [head, adult] = [await member(100), await member(40)];
    const { body } = await engine.api.post('/v1/households', { name: 'The Lins', head: { id: head.id } });
    const joined = await join(body.id, adult, 'adult');
    expect(joined.status).toBe(201);
    return { id: body.id, accountId: body.accountId, head, adult };
  }

  const join = (id: string, who: Someone, role: string, api = engine.api) =>
    api.post(`/v1/households/${id}/members`, { member: { externalId: who.externalId }, role });
  const leave = (id: string, who: Someone, body: object = {}, api = engine.api) =>
    api.post(`/v1/households/${id}/members/${who.id}/leave`, body);
  const get = async (path: string) => (await engine.api.get(path)).body;

  it('have an account of their own, members with roles, and one balance', async () => {
    const { id, accountId, head, adult } = await family();
    const child = await member(7);
    await join(id, child, 'earner');
    expect(await get(`/v1/households/${id}`)).toMatchObject({
      id,
      accountId,
      name: 'The Lins',
      closedAt: null,
      members: [
        { memberId: head.id, role: 'head' },
        { memberId: adult.id, role: 'adult' },
        { memberId: child.id, role: 'earner' },
      ],
      balance: { available: 147 },
    });
    expect(accountId).not.toBe(head.homeAccountId);
    expect(await get(`/v1/members/${child.id}`)).toMatchObject({
      accountId,
      household: { id, role: 'earner' },
      balance: { available: 147 },
      standing: { progress: [{ value: 7000 }] },
    });
    const byCard = await get(`/v1/members?identityType=card&identityValue=house%20card%20${people}`);
    expect(byCard.data).toMatchObject([{ id: child.id, accountId }]);
  });

  it('are earned for by a card of any member, and every lot keeps its earner', async () => {
    const { adult, id } = await family();
    const { body } = await buy(adult, 5);
    expect(body).toMatchObject({ memberId: adult.id, balance: { available: 145 } });
    const { data } = await get(`/v1/members/${adult.id}/lots`);
    const earners = (data as { memberId: string; points: number }[]).map((lot) => [lot.memberId, lot.points]);
    expect(earners).toContainEqual([adult.id, 5]);
    expect((await leave(id, adult)).body.member.balance.available).toBe(45);
  });

  it('keep the history of the time before readable', async () => {
    const { adult, accountId } = await family();
    const movements = async (account: string) =>
      (await get(`/v1/members/${adult.id}/movements?account=${account}`)).data as { to: string }[];
    expect((await movements('home')).map(({ to }) => to)).toEqual(['moved', 'available']);
    expect(await movements('present')).toEqual(
      await get(`/v1/members/${adult.id}/movements`).then((m) => m.data),
    );
    expect((await get(`/v1/members/${adult.id}/lots?account=home`)).data).toMatchObject([
      { moved: 40, available: 0 },
    ]);
    expect((await get(`/v1/members/${adult.id}`)).accountId).toBe(accountId);
  });

  it('give points back that a receipt of the time before earned', async () => {
    const adult = await member();
    const bought = await buy(adult, 40);
    const { body } = await engine.api.post('/v1/households', { head: { id: adult.id } });
    expect(body.balance.available).toBe(40);
    const returned = await engine.api.post(`/v1/purchases/${bought.body.id}/returns`, {
      source: 'store-1',
      receiptNo: `RT-${adult.id}`,
      occurredAt: '2026-11-21T10:15:00+08:00',
      whole: true,
    });
    expect(returned.body).toMatchObject({ pointsTaken: 40, balance: { available: 0, debt: 0 } });
    expect((await get(`/v1/members/${adult.id}/standing`)).progress).toMatchObject([{ value: 0 }]);
  });

  it.each([
    [{}, 40],
    [{ split: 'none' }, 0],
    [{ split: 'equal' }, 70],
    [{ split: { points: 25 } }, 25],
  ])('are left with a part: %j', async (body, points) => {
    const { id, adult } = await family();
    const left = await leave(id, adult, body);
    expect(left).toMatchObject({
      status: 200,
      body: {
        closed: false,
        member: { balance: { available: points } },
        balance: { available: 140 - points },
      },
    });
    expect(await get(`/v1/members/${adult.id}`)).toMatchObject({
      accountId: adult.homeAccountId,
      household: null,
      balance: { available: points },
    });
    expect((await buy(adult, 1)).body.balance.available).toBe(points + 1);
  });

  it('change their head, and close with the last who leaves', async () => {
    const { id, head, adult } = await family();
    expect((await leave(id, head)).body.code).toBe('HEAD_MUST_STAY');
    const path = `/v1/households/${id}/members/${adult.id}`;
    expect((await engine.api.patch(path, { role: 'head' })).body).toEqual({
      id,
      member: { memberId: adult.id, role: 'head' },
    });
    expect((await get(`/v1/households/${id}`)).members).toEqual([
      { memberId: head.id, role: 'adult' },
      { memberId: adult.id, role: 'head' },
    ]);
    expect((await leave(id, head)).body.member.balance.available).toBe(100);
    const last = await leave(id, adult, { split: 'none' });
    expect(last.body).toMatchObject({ closed: true, member: { balance: { available: 40 } } });
    expect(await get(`/v1/households/${id}`)).toMatchObject({
      closedAt: expect.any(String),
      members: [],
      balance: { total: 0 },
    });
    expect((await join(id, head, 'adult')).body.code).toBe('HOUSEHOLD_CLOSED');
  });

  it('let a member change their data and be suspended while in', async () => {
    const { adult, accountId } = await family();
    const identities = [{ type: 'card', value: `new ${adult.id}` }];
    expect((await engine.api.patch(`/v1/members/${adult.id}`, { identities })).body.accountId).toBe(
      accountId,
    );
    await engine.api.post(`/v1/members/${adult.id}/suspend`);
    const redeem = { member: { identity: identities[0] }, points: 1, mode: 'capture' };
    expect((await engine.api.post('/v1/redemptions', redeem)).body.code).toBe('MEMBER_SUSPENDED');
  });

  it('are opened once under one Idempotency-Key', async () => {
    const head = await member(3);
    const open = () =>
      engine.api.post('/v1/households', { head: { id: head.id } }, { 'idempotency-key': `open-${head.id}` });
    const [first, again] = [await open(), await open()];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.text).toBe(first.text);
    const dry = await engine.api.post('/v1/households?dryRun=true', { head: { id: (await member(1)).id } });
    expect(dry).toMatchObject({ status: 200, body: { balance: { available: 1 } } });
    expect((await engine.api.get(`/v1/households/${dry.body.id}`)).status).toBe(404);
  });

  it('are listed page by page', async () => {
    const first = await get('/v1/households?limit=2');
    expect(first.data).toHaveLength(2);
    const next = await get(`/v1/households?limit=2&cursor=${first.nextCursor}`);
    expect(next.data[0].id > first.data[1].id).toBe(true);
  });

  it.each([
    ['/v1/households/hsh_1', 'get', {}, 404, 'HOUSEHOLD_NOT_FOUND'],
    ['/v1/households', 'post', { head: { externalId: 'nobody' } }, 404, 'MEMBER_NOT_FOUND'],
    ['/v1/households', 'post', { head: {} }, 422, 'VALIDATION_FAILED'],
    ['/v1/households?cursor=x', 'get', {}, 422, 'VALIDATION_FAILED'],
    [
      '/v1/households/hsh_01h455vb4pex5vsknk084sn02q/members/mbr_1/leave',
      'post',
      {},
      404,
      'MEMBER_NOT_FOUND',
    ],
  ] as const)('answer %s %s with a refusal', async (path, method, body, status, code) => {
    const answer = method === 'get' ? await engine.api.get(path) : await engine.api.post(path, body);
    expect(answer).toMatchObject({ status, body: { code } });
  });

  it.each([{ split: 'all' }, { split: { points: 0 } }, { split: { points: 1, more: 1 } }, { split: [] }])(
    'are not left in a way that nobody knows: %j',
    async (body) => {
      const path =
        '/v1/households/hsh_01h455vb4pex5vsknk084sn02q/members/mbr_01h455vb4pex5vsknk084sn02q/leave';
      expect((await engine.api.post(path, body)).body).toMatchObject({
        code: 'VALIDATION_FAILED',
        errors: [{ pointer: '/split' }],
      });
    },
  );

  it(
    'stay whole when everybody joins, leaves, buys and spends at once, from two processes',
    async () => {
      const processes = await Promise.all(
        [0, 1].map(() => spawnEngine(engine.applicationUrl, { TEST_SHARDS: '2' })),
      );
      const clients = processes.map(({ url }) => new ApiClient(url, engine.api.key));
      const { id, head } = await family();
      const others = await Promise.all(Array.from({ length: 6 }, () => member(50)));
      const everybody = [head, ...others];
      const answers = await Promise.all(
        Array.from({ length: 240 }, (_, index) => {
          const api = clients[index % 2] as ApiClient;
          const who = everybody[(index * 3) % 7] as Someone;
          const other = others[index % 6] as Someone;
          if (index % 4 === 0) return join(id, other, 'adult', api);
          if (index % 4 === 1) return leave(id, other, { split: index % 8 === 1 ? 'own' : 'equal' }, api);
          if (index % 4 === 2) return buy(who, 3, api);
          // A change takes the member's account first, as commands do: neither waits for the other for ever.
          if (index % 8 === 7) return api.patch(`/v1/members/${other.id}`, { attributes: { index } });
          const redemption = { member: { externalId: who.externalId }, points: 2, mode: 'capture' };
          return api.post('/v1/redemptions', redemption);
        }),
      );
      await Promise.all(processes.map((process) => process.stop()));
      const known = ['ALREADY_IN_HOUSEHOLD', 'NOT_IN_HOUSEHOLD', 'INSUFFICIENT_POINTS'];
      const refusals = answers.filter(({ status }) => status >= 400).map(({ body }) => body.code as string);
      expect(refusals.filter((code) => !known.includes(code))).toEqual([]);

      const accounts = await engine.engine.dataSource.query<Record<string, string>[]>(
        `SELECT sum(a.available) AS available, sum(a.lifetime_redeemed) AS redeemed, sum(a.lifetime_earned) AS earned
         FROM accounts a`,
      );
      const { available, redeemed, earned } = accounts[0] as Record<string, string>;
      const [returned] = await engine.engine.dataSource.query<{ points: string }[]>(
        'SELECT coalesce(sum(l.returned), 0) AS points FROM lots l',
      );
      expect(Number(available) + Number(redeemed) + Number(returned?.points)).toBe(Number(earned));
      // Whoever is in acts on the household's account, by every name; whoever is not, on their own.
      const strays = await engine.engine.dataSource.query(
        `SELECT m.member_id FROM members m JOIN member_identities i ON i.member_id = m.member_id
         WHERE i.account_id <> m.account_id OR (m.household_role IS NULL) <> (m.account_id = m.home_account_id)`,
      );
      expect(strays).toEqual([]);
      const sizes = await engine.engine.dataSource.query(
        `SELECT a.account_id FROM accounts a WHERE a.household_size <> (SELECT count(*) FROM members m
           WHERE m.account_id = a.account_id AND m.household_role IS NOT NULL)`,
      );
      expect(sizes).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('leave books in which the auditor finds no difference', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
    expect((await engine.api.get('/v1/finance/tie-out')).body.ties).toBe(true);
  });
});
