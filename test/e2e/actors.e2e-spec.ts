import { SCOPES } from '../../src/platform/http/caller.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { ApiClient, type Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

interface Key {
  readonly id: string;
  readonly api: ApiClient;
}

interface Told {
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

describe('who did it', () => {
  let engine: TestEngine;
  let till: Key;
  let desk: Key;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  let made = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({ transfers: { expiry: 'keep' }, pointsOffBasket: { minorPerPoint: 100 } });
    await programme.rule('ordered', {
      lines: { includeCategories: ['ordered'] },
      pending: { type: 'event', event: 'delivered', cancelAfterDays: 40 },
    });
    await programme.adjustmentReason('sorry', { approvalAbove: 100 });
    const mint = async (name: string, by: ApiClient): Promise<Key> => {
      const { body } = await by.post('/v1/api-keys', { name, scopes: SCOPES });
      return { id: body.id, api: new ApiClient(engine.url, body.key) };
    };
    till = await mint('till', engine.api);
    desk = await mint('desk', engine.api.second as ApiClient);
  });
  afterAll(async () => {
    expect((await engine.api.get('/v1/admin/verify')).body).toMatchObject({ clean: true, differences: [] });
    await engine.close();
  });

  const ok = ({ status, body, text }: Answer) => {
    if (status >= 300) throw new Error(text);
    return body;
  };
  const enrolled = async (by: Key = till): Promise<{ id: string }> => {
    made += 1;
    const identities = [{ type: 'card', value: `2900100${made}` }];
    return ok(await by.api.post('/v1/members', { externalId: `W-${made}`, identities }));
  };
  const buys = async ({ id }: { id: string }, by: Key = till, more = {}) =>
    ok(
      await by.api.post(
        '/v1/purchases',
        receipt({ member: { id }, occurredAt: '2026-11-20T10:00:00+08:00', ...more }),
      ),
    );
  const eventsOf = async (): Promise<readonly Told[]> => {
    const all: Told[] = [];
    for (let cursor = ''; ;) {
      const { data, nextCursor } = ok(await engine.api.get(`/v1/events?limit=500${cursor}`));
      if (data.length === 0) return all;
      all.push(...data);
      cursor = `&cursor=${nextCursor}`;
    }
  };
  /** The actors of the events of a kind that tell of a thing. */
  const actorsOf = async (type: string, id: string) =>
    (await eventsOf())
      .filter((event) => event.type === type && JSON.stringify(event.data).includes(id))
      .map(({ actor }) => actor);
  const audit = async (query: string) => ok(await engine.api.get(`/v1/audit?${query}`)).data;

  it('is kept of receipts and returns, whoever sells and whoever takes back', async () => {
    const bought = await buys(await enrolled());
    const back = {
      source: 'desk',
      receiptNo: `RT-${made}`,
      occurredAt: '2026-11-20T11:00:00+08:00',
      whole: true,
    };
    const returned = ok(await desk.api.post(`/v1/purchases/${bought.id}/returns`, back));
    expect(ok(await till.api.get(`/v1/purchases/${bought.id}`))).toMatchObject({
      actor: till.id,
      returns: [{ actor: desk.id }],
    });
    expect(ok(await till.api.get(`/v1/returns/${returned.id}`)).actor).toBe(desk.id);
    expect(await actorsOf('purchase.recorded', bought.id)).toEqual([till.id]);
    expect(await actorsOf('purchase.returned', returned.id)).toEqual([desk.id]);
  });

  it('is kept of each step of a redemption, and is the engine where a hold lapses', async () => {
    const person = await enrolled();
    await buys(person);
    const hold = async () =>
      ok(
        await till.api.post('/v1/redemptions', { member: { id: person.id }, points: 10, mode: 'authorise' }),
      );
    const [used, given, lapsed] = [await hold(), await hold(), await hold()];
    ok(await desk.api.post(`/v1/redemptions/${used.id}/capture`, {}));
    ok(await engine.api.post(`/v1/redemptions/${used.id}/reverse`, {}));
    ok(await desk.api.post(`/v1/redemptions/${given.id}/void`));
    clock.advance({ hours: 1 });
    // A till that comes after the lapse settles it, and is not who did it.
    await buys(person, desk, { occurredAt: '2026-11-20T12:30:00+08:00' });
    for (const { id } of [used, given, lapsed])
      expect(ok(await till.api.get(`/v1/redemptions/${id}`)).actor).toBe(till.id);
    expect(await actorsOf('redemption.authorised', used.id)).toEqual([till.id]);
    expect(await actorsOf('redemption.captured', used.id)).toEqual([desk.id]);
    expect(new Set(await actorsOf('redemption.reversed', used.id)).size).toBe(1);
    expect(await actorsOf('redemption.voided', given.id)).toEqual([desk.id]);
    expect(await actorsOf('redemption.voided', lapsed.id)).toEqual(['engine']);
  });

  it('is kept of transfers, events of orders, households and enrolments', async () => {
    const [from, to] = [await enrolled(), await enrolled(desk)];
    const lines = [line({ category: 'ordered' })];
    const bought = await buys(from, till, { lines });
    const happened = { type: 'delivered', occurredAt: '2026-11-20T12:00:00+08:00' };
    ok(await desk.api.post(`/v1/purchases/${bought.id}/events`, happened));
    const sent = ok(
      await desk.api.post('/v1/transfers', { from: { id: from.id }, to: { id: to.id }, points: 5 }),
    );
    expect(ok(await till.api.get(`/v1/transfers/${sent.id}`)).actor).toBe(desk.id);
    const household = ok(await till.api.post('/v1/households', { head: { id: to.id } }));
    ok(
      await desk.api.post(`/v1/households/${household.id}/members`, {
        member: { id: from.id },
        role: 'adult',
      }),
    );
    const events = await eventsOf();
    const seen = (id: string) =>
      new Set(events.filter(({ data }) => data['memberId'] === id).map(({ actor }) => actor));
    expect(seen(to.id)).toEqual(new Set([desk.id, till.id]));
    expect(await actorsOf('transfer.completed', sent.id)).toEqual([desk.id, desk.id]);
    expect(await actorsOf('household.joined', from.id)).toEqual([desk.id]);
    expect(await audit(`action=household.joined&memberId=${from.id}`)).toMatchObject([
      { actor: desk.id, subject: from.id, before: null, after: { householdId: household.id, role: 'adult' } },
    ]);
  });

  it('is in the audit log with before and after: changed, suspended, closed and merged members', async () => {
    const [person, twin] = [await enrolled(), await enrolled()];
    ok(await desk.api.patch(`/v1/members/${person.id}`, { identities: [], birthDate: '1990-05-03' }));
    ok(await desk.api.post(`/v1/members/${person.id}/suspend`));
    ok(await till.api.post(`/v1/members/${person.id}/reactivate`));
    ok(await desk.api.post(`/v1/members/${person.id}/merge`, { duplicate: { id: twin.id } }));
    ok(await till.api.post(`/v1/members/${person.id}/close`));
    for (const filter of ['memberId', 'subject'])
      expect(await audit(`${filter}=${twin.id}`)).toMatchObject([
        { action: 'member.merged', before: { duplicate: { memberId: twin.id, status: 'active' } } },
      ]);
    const entries = await audit(`memberId=${person.id}`);
    expect(entries).toMatchObject([
      { action: 'member.closed', actor: till.id, before: { status: 'active' }, after: { status: 'closed' } },
      {
        action: 'member.merged',
        actor: desk.id,
        after: { duplicate: { memberId: twin.id, status: 'merged', mergedInto: person.id } },
      },
      {
        action: 'member.reactivated',
        actor: till.id,
        before: { status: 'suspended' },
        after: { status: 'active' },
      },
      {
        action: 'member.suspended',
        actor: desk.id,
        before: { status: 'active' },
        after: { status: 'suspended' },
      },
      {
        action: 'member.changed',
        actor: desk.id,
        subject: person.id,
        before: { identities: [{ type: 'card', value: expect.stringMatching(/^…/) }] },
        after: { identities: [], changed: ['identities', 'birthDate'] },
      },
    ]);
    expect(JSON.stringify(entries)).not.toContain('1990-05-03');
  });

  it('is in the audit log: keys, publications, approvals', async () => {
    const child = ok(await desk.api.post('/v1/api-keys', { name: 'child', scopes: ['pos'] }));
    ok(await till.api.delete(`/v1/api-keys/${child.id}`));
    expect(await audit(`subject=${child.id}`)).toMatchObject([
      { action: 'key.revoked', actor: till.id },
      { action: 'key.created', actor: desk.id, after: { name: 'child', scopes: ['pos'] } },
    ]);
    const person = await enrolled();
    const asked = ok(
      await till.api.post('/v1/adjustments', { member: { id: person.id }, points: 101, reason: 'sorry' }),
    );
    ok(await desk.api.post(`/v1/adjustments/${asked.id}/approve`, {}));
    expect(await audit(`subject=adjustment/${asked.id}`)).toMatchObject([
      { action: 'adjustment.approved', actor: desk.id, memberId: person.id, before: { status: 'requested' } },
      { action: 'adjustment.requested', actor: till.id, after: { status: 'requested' } },
    ]);
    ok(
      await desk.api.put('/v1/earning-rules/odd/draft', {
        name: 'odd',
        amount: { type: 'perUnit', points: 1 },
      }),
    );
    ok(await desk.api.post('/v1/earning-rules/odd/publish', {}));
    expect(await audit('action=%20Published%20')).toEqual(await audit('action=published'));
    const { status, body } = await engine.api.get('/v1/audit?action=publish');
    expect([status, body.errors]).toMatchObject([422, [{ pointer: '/action', code: 'UNKNOWN_ACTION' }]]);
    expect(await audit(`action=published&actor=${desk.id}`)).toMatchObject([
      { subject: 'earning-rule/odd@1', before: null, after: { definition: { name: 'odd' } } },
    ]);
  });

  it('is read in pages, newest first, between two instants, by auditors and admins alone', async () => {
    const all = await audit('limit=500');
    expect(all.length).toBeGreaterThan(10);
    const paged: unknown[] = [];
    for (let cursor = ''; ;) {
      const { data, nextCursor } = ok(await engine.api.get(`/v1/audit?limit=3${cursor}`));
      paged.push(...data);
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(paged).toEqual(all);
    const { at } = all[5] as { at: string };
    const [from, before] = [await audit(`limit=500&from=${at}`), await audit(`limit=500&to=${at}`)];
    expect([...from, ...before]).toEqual(all);
    expect((await engine.api.get('/v1/audit?limit=501')).status).toBe(422);
    expect((await engine.api.get('/v1/audit?cursor=x')).body.errors[0].code).toBe('NOT_A_CURSOR');
    expect((await (await engine.withScopes('auditor')).get('/v1/audit')).status).toBe(200);
    for (const scope of ['pos', 'members', 'finance', 'analyst', 'keys'] as const)
      expect((await (await engine.withScopes(scope)).get('/v1/audit')).status).toBe(403);
  });

  it.each([
    ['events', 'account.events'],
    ['purchases', 'account.records'],
    ['redemptions', 'account.records'],
    ['transfers', 'account.records'],
    ['audit_log', 'programme.audit'],
  ])('cannot be changed in %s without verify finding it', async (table, check) => {
    const where = table === 'audit_log' ? `action = 'member.suspended'` : `actor = '${till.id}'`;
    const row = `x.ctid = (SELECT y.ctid FROM ${table} y WHERE ${table === 'transfers' ? 'true' : where} LIMIT 1)`;
    const [before] = (await engine.asOwner(
      `UPDATE ${table} x SET actor = 'key_nobody' FROM ${table} o WHERE ${row} AND o.ctid = x.ctid RETURNING o.actor`,
    )) as unknown as { actor: string }[];
    const { differences } = ok(await engine.api.get('/v1/admin/verify'));
    await engine.asOwner(`UPDATE ${table} x SET actor = $1 WHERE x.actor = 'key_nobody'`, [before?.actor]);
    expect(differences.map((found: { check: string }) => found.check)).toContain(check);
  });
});
