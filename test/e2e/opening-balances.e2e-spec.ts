import pg from 'pg';
import { idToUuid } from '../../src/kernel/ids.js';
import { HELD_BARRIER } from '../../src/platform/database/write-barrier.store.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { ApiClient } from '../harness/api-client.js';
import { VerifyService } from '../../src/integrity/index.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const LOT = {
  externalId: 'L-1',
  member: { externalId: 'C-1' },
  origin: 'purchase',
  points: 1_000,
  carriedMinor: 80_000,
  earnedOn: '2025-03-14',
  expiresOn: '2026-12-31',
};

describe('opening balances', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-01-03T10:00:00+08:00'));
  const bring = (lots: readonly (typeof LOT | object)[], changes: object = {}, query = '') => {
    const sum = (field: 'points' | 'carriedMinor') =>
      lots.reduce((total: number, lot) => total + (lot as typeof LOT)[field], 0);
    const control = { lots: lots.length, points: sum('points'), carriedMinor: sum('carriedMinor') };
    return engine.api.post(`/v1/opening-balances${query}`, { source: 'old-pos', control, lots, ...changes });
  };
  const codeOf = async (lot: object) => (await bring([{ ...LOT, externalId: 'X', ...lot }])).body.results[0];

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const { api } = engine;
    const builder = await (await new ProgrammeBuilder(api).shop()).tiers();
    expect((await bring([LOT])).body.results[0].problem.code).toBe('BOOKS_FROM_MISSING');
    await builder.policy({ booksFrom: '2026-02' });
    expect((await bring([LOT])).body.results[0].problem.code).toBe('BOOKS_BEGIN_LATER');
    // Planned while the books are empty; the policy that is published after it says the month that holds.
    await planned(api, '2026-09', '2026-05-01T00:00:00+08:00');
    await builder.policy({ booksFrom: '2026-01' });
    for (const externalId of ['C-1', 'C-2'])
      await api.post('/v1/members', { externalId, enrolledAt: '2025-01-01T00:00:00Z' });
  });
  afterAll(() => engine.close());

  it('refuses what its control totals deny, before anything is written', async () => {
    const answer = await bring([LOT], { control: { lots: 1, points: 1_000, carriedMinor: 80_001 } });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      code: 'CONTROL_TOTALS_DIFFER',
      meta: { difference: { lots: 0, points: 0, carriedMinor: -1 } },
    });
    expect((await engine.api.get('/v1/members?externalId=C-1')).body.data).toHaveLength(1);
  });

  it('tries without writing', async () => {
    const { status, body } = await bring([LOT], {}, '?dryRun=true');
    expect([status, body.results[0].status]).toEqual([200, 200]);
    expect((await proof({ lots: 0, points: 0, carriedMinor: 0 })).agrees).toBe(true);
  });

  it('brings lots in once, with what they carry, and refuses the rest by name', async () => {
    const lots = [
      LOT,
      {
        ...LOT,
        externalId: 'L-2',
        origin: 'non_purchase',
        points: 50,
        carriedMinor: 0,
        expiresOn: undefined,
      },
      // Over since, so it expires at once, on its own day.
      {
        ...LOT,
        externalId: 'L-3',
        member: { externalId: 'C-2' },
        points: 30,
        carriedMinor: 2_401,
        expiresOn: '2026-01-02',
      },
      { ...LOT, externalId: 'L-4', member: { externalId: 'nobody' }, points: 7, carriedMinor: 1 },
    ];
    const { body } = await bring(lots);
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([201, 201, 201, 404]);
    expect(body.results[3].problem.code).toBe('MEMBER_NOT_FOUND');
    expect(body.taken).toEqual({ lots: 3, points: 1_080, carriedMinor: 82_401 });
    const again = await bring(lots.slice(0, 3));
    expect(again.body.results.map(({ replayed }: { replayed: boolean }) => replayed)).toEqual([
      true,
      true,
      true,
    ]);
    expect(await codeOf({ externalId: 'L-1', points: 999 })).toMatchObject({
      problem: { code: 'OPENING_CONFLICT' },
    });
    const other = await codeOf({ externalId: 'L-1', member: { externalId: 'C-2' } });
    expect(other).toMatchObject({ problem: { code: 'OPENING_CONFLICT' } });
    expect(await codeOf({ earnedOn: '2026-01-01' })).toMatchObject({
      problem: { code: 'OPENING_EARNED_LATER' },
    });
    expect(await codeOf({ expiresOn: '2025-12-31' })).toMatchObject({ problem: { code: 'OPENING_EXPIRED' } });
    expect(await codeOf({ origin: 'non_purchase' })).toMatchObject({
      problem: { code: 'OPENING_CARRIES_MONEY' },
    });
    expect((await bring([{ ...LOT, points: -5 }])).status).toBe(422);
    expect((await bring([{ ...LOT, carriedMinor: -5 }])).status).toBe(422);
  });

  it('is in the audit log, lot by lot, written in the transaction of the lot', async () => {
    const { data } = (await engine.api.get('/v1/audit?action=openings.broughtIn')).body;
    const entry = { actor: expect.stringMatching(/^key_/), subject: 'openings/old-pos', before: null };
    const found = data.map(({ after }: { after: { externalId: string } }) => after.externalId);
    expect(found.toSorted()).toEqual(['L-1', 'L-2', 'L-3']);
    const first = data.find(({ after }: { after: { externalId: string } }) => after.externalId === 'L-1');
    const { externalId, origin, points, carriedMinor } = LOT;
    const lot = { lotId: expect.stringMatching(/^lot_/), source: 'old-pos', externalId, origin };
    expect(first).toMatchObject({ ...entry, after: { ...lot, points, carriedMinor } });
    const ofMember = await engine.api.get(`/v1/audit?memberId=${first.memberId}`);
    expect(ofMember.body.data.map(({ action }: { action: string }) => action)).toContain(
      'openings.broughtIn',
    );
    const together = await engine.asOwner(`SELECT a.after ->> 'externalId' AS lot FROM audit_log a
      JOIN lots l ON l.valuation::jsonb #>> '{opening,externalId}' = a.after ->> 'externalId'
      JOIN movements m ON m.account_id = l.account_id AND m.lot_id = l.lot_id AND m.event_code = 'E26'
      WHERE a.action = 'openings.broughtIn' AND a.xmin = m.xmin ORDER BY 1`);
    expect(together).toEqual([{ lot: 'L-1' }, { lot: 'L-2' }, { lot: 'L-3' }]);
  });

  it('explains each point by where it came from', async () => {
    const member = (await engine.api.get('/v1/members?externalId=C-1')).body.data[0].id;
    const lots = (await engine.api.get(`/v1/members/${member}/lots`)).body.data;
    const lot = lots.find(({ points }: { points: number }) => points === 1_000);
    expect(lot).toMatchObject({
      source: { type: 'opening', id: lot.id },
      purchaseId: null,
      allocated: '800.000000',
      earnedAt: '2025-03-13T16:00:00.000Z',
      expiresAt: '2026-12-31T16:00:00.000Z',
      valuation: { method: 'given', opening: { source: 'old-pos', externalId: 'L-1' } },
    });
    const [first] = (await engine.api.get(`/v1/members/${member}/movements`)).body.data.reverse();
    expect(first).toMatchObject({
      eventCode: 'E26',
      postingDate: '2026-01-01',
      late: false,
      cause: { type: 'opening', id: lot.id },
      liability: '800.000000',
    });
    expect((await engine.api.get(`/v1/members/${member}/standing`)).body).toMatchObject({
      progress: [{ measure: 'spend', value: 0 }],
    });
  });

  it('proves what came in, to the journal and the roll-forward', async () => {
    expect(await proof({ lots: 3, points: 1_080, carriedMinor: 82_401 })).toEqual({
      source: 'old-pos',
      openingDay: '2026-01-01',
      stated: { lots: 3, points: 1_080, carriedMinor: 82_401 },
      broughtIn: { lots: 3, points: 1_080, carriedMinor: 82_401 },
      difference: { lots: 0, points: 0, carriedMinor: 0 },
      agrees: true,
      ties: true,
    });
    const less = await proof({ lots: 4, points: 1_081, carriedMinor: 82_400 });
    expect(less).toMatchObject({ agrees: false, difference: { lots: -1, points: -1, carriedMinor: 1 } });
    const journal = (await engine.api.get('/v1/finance/journal?from=2026-01-01&to=2026-01-01')).body;
    expect(journal.lines).toMatchObject([
      { eventCode: 'E26', accountRole: 'OPENING', debit: '824.01', credit: '0.00' },
      { eventCode: 'E26', accountRole: 'CL_POINTS', debit: '0.00', credit: '824.01' },
    ]);
    const forward = (await engine.api.get('/v1/finance/roll-forward?from=2026-01&to=2026-01')).body;
    const rows = new Map(forward.months[0].rows.map((row: { row: string }) => [row.row, row]));
    expect(Object.fromEntries(rows)).toMatchObject({
      opening: { points: 0, gross: '0.000000' },
      brought_in: { points: 1_080, gross: '824.010000' },
      expired: { points: -30, gross: '-24.010000' },
      closing: { points: 1_050, gross: '800.000000' },
    });
  });

  it('is not there before the opening, though it was earned then', async () => {
    const before = 'asOf=2025-12-31';
    expect((await engine.api.get(`/v1/finance/lots?${before}`)).body.totals).toMatchObject({
      lots: 0,
      points: 0,
    });
    expect((await engine.api.get(`/v1/finance/tie-out?${before}`)).body.ties).toBe(true);
    const member = (await engine.api.get('/v1/members?externalId=C-1')).body.data[0].id;
    const past = '2025-12-31T12:00:00Z';
    const balance = (await engine.api.get(`/v1/members/${member}/balance?asOf=${past}`)).body;
    expect(balance).toMatchObject({ available: 0 });
    expect((await engine.api.get(`/v1/members/${member}/lots?asOf=${past}`)).body.data).toEqual([]);
    const { text } = await engine.api.get('/v1/finance/lots?asOf=2026-01-01&format=csv');
    expect(text).toMatch(/opening_source,opening_external_id\r\n[^]*,old-pos,L-1\r\n/);
  });

  it('releases what is used of it like any other, and verify finds nothing', async () => {
    const used = { member: { externalId: 'C-1' }, points: 400, mode: 'capture' };
    expect((await engine.api.post('/v1/redemptions', used)).status).toBe(201);
    const { body } = await engine.api.get('/v1/finance/liability');
    expect(body.lines[0]).toMatchObject({ points: 650, gross: '480.000000' });
    expect((await engine.api.get('/v1/finance/tie-out')).body.ties).toBe(true);
    const report = await engine.engine.app.get(VerifyService).run();
    expect(report.differences).toEqual([]);
  });

  it('takes nothing more in once the books have gone on, and still answers for what is in', async () => {
    const purchase = {
      ...{ source: 's', receiptNo: 'R-1', member: { externalId: 'C-2' }, currency: 'TWD' },
      occurredAt: '2026-01-02T10:00:00+08:00',
      lines: [{ lineNo: 1, sku: 'A', amountMinor: 100_000 }],
    };
    expect((await engine.api.post('/v1/purchases', purchase)).status).toBe(201);
    expect(await codeOf({ externalId: 'L-9' })).toMatchObject({
      status: 409,
      problem: { code: 'BOOKS_BEGUN' },
    });
    expect(await codeOf({ externalId: 'L-1' })).toMatchObject({ replayed: true });
  });

  it('keeps the first month in the books once movements with money are posted', async () => {
    const policy = '/v1/programmes/policy';
    const publish = async (changes: object, body: object = {}) => {
      const definition = { pointName: 'points', expiry: { type: 'never' }, ...changes };
      expect((await engine.api.put(`${policy}/draft`, definition)).status).toBe(200);
      return engine.api.post(`${policy}/publish`, body);
    };
    const ahead = { effectiveAt: '2026-06-01T00:00:00Z' };
    for (const changes of [{ booksFrom: '2026-02' }, { booksFrom: '2025-12' }, {}])
      for (const from of [{}, ahead])
        expect(await publish(changes, from)).toMatchObject({
          status: 409,
          body: { code: 'BOOKS_FROM_KEPT', meta: { booksFrom: '2026-01' } },
        });
    expect((await publish({ booksFrom: '2026-01' })).status).toBe(200);
  });

  it('keeps the month also on the day of a policy that was planned with another one', async () => {
    clock.set('2026-05-02T10:00:00+08:00');
    expect(await proof({ lots: 0, points: 0, carriedMinor: 0 })).toMatchObject({ openingDay: '2026-01-01' });
  });

  it('judges the month by the movements of a command that is being written meanwhile', async () => {
    const body = { name: 'Second', currency: 'TWD', timeZone: 'Asia/Taipei' };
    const { key } = (await engine.api.post('/v1/programmes', body)).body;
    const api = new ApiClient(engine.url, key);
    await (await new ProgrammeBuilder(api).shop()).policy({ booksFrom: '2026-06' });
    const member = { externalId: 'S-1' };
    await api.post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    const sold = await api.post(
      '/v1/purchases',
      receipt({ member, occurredAt: '2026-05-01T10:00:00+08:00' }),
    );
    expect(sold.status).toBe(201);
    const writer = new pg.Client({ connectionString: engine.ownerUrl });
    await writer.connect();
    try {
      await writer.query('BEGIN');
      await writer.query(HELD_BARRIER);
      await writer.query('UPDATE movements SET liability = 1 WHERE cause_id = $1', [idToUuid(sold.body.id)]);
      const published = expect(planned(api, '2026-07')).rejects.toThrow('BOOKS_FROM_KEPT');
      await waitsForLock(writer);
      await writer.query('COMMIT');
      await published;
    } finally {
      await writer.end();
    }
  });

  it('is for keys that import or administer', async () => {
    const pos = await engine.withScopes('pos');
    expect((await pos.post('/v1/opening-balances', {})).status).toBe(403);
    const importer = await engine.withScopes('import');
    expect((await importer.post('/v1/opening-balances', {})).status).toBe(422);
    const auditor = await engine.withScopes('auditor');
    expect(
      (await auditor.get('/v1/opening-balances/proof?source=a&lots=0&points=0&carriedMinor=0')).status,
    ).toBe(200);
  });

  async function proof(stated: { lots: number; points: number; carriedMinor: number }) {
    const query = Object.entries(stated).map(([name, value]) => `${name}=${value}`);
    return (await engine.api.get(`/v1/opening-balances/proof?source=old-pos&${query.join('&')}`)).body;
  }
});

/** Publishes a policy with a first month in the books. @throws Error with the refusal */
async function planned(api: ApiClient, booksFrom: string, effectiveAt?: string): Promise<void> {
  const policy = '/v1/programmes/policy';
  await api.put(`${policy}/draft`, { pointName: 'points', expiry: { type: 'never' }, booksFrom });
  const { status, text } = await api.post(`${policy}/publish`, effectiveAt ? { effectiveAt } : {});
  if (status !== 200) throw new Error(text);
}

/** Ends once another session waits for a lock on `write_barriers`. */
async function waitsForLock(client: pg.Client): Promise<void> {
  for (;;) {
    const sql = `SELECT FROM pg_locks l WHERE l.relation = 'write_barriers'::regclass AND NOT l.granted
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())`;
    if ((await client.query(sql)).rowCount) return;
  }
}
