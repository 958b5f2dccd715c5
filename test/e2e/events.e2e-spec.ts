import { Ajv2020 } from 'ajv/dist/2020.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

interface Event {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly accountId: string;
  readonly sequence: number;
  readonly data: Record<string, unknown>;
}

describe('the event log', () => {
  let engine: TestEngine;

  beforeAll(async () => {
    engine = await startTestEngine();
    const { api } = engine;
    const programme = await new ProgrammeBuilder(api).shop();
    await programme.tiers();
    await programme.reward('coffee', { points: 45 });
    for (const externalId of ['E-1', 'E-2']) await api.post('/v1/members', { externalId });
    const member = { externalId: 'E-1' };
    await api.post('/v1/purchases', receipt({ member, lines: [line({ amountMinor: 600_000 })] }));
    await api.post(
      '/v1/purchases',
      receipt({ member: { externalId: 'E-2' }, lines: [line({ amountMinor: 10_000, taxMinor: 0 })] }),
    );
    const { body: held } = await api.post('/v1/redemptions', { member, points: 60, mode: 'authorise' });
    await api.post(`/v1/redemptions/${held.id}/capture`, { points: 20 });
    const { body: voided } = await api.post('/v1/redemptions', {
      member,
      rewardId: 'coffee',
      mode: 'authorise',
    });
    await api.post(`/v1/redemptions/${voided.id}/void`);
    const late = { member, occurredAt: '2024-05-01T10:00:00+08:00' };
    await api.post('/v1/purchases', receipt(late));
  });
  afterAll(() => engine.close());

  async function readAll(limit: number, query = ''): Promise<Event[]> {
    const events: Event[] = [];
    let cursor = '';
    for (;;) {
      const { body } = await engine.api.get(
        `/v1/events?limit=${limit}${cursor ? `&cursor=${cursor}` : ''}${query}`,
      );
      if (body.data.length === 0) return events;
      events.push(...(body.data as Event[]));
      cursor = body.nextCursor as string;
    }
  }

  it('tells what happened in order, page by page', async () => {
    const events = await readAll(3);
    expect(await readAll(100)).toEqual(events);
    expect(events.map(({ type }) => type)).toEqual([
      'member.enrolled',
      'member.enrolled',
      'purchase.recorded',
      // Gifts for a new tier share the receipt's price, so it comes before the points are valued and granted.
      'tier.changed',
      'points.granted',
      'purchase.recorded',
      'points.granted',
      'redemption.authorised',
      'redemption.captured',
      'redemption.authorised',
      'redemption.voided',
      'purchase.recorded',
      'points.granted',
      'points.expired',
    ]);
  });

  it('numbers the events of each account without a gap', async () => {
    const events = await readAll(100);
    for (const account of new Set(events.map(({ accountId }) => accountId))) {
      const numbers = events.filter(({ accountId }) => accountId === account).map(({ sequence }) => sequence);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
  });

  it('keeps to the schemas it publishes', async () => {
    const ajv = new Ajv2020({ allErrors: true });
    ajv.addFormat('date-time', (text: string) => !Number.isNaN(Date.parse(text)));
    ajv.addFormat('date', /^\d{4}-\d{2}-\d{2}$/);
    const { body } = await engine.api.get('/v1/events/schemas');
    const byTitle = new Map(
      body.data.map((schema: { title: string }) => [schema.title, ajv.compile(schema)]),
    );
    for (const { type, version, data } of await readAll(100)) {
      const validate = byTitle.get(`${type} v${version}`) as ReturnType<typeof ajv.compile>;
      expect({ type, valid: validate(data), errors: validate.errors }).toEqual({
        type,
        valid: true,
        errors: null,
      });
    }
  });

  it('filters by type and refuses a cursor that is none', async () => {
    const memberId = (await engine.api.get('/v1/members?externalId=E-1')).body.data[0].id as string;
    expect((await readAll(100, '&types=tier.changed')).map(({ data }) => [data['from'], data['to']])).toEqual(
      [['basic', 'gold']],
    );
    const expired = await readAll(100, '&types=points.expired,%20Points.Granted%20');
    expect(expired.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['points.expired', 'points.granted']),
    );
    for (const path of ['/v1/events', `/v1/members/${memberId}/events`]) {
      const { status, body } = await engine.api.get(`${path}?types=points.granted,points.lost`);
      expect([status, body.errors]).toMatchObject([422, [{ pointer: '/types', code: 'UNKNOWN_TYPE' }]]);
      expect(body.detail).toContain('/v1/events/schemas');
    }
    expect((await engine.api.get('/v1/events?cursor=abc')).status).toBe(422);
  });

  it('goes on from where a filter found nothing, and is held up by nobody who writes something else', async () => {
    const { dataSource } = engine.engine;
    const all = await readAll(100);
    const { body: nothing } = await engine.api.get('/v1/events?types=member.closed');
    expect(nothing).toEqual({ data: [], nextCursor: String(all.length) });
    const slow = dataSource.createQueryRunner();
    await slow.startTransaction();
    await slow.query(`UPDATE accounts SET version = version WHERE account_id = gen_random_uuid()`);
    await slow.query(`INSERT INTO unpublished_events VALUES (gen_random_uuid(), 1, 1)`);
    await engine.api.post(
      '/v1/purchases',
      receipt({ member: { externalId: 'E-2' }, lines: [line({ amountMinor: 10_000, taxMinor: 0 })] }),
    );
    const { body: more } = await engine.api.get(`/v1/events?cursor=${nothing.nextCursor}`);
    expect(more.data.map(({ type }: Event) => type)).toEqual(['purchase.recorded', 'points.granted']);
    await slow.rollbackTransaction();
    await slow.release();
  });

  it('refuses a cursor behind the end, as one of before a backup was restored', async () => {
    const { status, body } = await engine.api.get('/v1/events?cursor=123456789');
    expect([status, body.errors]).toMatchObject([422, [{ pointer: '/cursor', code: 'CURSOR_BEYOND_END' }]]);
  });
});
