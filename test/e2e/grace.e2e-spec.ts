import { ApplyDue } from '../../src/ledger/index.js';
import { KEPT_BY_CLOSED } from '../../migrations/1764000000202-grace.js';
import { idToUuid } from '../../src/kernel/ids.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const CLOSING = '2026-11-10T09:00:00+08:00';
/** The midnight after the tenth day, in Taipei. */
const FORFEITED = '2026-11-20T16:00:00.000Z';

describe('memberships that are closed with days of grace', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-01T12:00:00+08:00'));
  const api = () => engine.api;
  let made = 0;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await (await new ProgrammeBuilder(api()).shop()).tiers();
    await programme.policy({ expiry: { type: 'never' }, closing: { graceDays: 10 } });
    await programme.rule('waits', {
      ...{ lines: { includeCategories: ['slow'] }, pending: { type: 'days', days: 60 } },
      limits: [{ period: 'month', points: 5000 }],
    });
  });
  afterAll(() => engine.close());

  async function expectBooksInOrder(): Promise<void> {
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
    expect((await api().get('/v1/finance/tie-out')).body.ties).toBe(true);
  }

  async function earner(category = 'grocery'): Promise<string> {
    made += 1;
    const member = { externalId: `G-${made}` };
    const { body } = await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    const lines = [line({ category })];
    await api().post('/v1/purchases', receipt({ member, lines, occurredAt: '2026-11-01T10:00:00+08:00' }));
    return body.id;
  }
  const closes = async (id: string) => (await api().post(`/v1/members/${id}/close`, {})).body;
  const balanceOf = async (id: string) => (await api().get(`/v1/members/${id}/balance`)).body;
  const applyAllDue = () => engine.engine.app.get(ApplyDue).all();

  it('keep their points till the job comes after the last day, and the books say when', async () => {
    clock.set('2026-11-01T12:00:00+08:00');
    const [quick, waits] = [await earner(), await earner('slow')];
    const before = Number((await api().get('/v1/finance/liability')).body.lines[0].gross);
    clock.set(CLOSING);
    for (const id of [quick, waits])
      expect(await closes(id)).toMatchObject({ status: 'closed', pointsForfeited: 0, forfeitsAt: FORFEITED });
    expect(await closes(quick)).toMatchObject({ pointsForfeited: 0, forfeitsAt: FORFEITED });
    await expectBooksInOrder();
    clock.set('2026-11-20T23:00:00+08:00');
    await applyAllDue();
    expect([(await balanceOf(quick)).available > 0, (await balanceOf(waits)).pending > 0]).toEqual([
      true,
      true,
    ]);
    expect(Number((await api().get('/v1/finance/liability')).body.lines[0].gross)).toBe(before);
    clock.set('2026-11-25T12:00:00+08:00');
    expect(await applyAllDue()).toBe(2);
    expect(await applyAllDue()).toBe(0);
    expect(await balanceOf(quick)).toMatchObject({ available: 0, pending: 0 });
    expect(await balanceOf(waits)).toMatchObject({ available: 0, pending: 0 });
    const { lines } = (await api().get('/v1/finance/journal?from=2026-11&to=2026-11')).body;
    const forfeited = lines.filter(({ eventCode }: { eventCode: string }) => eventCode === 'E15');
    expect(
      forfeited.map(({ postingDate, manual }: Record<string, unknown>) => [postingDate, manual]),
    ).toEqual([
      ['2026-11-21', false],
      ['2026-11-21', false],
    ]);
    expect(Number((await api().get('/v1/finance/liability')).body.lines[0].gross)).toBe(0);
    const { data } = (await api().get('/v1/events?types=closing.graceBegan,closing.graceEnded&limit=50'))
      .body;
    expect(data.map(({ type }: { type: string }) => type).sort()).toEqual([
      ...['closing.graceBegan', 'closing.graceBegan', 'closing.graceEnded', 'closing.graceEnded'],
    ]);
    await expectBooksInOrder();
  });

  it('forfeit them when somebody looks, too', async () => {
    clock.set('2026-11-25T12:00:00+08:00');
    const id = await earner();
    await closes(id);
    clock.set('2026-12-06T00:00:00+08:00');
    expect(await balanceOf(id)).toMatchObject({ available: 0 });
    await expectBooksInOrder();
  });

  it('take no measures of their own for points of others that are left with them when it is over', async () => {
    clock.set('2026-11-01T12:00:00+08:00');
    const [head, buyer] = [await earner(), await earner('slow')];
    const { body: household } = await api().post('/v1/households', { head: { id: head } });
    const members = `/v1/households/${household.id}/members`;
    await api().post(members, { member: { id: buyer }, role: 'adult' });
    clock.set(CLOSING);
    await closes(head);
    clock.set('2026-11-18T09:00:00+08:00');
    await api().post(`${members}/${buyer}/leave`, { split: 'none' });
    // The head's own grace is over, that of the household is not.
    clock.set('2026-11-22T09:00:00+08:00');
    expect((await api().post(`${members}/${head}/leave`, { split: 'none' })).status).toBe(200);
    expect(await balanceOf(head)).toMatchObject({ available: 0, pending: 0 });
    const pointsOf = (id: string) =>
      engine.asOwner('SELECT sum(points)::int AS points FROM qualifying_days WHERE member_id = $1', [
        idToUuid(id),
      ]);
    expect([await pointsOf(head), await pointsOf(buyer)]).toEqual([[{ points: 105 }], [{ points: 105 }]]);
    await expectBooksInOrder();
    clock.set('2026-12-01T12:00:00+08:00');
    await applyAllDue();
  });

  it('and those of an earlier release, which kept its points, need not be closed again', async () => {
    clock.set('2026-12-06T12:00:00+08:00');
    const id = await earner();
    await engine.asOwner(`UPDATE members SET status = 'closed' WHERE member_id = $1`, [idToUuid(id)]);
    expect(await applyAllDue()).toBe(0);
    await engine.asOwner(KEPT_BY_CLOSED);
    expect(await applyAllDue()).toBe(1);
    expect(await balanceOf(id)).toMatchObject({ available: 0 });
  });
});
