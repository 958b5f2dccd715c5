import { CalendarPlanner } from '../../src/calendar/calendar-planner.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { runJob } from '../harness/run-job.js';

describe('gifts for anniversaries', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-11-01T12:00:00+08:00'));
  const api = () => engine.api;

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.policy({ expiry: { type: 'never' } });
  });
  afterAll(() => engine.close());

  const job = (name: string) => runJob(engine.engine.app, name);
  /** As two processes would that both believe to lead. */
  const planAll = () => engine.engine.app.get(CalendarPlanner).planAll();
  const enrol = async (body: object) => (await api().post('/v1/members', body)).body.id as string;
  const available = async (id: string) =>
    (await api().get(`/v1/members/${id}/balance`)).body.available as number;
  const giftsOf = async (id: string) => (await api().get(`/v1/members/${id}/calendar-gifts`)).body;

  it('come to all members once a rule is published, by two runs as by one', async () => {
    const alone = await enrol({ externalId: 'A', birthDate: '1990-12-05' });
    const [head, adult] = [
      await enrol({ externalId: 'H', birthDate: '1980-12-05' }),
      await enrol({ externalId: 'I', birthDate: '1981-12-06' }),
    ];
    const { id } = (await api().post('/v1/households', { name: 'Lin', head: { id: head } })).body;
    await api().post(`/v1/households/${id}/members`, { member: { id: adult }, role: 'adult' });
    await new ProgrammeBuilder(api()).rule('birthday', {
      trigger: { type: 'calendar', on: 'birthday' },
      amount: { type: 'fixed', points: 100 },
    });
    await Promise.all([planAll(), planAll()]);
    clock.set('2026-12-04T23:59:59+08:00');
    await job('apply-due');
    expect(await available(alone)).toBe(0);
    clock.set('2026-12-05T00:00:30+08:00');
    await Promise.all([job('apply-due'), planAll(), planAll()]);
    expect([await available(alone), await available(head)]).toEqual([100, 100]);
    clock.set('2026-12-07T09:00:00+08:00');
    await job('apply-due');
    expect(await available(head)).toBe(200);
    expect((await giftsOf(adult)).data).toMatchObject([
      {
        rule: { id: 'birthday', version: 1 },
        ...{ on: 'birthday', day: '2026-12-06', years: 45, points: 100 },
        occurredAt: '2026-12-05T16:00:00.000Z',
        explanation: [{ why: 'matched', points: 100 }],
      },
    ]);
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });

  it('follow a birth date that is entered, and a member who is enrolled, from then on', async () => {
    const entered = await enrol({ externalId: 'E' });
    const enrolled = await enrol({ externalId: 'F', birthDate: '2000-12-20' });
    await api().patch(`/v1/members/${entered}`, { birthDate: '2000-12-20' });
    await job('plan-calendar-gifts');
    clock.set('2026-12-20T00:01:00+08:00');
    await job('apply-due');
    expect([await available(entered), await available(enrolled)]).toEqual([100, 100]);
    await api().patch(`/v1/members/${entered}`, { birthDate: '2000-12-22' });
    await job('plan-calendar-gifts');
    clock.set('2026-12-23T00:01:00+08:00');
    await job('apply-due');
    expect(await available(entered)).toBe(100);
  });

  it('are given to a merged member once', async () => {
    const [kept, gone] = [
      await enrol({ externalId: 'K' }),
      await enrol({ externalId: 'L', birthDate: '1999-12-28' }),
    ];
    clock.set('2026-12-28T00:01:00+08:00');
    await job('plan-calendar-gifts');
    await job('apply-due');
    expect(await available(gone)).toBe(100);
    await api().patch(`/v1/members/${kept}`, { birthDate: '1999-12-30' });
    await api().post(`/v1/members/${kept}/merge`, { duplicate: { id: gone } });
    await job('plan-calendar-gifts');
    clock.set('2026-12-31T00:01:00+08:00');
    await job('apply-due');
    expect(await available(kept)).toBe(100);
  });

  it('end with the membership', async () => {
    const id = await enrol({ externalId: 'X', birthDate: '1999-06-30' });
    await api().post(`/v1/members/${id}/close`, {});
    clock.set('2028-01-02T00:01:00+08:00');
    await job('plan-calendar-gifts');
    await job('apply-due');
    expect((await giftsOf(id)).data).toEqual([]);
    expect((await api().get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });

  it.each([
    [{ trigger: { type: 'calendar' } }, '/trigger/on'],
    [{ trigger: { type: 'calendar', on: 'birthday', everyYears: 0 } }, '/trigger/everyYears'],
    [{ trigger: { type: 'calendar', on: 'birthday' }, origin: 'purchase' }, '/origin'],
    [{ trigger: { type: 'calendar', on: 'birthday' }, lines: { includeCategories: ['x'] } }, '/lines'],
    [
      { trigger: { type: 'calendar', on: 'birthday' }, limits: [{ period: 'year', times: 1 }] },
      '/limits/0/period',
    ],
  ])('are refused of %j', async (rule, pointer) => {
    const body = { name: 'x', amount: { type: 'fixed', points: 1 }, ...rule };
    const answer = await api().put('/v1/earning-rules/x/draft', body);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, pointer]);
  });
});
