import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** NT$ in minor units. */
const NTD = 100;

type Given = readonly [rule: string, why: string, points: number];

/** Every kind of amount and every step of the order of evaluation, on PostgreSQL; each rule has a category of its own. */
describe('the order of evaluation over HTTP', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-03-02T12:00:00+08:00'));
  const api = () => engine.api;
  let members = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.tiers();
    const on = (category: string) => ({ lines: { includeCategories: [category] } });
    const spend = { type: 'perSpend', points: 1, stepMinor: 10 * NTD };
    await programme.rule('base', on('grocery'));
    await programme.rule('web-double', {
      amount: { type: 'multiplierOnBase', factor: '2', of: ['base'] },
      condition: 'receipt.channel == "web"',
    });
    await programme.rule('web-treble', {
      amount: { type: 'multiplierOnBase', factor: '3', of: ['base'] },
      condition: 'receipt.channel == "web"',
    });
    const best = { group: { key: 'weekend', combine: 'best' } };
    await programme.rule('week-a', {
      ...{ ...on('weekend'), ...best, amount: { ...spend, points: 2 } },
      limits: [{ period: 'purchase', points: 50 }],
    });
    const bonus = { type: 'basketBonus', points: 60, minimumMinor: 300 * NTD };
    await programme.rule('week-b', { ...on('weekend'), ...best, amount: bonus });
    const first = { group: { key: 'first', combine: 'first' } };
    await programme.rule('first-a', {
      ...on('first'),
      ...first,
      order: 2,
      amount: { type: 'fixed', points: 90 },
    });
    await programme.rule('first-b', { ...on('first'), ...first, order: 1, amount: { ...bonus, points: 20 } });
    await programme.rule('vip', { ...on('vip'), exclusive: true, amount: { type: 'fixed', points: 500 } });
    await programme.rule('vip-base', on('vip'));
    await programme.rule('bands', {
      ...on('bands'),
      amount: {
        type: 'bands',
        bands: [
          { fromMinor: 1_000 * NTD, points: 50 },
          { fromMinor: 3_000 * NTD, points: 300 },
        ],
      },
    });
    const table = { type: 'tierTable', byTier: { silver: 30 }, otherwise: 5 };
    await programme.rule('table', { ...on('table'), amount: table });
    const margin = { type: 'marginShare', attribute: 'margin', share: '0.1', minorPerPoint: NTD };
    await programme.rule('margin', { ...on('margin'), amount: margin });
    await programme.rule('half-up', {
      ...on('half'),
      amount: { ...spend, steps: 'exact' },
      rounding: 'halfUp',
    });
    await programme.rule('px-pay', { ...on('px'), counts: { onlyTenders: ['PX_Pay'] } });
    const window = { type: 'rolling', days: 3 };
    await programme.rule('window', {
      ...on('window'),
      limits: [{ period: 'window', window, points: 100, onExceed: 'refuse' }],
    });
    await programme.rule('cool', {
      ...on('cool'),
      amount: { type: 'fixed', points: 10 },
      coolDown: { days: 3 },
    });
    await programme.rule('status', { ...on('status'), gives: 'status', rounding: 'ceil', multiplier: '1.5' });
    await programme.rule('both', { ...on('both'), gives: 'both' });
    await programme.rule('registered', { ...on('registered'), origin: 'purchase_conditional' });
  });
  afterAll(() => engine.close());

  async function enrol(): Promise<{ externalId: string }> {
    members += 1;
    const member = { externalId: `C-order-${members}` };
    expect((await api().post('/v1/members', member)).status).toBe(201);
    return member;
  }

  const item = (category: string, dollars: number, more: object = {}) =>
    line({ category, amountMinor: dollars * NTD, taxMinor: 0, ...more });

  /**
   * A receipt, dry, then really, then read again: all three tell the same. @returns its id, and what each rule that
   * looked at any of its lines gave.
   */
  async function buys(member: object, lines: object[], more: object = {}) {
    const occurredAt = new Date(clock.now()).toISOString();
    const body = receipt({ member, lines, occurredAt, ...more });
    const dry = await api().post('/v1/purchases?explain=true&dryRun=true', body);
    const real = await api().post('/v1/purchases?explain=true', body);
    expect([dry.status, real.status]).toEqual([200, 201]);
    for (const field of ['pointsGranted', 'explanation', 'balance'])
      expect([field, dry.body[field]]).toEqual([field, real.body[field]]);
    expect(dry.body.standing.tier).toEqual(real.body.standing.tier);
    const { id, explanation, pointsGranted, grants } = real.body;
    const read = await api().get(`/v1/purchases/${id as string}?explain=true`);
    expect(read.body.explanation).toEqual(explanation);
    const given = (explanation as { rule: { id: string }; why: string; points: number; basisMinor: number }[])
      .filter(({ basisMinor }) => basisMinor > 0)
      .map(({ rule, why, points }): Given => [rule.id, why, points]);
    expect(given.reduce((sum, [, , points]) => sum + points, 0)).toBe(pointsGranted);
    return { id: id as string, given, grants: grants as { origin: string; lines: unknown }[] };
  }

  /** Lines that come back. @returns the points taken. */
  async function returns(id: string, lineNo: number): Promise<number> {
    members += 1;
    const back = {
      source: 'store-1',
      receiptNo: `RT-order-${members}`,
      occurredAt: new Date(clock.now()).toISOString(),
      lines: [{ lineNo, quantity: '1' }],
    };
    const { status, body, text } = await api().post(`/v1/purchases/${id}/returns`, back);
    expect([status, status === 201 ? '' : text]).toEqual([201, '']);
    return body.pointsTaken as number;
  }

  it('adds multiples of the base to each other, and takes them back line by line', async () => {
    const lines = [item('grocery', 1_050), item('grocery', 500, { lineNo: 2 })];
    // NT$ 1,550 are 155 points; x 2 gives as many again, x 3 twice as many.
    const { id, given } = await buys(await enrol(), lines, { channel: 'web' });
    expect(given).toEqual([
      ['base', 'matched', 155],
      ['web-double', 'matched', 155],
      ['web-treble', 'matched', 310],
    ]);
    // Of the second line 50, 50 and 100.
    expect(await returns(id, 2)).toBe(200);
    expect(await returns(id, 1)).toBe(420);
  });

  it('lets the best of a group win after its limits, and holds the contest again when goods come back', async () => {
    const lines = [item('weekend', 200), item('weekend', 200, { lineNo: 2 })];
    // 2 for each NT$ 10 are 80, cut to 50; the bonus from NT$ 300 on gives 60.
    const { id, given } = await buys(await enrol(), lines);
    expect(given).toEqual([
      ['week-a', 'groupLost', 0],
      ['week-b', 'matched', 60],
    ]);
    // NT$ 200 are too few for the bonus and bring the other rule 40, which are kept of the 60.
    expect(await returns(id, 2)).toBe(20);
    expect(await returns(id, 1)).toBe(40);
  });

  it('lets the first of a group in order win, where it gives', async () => {
    expect((await buys(await enrol(), [item('first', 400)])).given).toEqual([
      ['first-b', 'matched', 20],
      ['first-a', 'groupLost', 0],
    ]);
    const { given } = await buys(await enrol(), [item('first', 200)]);
    expect(given).toContainEqual(['first-a', 'matched', 90]);
    expect(given).toContainEqual(['first-b', 'belowMinimum', 0]);
  });

  it('lets an exclusive rule give alone', async () => {
    const { given } = await buys(await enrol(), [item('vip', 900), item('grocery', 100, { lineNo: 2 })]);
    expect(given.filter(([, , points]) => points > 0)).toEqual([['vip', 'matched', 500]]);
    expect(given).toContainEqual(['vip-base', 'excluded', 0]);
    expect(given).toContainEqual(['base', 'excluded', 0]);
  });

  it('gives the band of what is left after a return', async () => {
    const lines = [item('bands', 2_000), item('bands', 1_200, { lineNo: 2 })];
    const { id, given } = await buys(await enrol(), lines);
    expect(given).toEqual([['bands', 'matched', 300]]);
    expect(await returns(id, 2)).toBe(250);
    expect(await returns(id, 1)).toBe(50);
  });

  it('goes by the tier that the receipt found, before and after it promoted', async () => {
    const member = await enrol();
    // Silver from NT$ 1,000 on: the receipt that reaches it is one of the tier before.
    expect((await buys(member, [item('table', 1_000)])).given).toEqual([['table', 'matched', 5]]);
    clock.advance({ minutes: 1 });
    expect((await buys(member, [item('table', 10)])).given).toEqual([['table', 'matched', 30]]);
  });

  it('gives a share of the margin that lines carry', async () => {
    // 10 per cent of NT$ 123 is 12.3.
    const lines = [
      item('margin', 900, { attributes: { margin: 123 * NTD } }),
      item('margin', 900, { lineNo: 2, attributes: { margin: -5 } }),
    ];
    const { id, given } = await buys(await enrol(), lines);
    expect(given).toEqual([['margin', 'matched', 12]]);
    // All of them came from the first line.
    expect(await returns(id, 2)).toBe(0);
    expect(await returns(id, 1)).toBe(12);
  });

  it.each([
    [104, 10],
    [105, 11],
  ])('rounds half up, once: NT$ %i give %i', async (dollars, points) => {
    expect((await buys(await enrol(), [item('half', dollars)])).given).toEqual([
      ['half-up', 'matched', points],
    ]);
  });

  it('counts only what was paid with a tender', async () => {
    const tenders = [
      { type: 'px_pay', amountMinor: 300 * NTD },
      { type: 'cash', amountMinor: 700 * NTD },
    ];
    const lines = [item('px', 600), item('px', 400, { lineNo: 2 })];
    const { id, given } = await buys(await enrol(), lines, { tenders });
    expect(given).toEqual([['px-pay', 'matched', 30]]);
    // 30 points over NT$ 600 and 400 are 18 and 12.
    expect(await returns(id, 2)).toBe(12);
    expect((await buys(await enrol(), lines, { tenders: [tenders[1]] })).given).toEqual([]);
  });

  it('refuses what a window has no room for, until the days that filled it have left', async () => {
    const member = await enrol();
    expect((await buys(member, [item('window', 700)])).given).toEqual([['window', 'matched', 70]]);
    expect((await buys(member, [item('window', 400)])).given).toEqual([['window', 'limitReached', 0]]);
    expect((await buys(member, [item('window', 300)])).given).toEqual([['window', 'matched', 30]]);
    clock.advance({ days: 2 });
    expect((await buys(member, [item('window', 10)])).given).toEqual([['window', 'limitReached', 0]]);
    clock.advance({ days: 1 });
    expect((await buys(member, [item('window', 1_000)])).given).toEqual([['window', 'matched', 100]]);
  });

  it('cools down, and gives again once the goods that it gave for are back', async () => {
    const member = await enrol();
    const { id, given } = await buys(member, [item('cool', 50)]);
    expect(given).toEqual([['cool', 'matched', 10]]);
    clock.advance({ days: 2 });
    expect((await buys(member, [item('cool', 50)])).given).toEqual([['cool', 'limitReached', 0]]);
    expect(await returns(id, 1)).toBe(10);
    expect((await buys(member, [item('cool', 50)])).given).toEqual([['cool', 'matched', 10]]);
    clock.advance({ days: 3 });
    expect((await buys(member, [item('cool', 50)])).given).toEqual([['cool', 'matched', 10]]);
  });

  it('carries a part of the price in points of a sale with a condition, as in those of a sale alone', async () => {
    const member = await enrol();
    const { grants } = await buys(member, [item('registered', 1_000)]);
    expect(grants).toMatchObject([{ origin: 'purchase_conditional', points: 100 }]);
    const { body: same } = await api().get(`/v1/members?externalId=${member.externalId}`);
    const lots = (await api().get(`/v1/members/${same.data[0].id as string}/lots`)).body.data;
    expect(lots).toMatchObject([{ origin: 'purchase_conditional', points: 100 }]);
  });

  it('counts status points beside points, and takes them back', async () => {
    const member = await enrol();
    const lines = [item('status', 110), item('both', 200, { lineNo: 2 }), item('both', 300, { lineNo: 3 })];
    const { id, given } = await buys(member, lines);
    // 11 x 1.5 are 16.5, rounded up.
    expect(given).toEqual([
      ['both', 'matched', 50],
      ['status', 'matched', 0],
    ]);
    const read = async () => (await api().get(`/v1/purchases/${id}?explain=true`)).body;
    expect(await read()).toMatchObject({ pointsGranted: 50, statusPoints: 67 });
    expect((await read()).explanation).toContainEqual(
      expect.objectContaining({ gives: 'status', points: 0, statusPoints: 17, raw: '11' }),
    );
    const counted = () =>
      engine.asOwner(
        `SELECT sum(d.status)::int AS status, sum(d.points)::int AS points FROM qualifying_days d
         JOIN member_identities i ON i.member_id = d.member_id WHERE i.value = $1`,
        [member.externalId],
      );
    expect(await counted()).toEqual([{ status: 67, points: 50 }]);
    expect(await returns(id, 3)).toBe(30);
    expect(await counted()).toEqual([{ status: 37, points: 20 }]);
    expect(await returns(id, 1)).toBe(0);
    expect(await counted()).toEqual([{ status: 20, points: 20 }]);
    expect((await read()).returns.map(({ statusPoints }: { statusPoints: number }) => statusPoints)).toEqual([
      30, 17,
    ]);
    const { body } = await api().get('/v1/events?types=status.counted&limit=10');
    expect(body.data.map(({ data }: { data: { statusPoints: number } }) => data.statusPoints)).toEqual([
      67, -30, -17,
    ]);
  });

  it('leaves books and stored figures that agree with each other', async () => {
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ differences: [], clean: true });
    expect((await api().get('/v1/finance/tie-out')).body).toMatchObject({ ties: true });
  });
});
