import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

describe('members', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const api = () => engine.api;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.tiers();
  });
  afterAll(() => engine.close());

  it('enrols, finds by every name, changes, suspends, closes', async () => {
    const enrolled = await api().post('/v1/members', {
      externalId: 'M-1',
      identities: [
        { type: 'card', value: '77' },
        { type: 'phone', value: '+886900000001' },
      ],
      enrolledAt: '2026-01-05T09:00:00+08:00',
      birthDate: '1990-05-03',
      attributes: { store: 'A12' },
    });
    expect(enrolled.status).toBe(201);
    expect(enrolled.body).toMatchObject({
      id: expect.stringMatching(/^mbr_/),
      externalId: 'M-1',
      status: 'active',
      enrolledAt: '2026-01-05T01:00:00.000Z',
      birthDate: '1990-05-03',
      standing: {
        tier: 'basic',
        nextTier: 'silver',
        progress: [{ measure: 'spend', value: 0, toKeep: 0, toNext: 100_000 }],
      },
      balance: { available: 0, total: 0, expiring: [] },
    });
    const { id } = enrolled.body;
    for (const query of [
      'externalId=M-1',
      'identityType=card&identityValue=77',
      'identityType=phone&identityValue=%2B886900000001',
    ]) {
      expect((await api().get(`/v1/members?${query}`)).body.data[0].id).toBe(id);
    }
    const changed = await api().patch(`/v1/members/${id}`, {
      identities: [{ type: 'card', value: '78' }],
      externalId: 'M-1b',
    });
    expect(changed.body).toMatchObject({
      externalId: 'M-1b',
      identities: [{ type: 'card', value: '78' }],
      birthDate: '1990-05-03',
    });
    expect((await api().get('/v1/members?identityType=card&identityValue=77')).body.data).toEqual([]);
    expect((await api().post(`/v1/members/${id}/suspend`)).body.status).toBe('suspended');
    expect((await api().post(`/v1/members/${id}/reactivate`)).body.status).toBe('active');
    expect((await api().post(`/v1/members/${id}/close`)).body.status).toBe('closed');
    expect((await api().post(`/v1/members/${id}/reactivate`)).body.code).toBe('MEMBER_CLOSED');
  });

  it.each([
    ['externalId=N-1&identityType=card&identityValue=N9', ['/identityType', '/identityValue']],
    ['externalId=N-1&q=zzzz&tier=gold', ['/q', '/tier']],
    ['identityType=card&identityValue=N9&q=zzzz', ['/q']],
    ['identityType=card&identityValue=N9&tier=gold', ['/tier']],
    ['externalId=N-1&cursor=mbr_01h455vb4pex5vsknk084sn02q', ['/cursor']],
  ])('names one member by one thing alone, and drops no condition: %s', async (query, pointers) => {
    const { status, body } = await api().get(`/v1/members?${query}`);
    expect([status, body.errors?.map(({ pointer }: { pointer: string }) => pointer)]).toEqual([
      422,
      pointers,
    ]);
    expect(body.errors[0].code).toBe('NAMED_ALONE');
  });

  it('refuses the same person twice with the id there is, also when two tills enrol at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        api().post('/v1/members', { identities: [{ type: 'card', value: 'race' }] }),
      ),
    );
    const [won] = answers.filter(({ status }) => status === 201);
    const lost = answers.filter(({ status }) => status === 409);
    expect(lost).toHaveLength(7);
    for (const { body } of lost)
      expect(body).toMatchObject({ code: 'MEMBER_ALREADY_EXISTS', meta: { id: won?.body.id } });
  });

  it.each([
    ['an unknown field', { name: 'x' }, '/name'],
    [
      'the reserved identity type',
      { identities: [{ type: 'externalId', value: 'x' }] },
      '/identities/0/type',
    ],
    ['a birth date that is none', { birthDate: '1990-13-03' }, '/birthDate'],
    ['a birth date in the future', { birthDate: '2199-01-01' }, '/birthDate'],
    ['a list of attributes', { attributes: [] }, '/attributes'],
  ])('refuses %s', async (_, body, pointer) => {
    const answer = await api().post('/v1/members', body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it('knows nobody: 404', async () => {
    for (const path of ['', '/balance', '/lots', '/movements', '/standing']) {
      const answer = await api().get(`/v1/members/mbr_${'0'.repeat(26)}${path}`);
      expect([answer.status, answer.body.code]).toEqual([404, 'MEMBER_NOT_FOUND']);
    }
  });

  it('pages through all members without missing or repeating one', async () => {
    const seen = new Set<string>();
    let cursor: string | null = '';
    do {
      const { body }: { body: { data: { id: string }[]; nextCursor: string | null } } = await api().get(
        `/v1/members?limit=1${cursor ? `&cursor=${cursor}` : ''}`,
      );
      for (const { id } of body.data) {
        expect(seen.has(id)).toBe(false);
        seen.add(id);
      }
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen.size).toBeGreaterThanOrEqual(2);
  });

  it('tells balance and standing as they were at a past instant', async () => {
    const { body: member } = await api().post('/v1/members', {
      externalId: 'M-past',
      enrolledAt: '2026-01-01T00:00:00Z',
    });
    const at = { externalId: 'M-past' };
    await api().post('/v1/purchases', receipt({ member: at, occurredAt: '2026-03-10T10:00:00+08:00' }));
    await api().post('/v1/purchases', receipt({ member: at, occurredAt: '2026-06-10T10:00:00+08:00' }));
    await api().post('/v1/redemptions', { member: at, points: 50, mode: 'capture' });
    const asOf = async (instant: string, path = 'balance') =>
      (await api().get(`/v1/members/${member.id}/${path}?asOf=${instant}`)).body;
    expect(await asOf('2026-03-01T00:00:00Z')).toMatchObject({ available: 0, lifetimeEarned: 0 });
    expect(await asOf('2026-04-01T00:00:00Z')).toMatchObject({ available: 105, lifetimeEarned: 105 });
    expect(await asOf('2026-07-01T00:00:00Z')).toMatchObject({ available: 210 });
    expect(await asOf('2026-11-21T00:00:00Z')).toMatchObject({ available: 160, lifetimeRedeemed: 50 });
    expect((await asOf('2026-03-01T00:00:00Z', 'standing')).tier).toBe('basic');
    expect((await asOf('2026-04-01T00:00:00Z', 'standing')).tier).toBe('silver');
    const lots = (await api().get(`/v1/members/${member.id}/lots?asOf=2026-07-01T00:00:00Z`)).body.data;
    expect(lots.map(({ available }: { available: number }) => available)).toEqual([105, 105]);
    const movements = (await api().get(`/v1/members/${member.id}/movements?limit=2`)).body;
    expect(movements.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual([3, 2]);
    expect(
      (await api().get(`/v1/members/${member.id}/movements?cursor=${movements.nextCursor}`)).body.data,
    ).toHaveLength(1);
  });

  it('forfeits the points of a membership that is closed, and what a hold gives back later', async () => {
    const get = async (path: string) => (await api().get(path)).body;
    const owed = async () => {
      const { lines } = await get('/v1/finance/liability');
      return [lines[0].points, lines[0].gross];
    };
    const rolled = async () => {
      const { months } = await get('/v1/finance/roll-forward?from=2026-11&to=2026-11');
      return months[0];
    };
    const [owedBefore, rolledBefore] = [await owed(), await rolled()];
    const { body: member } = await api().post('/v1/members', {
      externalId: 'M-closed',
      enrolledAt: '2026-01-01T00:00:00Z',
    });
    const at = { externalId: 'M-closed' };
    await api().post('/v1/purchases', receipt({ member: at }));
    const { body: hold } = await api().post('/v1/redemptions', { member: at, points: 30, mode: 'authorise' });
    const once = { 'idempotency-key': 'closing-1' };
    const closed = await api().post(`/v1/members/${member.id}/close`, {}, once);
    const replayed = await api().post(`/v1/members/${member.id}/close`, {}, once);
    expect([replayed.status, replayed.headers.get('idempotency-replayed'), replayed.text]).toEqual([
      200,
      'true',
      closed.text,
    ]);
    expect([closed.status, closed.body]).toMatchObject([
      200,
      { id: member.id, status: 'closed', pointsForfeited: 75, balance: { available: 0, held: 30 } },
    ]);
    const again = await api().post(`/v1/members/${member.id}/close`);
    expect([again.status, again.body]).toEqual([200, { ...closed.body, pointsForfeited: 0 }]);
    expect((await api().post(`/v1/redemptions/${hold.id}/void`)).body.balance).toMatchObject({
      available: 0,
      held: 0,
    });
    expect(await get(`/v1/members/${member.id}/balance`)).toMatchObject({ available: 0, total: 0 });
    const { data: movements } = await get(`/v1/members/${member.id}/movements`);
    const forfeited = movements.filter(({ cause }: { cause: { type: string } }) => cause.type === 'closing');
    const why = { to: 'cancelled', eventCode: 'E15', cause: { type: 'closing', id: member.id } };
    expect(forfeited).toMatchObject([
      { ...why, points: 30 },
      { ...why, points: 75 },
    ]);
    const { data: told } = await get('/v1/events?limit=500&types=member.closed');
    expect(told.at(-1)).toMatchObject({
      memberId: member.id,
      data: { memberId: member.id, status: 'closed' },
    });
    expect(await owed()).toEqual(owedBefore);
    expect((await rolled()).closing).toEqual(rolledBefore.closing);
    expect(await get('/v1/finance/tie-out')).toMatchObject({ ties: true });
    expect(await get('/v1/admin/verify')).toMatchObject({ clean: true, differences: [] });
    await api().patch(`/v1/members/${member.id}`, { attributes: { letter: 'sent' } });
    expect(await get('/v1/admin/verify')).toMatchObject({ clean: true, differences: [] });
    // A membership that is opened again behind the engine's back is found, by the event of its closing.
    const reopen = `UPDATE members SET status = 'active', status_changes = NULL WHERE external_id = 'M-closed'`;
    await engine.asOwner(reopen);
    const { differences } = await get('/v1/admin/verify');
    expect(differences.map(({ check }: { check: string }) => check)).toEqual([
      'member.status',
      'member.statusChanges',
    ]);
  });
});
