import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import type { ApiClient, Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

interface Listed {
  readonly id: string;
}

describe('lists', () => {
  let engine: TestEngine;
  let api: ApiClient;
  const clock = new MovingClock(Date.parse('2026-11-20T12:00:00+08:00'));
  const person = { A: '', B: '' };
  const bought: string[] = [];

  const ok = ({ status, body, text }: Answer) => {
    if (status >= 300) throw new Error(text);
    return body;
  };
  const idsOf = async (path: string): Promise<readonly string[]> =>
    ok(await api.get(path)).data.map(({ id }: Listed) => id);

  /** Each receipt at noon of its day in Taipei, in turn of A and B, in two shops. */
  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    api = engine.api;
    const programme = await new ProgrammeBuilder(api).shop();
    await programme.policy({
      transfers: { expiry: 'keep' },
      pointsOffBasket: { minorPerPoint: 100 },
      phoneRegion: 'TW',
    });
    await programme.tiers();
    await programme.adjustmentReason('sorry');
    for (const name of ['A', 'B'] as const) {
      const phone = { type: 'phone', value: name === 'A' ? '0912345678' : '0987654321' };
      const identities = [{ type: 'card', value: `2900-${name}-0815` }, phone];
      person[name] = ok(await api.post('/v1/members', { externalId: `List-${name}`, identities })).id;
    }
    for (const [index, day] of ['10', '11', '12', '12', '13'].entries()) {
      const body = receipt({
        source: index % 2 === 0 ? 'north' : 'south',
        receiptNo: `N-${index}`,
        member: { id: index % 2 === 0 ? person.A : person.B },
        occurredAt: `2026-11-${day}T12:00:00+08:00`,
      });
      bought.push(ok(await api.post('/v1/purchases', body)).id);
    }
  });
  afterAll(() => engine.close());

  const receiptsAt = (...indexes: number[]) => indexes.map((index) => bought[index]);

  it('of receipts: by member, source, number and day, newest first, page by page', async () => {
    expect(await idsOf('/v1/purchases')).toEqual(receiptsAt(4, 3, 2, 1, 0));
    expect(await idsOf(`/v1/purchases?memberId=${person.A}`)).toEqual(receiptsAt(4, 2, 0));
    expect(await idsOf('/v1/purchases?source=south&receiptNo=N-3')).toEqual(receiptsAt(3));
    expect(await idsOf('/v1/purchases?source=north&receiptNo=N-3')).toEqual([]);
    expect(await idsOf('/v1/purchases?from=2026-11-12&to=2026-11-12')).toEqual(receiptsAt(3, 2));
    expect(await idsOf('/v1/purchases?source=south&from=2026-11-01&to=2026-11-30')).toEqual(receiptsAt(3, 1));
    expect(await idsOf(`/v1/purchases?source=south&memberId=${person.A}`)).toEqual([]);
    const pages: string[] = [];
    for (let cursor = ''; ;) {
      const { data, nextCursor } = ok(await api.get(`/v1/purchases?limit=2${cursor}`));
      pages.push(...data.map(({ id }: Listed) => id));
      if (nextCursor === null) break;
      cursor = `&cursor=${nextCursor}`;
    }
    expect(pages).toEqual(receiptsAt(4, 3, 2, 1, 0));
    expect(ok(await api.get('/v1/purchases?limit=1')).data).toEqual([
      expect.objectContaining({
        businessDate: '2026-11-13',
        source: 'north',
        receiptNo: 'N-4',
        memberId: person.A,
      }),
    ]);
  });

  it.each([
    ['/v1/purchases?source=south', '/source', 'TOO_WIDE'],
    ['/v1/purchases?source=south&from=2026-11-01&to=2026-12-02', '/source', 'TOO_WIDE'],
    ['/v1/purchases?receiptNo=N-1', '/receiptNo', 'TOGETHER'],
    ['/v1/purchases?from=2026-11-02&to=2026-11-01', '/to', 'DAYS_UPSIDE_DOWN'],
    ['/v1/purchases?memberId=C-1', '/memberId', 'NOT_AN_ID'],
    ['/v1/transfers?cursor=5', '/cursor', 'NOT_A_CURSOR'],
  ])('refuse %s', async (path, pointer, code) => {
    const { status, body } = await api.get(path);
    expect([status, body.errors[0].pointer, body.errors[0].code]).toEqual([422, pointer, code]);
  });

  it('have pages of at most 500', async () => {
    for (const path of [
      'purchases',
      'returns',
      'redemptions',
      'transfers',
      'adjustments',
      'members',
      'audit',
    ])
      expect((await api.get(`/v1/${path}?limit=501`)).status).toBe(422);
    expect((await api.get(`/v1/members/${person.A}/events?limit=501`)).status).toBe(422);
  });

  it('of returns, redemptions, transfers and adjustments: by member and day', async () => {
    const back = (index: number) => ({
      source: 'north',
      receiptNo: `RT-${index}`,
      occurredAt: '2026-11-15T12:00:00+08:00',
      lines: [{ lineNo: 1, quantity: '1' }],
    });
    const returned = ok(await api.post(`/v1/purchases/${bought[0]}/returns`, back(0))).id;
    const held = ok(
      await api.post('/v1/redemptions', { member: { id: person.A }, points: 5, mode: 'authorise' }),
    ).id;
    const used = ok(
      await api.post('/v1/redemptions', { member: { id: person.B }, points: 5, mode: 'capture' }),
    ).id;
    const sent = ok(
      await api.post('/v1/transfers', { from: { id: person.A }, to: { id: person.B }, points: 5 }),
    ).id;
    const given = ok(
      await api.post('/v1/adjustments', { member: { id: person.B }, points: 5, reason: 'sorry' }),
    ).id;
    expect(await idsOf(`/v1/returns?memberId=${person.A}`)).toEqual([returned]);
    expect(await idsOf('/v1/returns?from=2026-11-15&to=2026-11-15')).toEqual([returned]);
    expect(await idsOf('/v1/returns?to=2026-11-14')).toEqual([]);
    expect(await idsOf('/v1/returns?source=north&receiptNo=RT-0')).toEqual([returned]);
    expect(await idsOf('/v1/redemptions')).toEqual([used, held]);
    expect(await idsOf(`/v1/redemptions?memberId=${person.A}`)).toEqual([held]);
    expect(await idsOf('/v1/redemptions?status=captured&from=2026-11-20')).toEqual([used]);
    expect(await idsOf('/v1/redemptions?to=2026-11-19')).toEqual([]);
    for (const id of [person.A, person.B])
      expect(await idsOf(`/v1/transfers?memberId=${id}`)).toEqual([sent]);
    expect(await idsOf('/v1/transfers?from=2026-11-21')).toEqual([]);
    expect(await idsOf('/v1/adjustments?from=2026-11-20&to=2026-11-20')).toEqual([given]);
    expect(await idsOf(`/v1/adjustments?memberId=${person.A}`)).toEqual([]);
    expect(await idsOf('/v1/adjustments?to=2026-11-19')).toEqual([]);
  });

  it.each([
    ['List-', ['A', 'B']],
    ['list-a', ['A']],
    ['0815', ['A', 'B']],
    ['2900-B', ['B']],
    ['0912345678', ['A']],
    ['0912 345 678', ['A']],
    ['678', ['A']],
    ['+886987', ['B']],
    ['%%%', []],
    ['zzz', []],
  ] as const)('of members by a text: %s', async (text, names) => {
    const found = await idsOf(`/v1/members?q=${encodeURIComponent(text)}`);
    expect(found).toEqual(names.map((name) => person[name]));
  });

  it('of members by tier, as it is now', async () => {
    const line = { lineNo: 1, sku: 'x', amountMinor: 500_000, taxMinor: 0 };
    const big = {
      member: { id: person.B },
      receiptNo: 'BIG',
      occurredAt: '2026-11-20T11:00:00+08:00',
      lines: [line],
    };
    expect(ok(await api.post('/v1/purchases', receipt(big))).standing.tier).toBe('gold');
    const tierOf = async (name: 'A' | 'B') =>
      ok(await api.get(`/v1/members/${person[name]}`)).standing.tier as string;
    const [a, b] = [await tierOf('A'), await tierOf('B')];
    expect(await idsOf(`/v1/members?tier=${b}`)).toEqual([person.B]);
    expect(await idsOf(`/v1/members?tier=${a}`)).toEqual([person.A]);
    expect(await idsOf(`/v1/members?tier=${b}&q=List-A`)).toEqual([]);
    expect(await idsOf('/v1/members?tier=none')).toEqual([]);
    expect((await api.get('/v1/members?q=ab')).status).toBe(422);
  });

  it('of events of a member, newest first', async () => {
    const { data } = ok(await api.get(`/v1/members/${person.A}/events?limit=500`));
    expect(data.at(-1)).toMatchObject({ type: 'member.enrolled', memberId: person.A });
    expect(new Set(data.map(({ memberId }: { memberId: string }) => memberId))).toEqual(new Set([person.A]));
    const { data: first, nextCursor } = ok(await api.get(`/v1/members/${person.A}/events?limit=3`));
    const { data: second } = ok(await api.get(`/v1/members/${person.A}/events?limit=3&cursor=${nextCursor}`));
    expect([...first, ...second]).toEqual(data.slice(0, 6));
    const recorded = ok(await api.get(`/v1/members/${person.A}/events?types=purchase.recorded`)).data;
    expect(recorded).toHaveLength(3);
    expect((await api.get('/v1/members/mbr_01h455vb4pex5vsknk084sn02q/events')).status).toBe(404);
  });

  it('are of one programme, and not for a till, which finds one by its number', async () => {
    const other = ok(
      await api.post('/v1/programmes', { name: 'Other', currency: 'TWD', timeZone: 'Asia/Taipei' }),
    );
    const stranger = async (path: string) => {
      const response = await fetch(`${engine.url}${path}`, { headers: { 'x-api-key': other.key } });
      return ((await response.json()) as { data: unknown[] }).data;
    };
    const lists = [
      'purchases',
      'returns',
      'redemptions',
      'transfers',
      'adjustments',
      'members',
      'members?q=List-',
    ];
    for (const list of lists) expect(await stranger(`/v1/${list}`)).toEqual([]);
    expect(await stranger('/v1/purchases?source=south&receiptNo=N-3')).toEqual([]);
    const till = await engine.withScopes('pos');
    for (const list of [...lists, 'purchases?source=south&from=2026-11-01&to=2026-11-02'])
      expect({ list, status: (await till.get(`/v1/${list}`)).status }).toEqual({ list, status: 403 });
    expect(ok(await till.get('/v1/purchases?source=south&receiptNo=N-3')).data).toHaveLength(1);
  });
});
