import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { spawnEngine, type EngineProcess } from '../harness/engine-process.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** Starting processes takes seconds on a busy machine. */
const PATIENCE_MS = 120_000;

describe('points sent between members', () => {
  let engine: TestEngine;
  let people = 0;

  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({ transfers: { expiry: 'keep' } });
  });
  afterAll(() => engine.close());

  /** Somebody who has earned so many points, known by a card too. */
  async function member(points = 0): Promise<{ externalId: string; id: string }> {
    people += 1;
    const externalId = `P-${people}`;
    const identities = [{ type: 'card', value: `card ${people}` }];
    const { body } = await engine.api.post('/v1/members', { externalId, identities });
    if (points > 0) {
      const lines = [line({ amountMinor: points * 1000, taxMinor: 0 })];
      const bought = await engine.api.post('/v1/purchases', receipt({ member: { externalId }, lines }));
      expect(bought.body.pointsGranted).toBe(points);
    }
    return { externalId, id: body.id };
  }

  const balanceOf = async ({ id }: { id: string }) =>
    (await engine.api.get(`/v1/members/${id}/balance`)).body as Record<string, number>;
  const to = ({ externalId }: { externalId: string }) => ({ externalId });
  const liability = async () =>
    (await engine.api.get('/v1/finance/liability')).body.lines as readonly object[];

  it('arrive with their money, and can be read back', async () => {
    const [giver, receiver] = [await member(100), await member()];
    const before = await liability();
    const sent = await engine.api.post('/v1/transfers', {
      from: to(giver),
      to: { identity: { type: 'card', value: `card ${people}` } },
      points: 40,
      note: 'Happy birthday',
    });
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      id: expect.stringMatching(/^trf_/),
      points: 40,
      note: 'Happy birthday',
      from: { memberId: giver.id, balance: { available: 60 } },
      to: { memberId: receiver.id, balance: { available: 40, lifetimeEarned: 0 } },
    });
    const [child] = sent.body.to.lots;
    const [parent] = sent.body.from.lots;
    expect(child).toMatchObject({ parentLotId: parent.lotId, points: 40 });
    expect(await liability()).toEqual(before);
    const stored = await engine.api.get(`/v1/transfers/${sent.body.id}`);
    expect(stored.body).toMatchObject({
      kind: 'member',
      debt: 0,
      from: { memberId: giver.id },
      to: { memberId: receiver.id },
      lots: [{ lotId: parent.lotId, childLotId: child.lotId, points: 40, expiresAt: child.expiresAt }],
    });
    const lots = await engine.api.get(`/v1/members/${receiver.id}/lots`);
    expect(lots.body.data).toMatchObject([
      {
        id: child.lotId,
        memberId: receiver.id,
        source: { type: 'transfer', id: sent.body.id },
        parentLotId: parent.lotId,
        available: 40,
      },
    ]);
  });

  it('are posted under E19 on both sides, which cancel out to the last digit', async () => {
    const [giver, receiver] = [await member(97), await member()];
    for (const points of [1, 2, 31, 63])
      await engine.api.post('/v1/transfers', { from: to(giver), to: to(receiver), points });
    const moved = await Promise.all(
      [giver, receiver].map(async ({ id }) => {
        const { body } = await engine.api.get(`/v1/members/${id}/movements?limit=100`);
        const movements = body.data as { eventCode: string; liability: string; points: number }[];
        return movements.filter(({ eventCode }) => eventCode === 'E19');
      }),
    );
    const units = (movements: readonly { liability: string }[]) =>
      movements.reduce((sum, movement) => sum + BigInt(movement.liability.replace('.', '')), 0n);
    const [given, received] = moved as [(typeof moved)[0], (typeof moved)[0]];
    expect(units(given)).toBeLessThan(0n);
    expect(units(given) + units(received)).toBe(0n);
    expect([given, received].map((side) => side.reduce((sum, { points }) => sum + points, 0))).toEqual([
      97, 97,
    ]);
  });

  it('change nothing in a dry run', async () => {
    const [giver, receiver] = [await member(10), await member()];
    const dry = await engine.api.post('/v1/transfers?dryRun=true', {
      from: to(giver),
      to: to(receiver),
      points: 10,
    });
    expect(dry).toMatchObject({ status: 200, body: { to: { balance: { available: 10 } } } });
    expect((await balanceOf(giver))['available']).toBe(10);
  });

  it('are sent once by external id and by Idempotency-Key', async () => {
    const [giver, receiver] = [await member(100), await member()];
    const gift = { from: to(giver), to: to(receiver), points: 30, externalId: `gift ${giver.id}` };
    const [first, again] = [
      await engine.api.post('/v1/transfers', gift, { 'idempotency-key': `a ${giver.id}`.replace(' ', '-') }),
      await engine.api.post('/v1/transfers', { ...gift, from: { id: giver.id } }),
    ];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.text).toBe(first.text);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await engine.api.post('/v1/transfers', { ...gift, points: 31 });
    expect(other).toMatchObject({ status: 422, body: { code: 'TRANSFER_CONFLICT' } });
    expect((await balanceOf(receiver))['available']).toBe(30);
  });

  it.each([
    [{ points: 0 }, 422, 'VALIDATION_FAILED'],
    [{ points: 101 }, 422, 'INSUFFICIENT_POINTS'],
    [{ to: { externalId: 'nobody' } }, 404, 'MEMBER_NOT_FOUND'],
    [{ from: { externalId: 'nobody' } }, 404, 'MEMBER_NOT_FOUND'],
    [{ to: {} }, 422, 'VALIDATION_FAILED'],
  ])('are refused: %j', async (overrides, status, code) => {
    const [giver, receiver] = [await member(100), await member()];
    const body = { from: to(giver), to: to(receiver), points: 1, ...overrides };
    expect(await engine.api.post('/v1/transfers', body)).toMatchObject({ status, body: { code } });
  });

  it('to oneself are refused, however one is named', async () => {
    const giver = await member(100);
    const twice = { from: to(giver), to: { id: giver.id }, points: 1 };
    expect((await engine.api.post('/v1/transfers', twice)).body.code).toBe('SAME_ACCOUNT');
  });

  it('need the scope of a till or an administrator', async () => {
    const analyst = await engine.withScopes('analyst');
    expect((await analyst.post('/v1/transfers', {})).status).toBe(403);
    expect((await engine.api.get('/v1/transfers/trf_1')).body.code).toBe('TRANSFER_NOT_FOUND');
  });

  it('twenty at once from a balance of one of them: one succeeds, nineteen are told', async () => {
    const giver = await member(100);
    const receivers = await Promise.all(Array.from({ length: 20 }, () => member()));
    const answers = await Promise.all(
      receivers.map((receiver) =>
        engine.api.post('/v1/transfers', { from: to(giver), to: to(receiver), points: 100 }),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 1, INSUFFICIENT_POINTS: 19 });
    const balances = await Promise.all([giver, ...receivers].map(balanceOf));
    expect(balances.reduce((sum, balance) => sum + (balance['available'] as number), 0)).toBe(100);
  });

  describe('in rings, from many connections and two processes', () => {
    let processes: EngineProcess[];
    let clients: ApiClient[];

    beforeAll(async () => {
      processes = await Promise.all(
        [0, 1].map(() => spawnEngine(engine.applicationUrl, { TEST_SHARDS: '2' })),
      );
      clients = processes.map(({ url }) => new ApiClient(url, engine.api.key));
    }, PATIENCE_MS);
    afterAll(async () => {
      await Promise.all(processes.map((process) => process.stop()));
    });

    it(
      'are all answered, and conserve their sum',
      async () => {
        const ring = await Promise.all([1, 2, 3].map(() => member(1000)));
        const before = await liability();
        const answers = await Promise.all(
          Array.from({ length: 300 }, (_, index) => {
            const [from, next] = [ring[index % 3], ring[(index + 1) % 3]] as [{ id: string }, { id: string }];
            const body = { from: { id: from.id }, to: { id: next.id }, points: 1 + (index % 7) };
            return (clients[index % 2] as ApiClient).post('/v1/transfers', body);
          }),
        );
        // Nobody is asked for more than they have, whatever the order.
        expect(tally(answers)).toEqual({ '201': 300 });
        const balances = await Promise.all(ring.map(balanceOf));
        expect(balances.reduce((sum, balance) => sum + (balance['available'] as number), 0)).toBe(3000);
        expect(await liability()).toEqual(before);
      },
      PATIENCE_MS,
    );

    it(
      'beside receipts and redemptions of the same members lose nothing',
      async () => {
        const group = await Promise.all(Array.from({ length: 6 }, () => member(100)));
        const answers = await Promise.all(
          Array.from({ length: 360 }, (_, index) => {
            const client = clients[index % 2] as ApiClient;
            const one = group[(index * 5) % 6] as { id: string; externalId: string };
            const other = group[(index * 5 + 1 + (index % 4)) % 6] as { id: string; externalId: string };
            if (index % 3 === 0)
              return client.post('/v1/purchases', receipt({ member: to(one), lines: [line()] }));
            if (index % 3 === 1)
              return client.post('/v1/redemptions', { member: to(one), points: 3, mode: 'capture' });
            return client.post('/v1/transfers', { from: to(one), to: to(other), points: 5 });
          }),
        );
        const { '201': done = 0, INSUFFICIENT_POINTS: short = 0, ...others } = tally(answers);
        expect(others).toEqual({});
        expect(done + short).toBe(360);
        const earned = answers.reduce((sum, { body }) => sum + ((body.pointsGranted as number) ?? 0), 600);
        const balances = await Promise.all(group.map(balanceOf));
        const redeemed = balances.reduce((sum, balance) => sum + (balance['lifetimeRedeemed'] as number), 0);
        const available = balances.reduce((sum, balance) => sum + (balance['available'] as number), 0);
        expect(available + redeemed).toBe(earned);
      },
      PATIENCE_MS,
    );
  });

  it('leave books in which the auditor finds no difference', async () => {
    const { body } = await engine.api.get('/v1/admin/verify');
    expect(body).toMatchObject({ clean: true, differences: [] });
    expect((await engine.api.get('/v1/finance/tie-out')).body.ties).toBe(true);
    const differing = await engine.engine.dataSource.query(
      `SELECT m.cause_id FROM movements m
       WHERE m.cause_type = 'transfer' AND (m.from_bucket = 'issued' OR m.to_bucket = 'moved') GROUP BY m.cause_id
       HAVING sum(m.liability) <> 0 OR sum(CASE WHEN m.to_bucket = 'moved' THEN m.points ELSE -m.points END) <> 0`,
    );
    expect(differing).toEqual([]);
  });
});

function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status < 400 ? String(status) : (body.code as string);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
