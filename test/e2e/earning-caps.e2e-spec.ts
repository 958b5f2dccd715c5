import pg from 'pg';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** NT$ in minor units. */
const NTD = 100;

describe('caps on what rules give', () => {
  let engine: TestEngine;
  let database: pg.Client;
  const clock = new MovingClock();
  const api = () => engine.api;
  let members = 0;

  beforeEach(() => clock.set('2026-03-30T12:00:00+08:00'));
  beforeAll(async () => {
    clock.set('2026-01-01T00:00:00+08:00');
    engine = await startTestEngine({ clock });
    database = new pg.Client({ connectionString: engine.ownerUrl });
    await database.connect();
    const programme = new ProgrammeBuilder(api());
    await programme.policy({ maximumBalance: 10_000 });
    await programme.accounting();
    await programme.rule('base', {
      limits: [
        { period: 'day', points: 100 },
        { period: 'month', points: 250 },
      ],
      lines: { includeCategories: ['grocery'] },
    });
    await programme.rule('visit', {
      amount: { type: 'basketBonus', points: 5, minimumMinor: 0 },
      limits: [{ period: 'week', times: 2 }],
      lines: { includeCategories: ['grocery'] },
    });
    await programme.rule('coffee', {
      amount: { type: 'perUnit', points: 1 },
      lines: { includeCategories: ['coffee'] },
    });
    await programme.rule('fair', {
      multiplier: '1.5',
      lines: { includeCategories: ['fair'] },
    });
    await programme.rule('gift', {
      amount: { type: 'basketBonus', points: 9_950, minimumMinor: 0 },
      lines: { includeCategories: ['gift'] },
    });
  });
  afterAll(async () => {
    await database.end();
    await engine.close();
  });

  async function enrol(): Promise<{ externalId: string }> {
    members += 1;
    const member = { externalId: `C-cap-${members}` };
    expect((await api().post('/v1/members', member)).status).toBe(201);
    return member;
  }

  /** Posts a receipt of NT$ 700, now unless told otherwise; what each rule that matched a line gave. */
  async function shop(member: object, { query = '', ...overrides }: Record<string, unknown> = {}) {
    const body = receipt({
      member,
      occurredAt: new Date(clock.now()).toISOString(),
      lines: [line({ amountMinor: 700 * NTD })],
      ...overrides,
    });
    const answer = await api().post(`/v1/purchases?explain=true${query as string}`, body);
    expect([200, 201]).toContain(answer.status);
    const explanation = answer.body.explanation as Record<string, unknown>[];
    const given = explanation
      .filter(({ why }) => why !== 'noMatchingLine')
      .map(({ rule, points, limitedBy }) => [(rule as { id: string }).id, points, limitedBy]);
    return { body, answer: answer.body, given };
  }

  it('hold over days, weeks and months as the clock moves on', async () => {
    const member = await enrol();
    // 30 March 2026 is a Monday.
    const story: [at: string, base: [number, string | null], visit: [number, string | null]][] = [
      ['2026-03-28T12:00:00+08:00', [70, null], [5, null]],
      ['2026-03-30T12:00:00+08:00', [70, null], [5, null]],
      ['2026-03-30T18:00:00+08:00', [30, 'rule.perDay'], [5, null]],
      ['2026-03-30T23:59:59+08:00', [0, 'rule.perDay'], [0, 'rule.timesPerWeek']],
      ['2026-03-31T00:00:00+08:00', [70, null], [0, 'rule.timesPerWeek']],
      ['2026-03-31T12:00:00+08:00', [10, 'rule.perMonth'], [0, 'rule.timesPerWeek']],
      ['2026-04-01T00:00:00+08:00', [70, null], [0, 'rule.timesPerWeek']],
      ['2026-04-06T00:00:00+08:00', [70, null], [5, null]],
    ];
    for (const [at, base, visit] of story) {
      clock.set(at);
      const { given, answer } = await shop(member);
      expect([at, ...given]).toEqual([at, ['base', ...base], ['visit', ...visit]]);
      const { grants, pointsGranted } = answer;
      expect(pointsGranted).toBe(base[0] + visit[0]);
      for (const grant of grants) {
        const lines = grant.lines as { points: number }[];
        expect(lines.reduce((sum, { points }) => sum + points, 0)).toBe(grant.points);
      }
    }
  });

  it('judge a late receipt by what its own periods have left', async () => {
    const member = await enrol();
    clock.set('2026-04-02T12:00:00+08:00');
    await shop(member);
    const late = { occurredAt: '2026-03-30T12:00:00+08:00' };
    expect((await shop(member, late)).given).toEqual([
      ['base', 70, null],
      ['visit', 5, null],
    ]);
    // The week of 30 March has had both its visits by now, one of them on a later day.
    expect((await shop(member, late)).given).toEqual([
      ['base', 30, 'rule.perDay'],
      ['visit', 0, 'rule.timesPerWeek'],
    ]);
    expect((await shop(member)).given).toEqual([
      ['base', 30, 'rule.perDay'],
      ['visit', 0, 'rule.timesPerWeek'],
    ]);
  });

  it('hold for receipts that arrive at once, in a batch and by themselves', async () => {
    const member = await enrol();
    await Promise.all(Array.from({ length: 8 }, () => shop(member)));
    const lines = Array.from({ length: 4 }, () =>
      JSON.stringify(receipt({ member, occurredAt: new Date(clock.now()).toISOString() })),
    );
    await api().raw('POST', '/v1/purchases:batch', lines.join('\n'), 'application/x-ndjson');
    const { body } = await api().get(`/v1/members?externalId=${member.externalId}`);
    // 100 of the day, and two visits.
    expect(body.data[0].balance).toMatchObject({ available: 110, lifetimeEarned: 110 });
  });

  it('give the same figures in a dry run, which touches neither ledger nor counters', async () => {
    const member = await enrol();
    await shop(member);
    const stored = async () => {
      const tables: unknown[] = [];
      for (const table of ['earning_days', 'qualifying_days', 'lots', 'movements', 'accounts', 'claims'])
        tables.push((await database.query(`SELECT * FROM ${table} x ORDER BY x::text`)).rows);
      return tables;
    };
    const before = await stored();
    const dry = await shop(member, { query: '&dryRun=true' });
    expect(dry.given).toEqual([
      ['base', 30, 'rule.perDay'],
      ['visit', 5, null],
    ]);
    expect(await stored()).toEqual(before);
    const real = await shop(member, { receiptNo: dry.body['receiptNo'] });
    expect(real.given).toEqual(dry.given);
    expect(real.answer.balance).toEqual(dry.answer.balance);
    expect(real.answer.explanation).toEqual(dry.answer.explanation);
  });

  it('keep no counters of rules without limits', async () => {
    const member = await enrol();
    await shop(member, { lines: [line({ category: 'coffee' })] });
    const { rows } = await database.query(`SELECT DISTINCT d.rule_id FROM earning_days d ORDER BY d.rule_id`);
    expect(rows).toEqual([{ rule_id: 'base' }, { rule_id: 'visit' }]);
  });

  it('leave a balance at its maximum', async () => {
    const member = await enrol();
    await shop(member, { lines: [line({ category: 'gift' })] });
    const { given, answer } = await shop(member);
    expect(given).toEqual([
      ['base', 50, 'programme.maximumBalance'],
      ['visit', 0, 'programme.maximumBalance'],
    ]);
    expect(answer.balance).toMatchObject({ available: 10_000 });
    await api().post('/v1/redemptions', { member, points: 60, mode: 'capture' });
    clock.advance({ days: 1 });
    expect((await shop(member)).given).toEqual([
      ['base', 60, 'programme.maximumBalance'],
      ['visit', 0, 'programme.maximumBalance'],
    ]);
  });

  it('of units leave out the one that was free: four coffees, one through a reward', async () => {
    const coffee = line({
      category: 'coffee',
      quantity: '4',
      rewardedQuantity: '1',
      amountMinor: 900,
      taxMinor: 43,
    });
    expect((await shop(await enrol(), { lines: [coffee] })).given).toEqual([['coffee', 3, null]]);
  });

  it('refuse more free units than units', async () => {
    const lines = [line(), line({ lineNo: 2, quantity: '1.5', rewardedQuantity: '1.51' })];
    const { status, body } = await api().post('/v1/purchases', receipt({ member: await enrol(), lines }));
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      {
        pointer: '/lines/1/rewardedQuantity',
        code: 'REWARDED_EXCEEDS_QUANTITY',
        detail: 'The rewarded quantity is part of quantity and cannot be more.',
      },
    ]);
  });

  it('take a receipt that says of nothing that it was free as the one that says nothing', async () => {
    const occurredAt = new Date(clock.now()).toISOString();
    const body = receipt({ member: await enrol(), occurredAt });
    expect((await api().post('/v1/purchases', body)).status).toBe(201);
    const again = await api().post('/v1/purchases', { ...body, lines: [line({ rewardedQuantity: '0.0' })] });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each([
    [40, 6],
    [50, 7],
  ])('with a multiplier of 1.5, NT$ %i earn %i', async (amount, points) => {
    const lines = [line({ category: 'fair', amountMinor: amount * NTD, taxMinor: 0 })];
    expect((await shop(await enrol(), { lines })).given).toEqual([['fair', points, null]]);
  });

  it('earn on what was not paid with points', async () => {
    const member = await enrol();
    await shop(member, { lines: [line({ category: 'gift' })] });
    const { body: hold } = await api().post('/v1/redemptions', { member, points: 60, mode: 'authorise' });
    const fair = {
      lines: [line({ category: 'fair', amountMinor: 100 * NTD, taxMinor: 0 })],
      tenders: [
        { type: 'points', amountMinor: 60 * NTD },
        { type: 'cash', amountMinor: 40 * NTD },
      ],
      redemptionIds: [hold.id],
    };
    expect((await shop(member, fair)).given).toEqual([['fair', 6, null]]);
  });
});
