import { ExpiryAnnouncer } from '../../src/ledger/index.js';
import { ApplyDue } from '../../src/ledger/index.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import type { ApiClient, Answer } from '../harness/api-client.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';
import { countRowsLoaded } from '../harness/rows-loaded.js';

const START = Date.parse('2026-03-01T04:00:00Z');
const DAY_MS = 86_400_000;
/** Lots of the deep account: so many a day, each of which ends on its own day a year later. */
const DAYS = 40;
const A_DAY = 12;
/** What a command may load on an account of any depth: its own lots and holds, and the first of every kind of lot. */
const MOST_ROWS = 55;

/** A job answers with something else. */
function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'status' in value && 'text' in value;
}

/**
 * The mechanism behind the cost of a command, without a clock: the rows that are loaded for it on an account with
 * hundreds of lots of every kind. A command that is missing here has no bound.
 */
describe('the rows that a command loads on an account with many lots', () => {
  let engine: TestEngine;
  let checker: ApiClient;
  const clock = new MovingClock(START + DAYS * DAY_MS);
  const counted = countRowsLoaded();
  const api = () => engine.api;
  const deep = { externalId: 'deep' };
  let deepId: string;
  let people = 0;

  const iso = (at: number) => new Date(at).toISOString();
  const at = (day: number) => iso(START + day * DAY_MS);
  const now = () => iso(clock.now());

  async function enrolled(externalId = `E-${(people += 1)}`): Promise<{ id: string; externalId: string }> {
    return (await api().post('/v1/members', { externalId, enrolledAt: '2025-01-01T00:00:00Z' })).body;
  }

  const buys = (member: object, overrides: object = {}, category = 'grocery') =>
    api().post(
      '/v1/purchases',
      receipt({
        member,
        occurredAt: now(),
        lines: [line({ amountMinor: 10_000, taxMinor: 0, category })],
        ...overrides,
      }),
    );

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    checker = await engine.withScopes('admin');
    const programme = await new ProgrammeBuilder(api()).shop();
    await programme.policy({ transfers: { expiry: 'keep' }, announceExpiryDays: 7 });
    await programme.rule('shipped', {
      amount: { type: 'perUnit', points: 5 },
      lines: { includeCategories: ['shipped'] },
      pending: { type: 'event', event: 'delivered', cancelAfterDays: 60 },
    });
    await programme.reward('mug', { points: 10 });
    await programme.adjustmentReason('sorry', { approvalAbove: 500 });
    await programme.adjustmentReason('slides', { expiry: { type: 'sliding', months: 6 } });
    deepId = (await enrolled(deep.externalId)).id;
    const posted = await Promise.all(
      Array.from({ length: DAYS * A_DAY }, (_, index) =>
        buys(deep, { occurredAt: at(index % DAYS) }, index % 2 === 0 ? 'grocery' : 'shipped'),
      ),
    );
    expect(new Set(posted.map(({ status }) => status))).toEqual(new Set([201]));
    for (let count = 0; count < 60; count += 1)
      await api().post('/v1/adjustments', { member: deep, points: 3, reason: 'slides' });
  }, 120_000);
  afterAll(async () => {
    counted.stop();
    await engine.close();
  });

  async function rowsOf(act: () => Promise<unknown>, status = 200): Promise<number> {
    const before = counted.rows();
    const answer = await act();
    if (isAnswer(answer) && answer.status !== status) throw new Error(answer.text);
    return counted.rows() - before;
  }

  const adjust = (body: object) => api().post('/v1/adjustments', { member: deep, reason: 'sorry', ...body });
  const onLot = (lotId: string, verb: string, body: object = {}) =>
    api().post(`/v1/members/${deepId}/lots/${lotId}/${verb}`, { reason: 'sorry', ...body });
  const redeem = (body: object = {}) => api().post('/v1/redemptions', { member: deep, points: 25, ...body });
  const returns = (purchaseId: string) =>
    api().post(`/v1/purchases/${purchaseId}/returns`, {
      source: 'store-1',
      receiptNo: `back-${purchaseId}`,
      occurredAt: now(),
      whole: true,
    });
  const lotsOf = async (query = '') =>
    (await api().get(`/v1/members/${deepId}/lots?limit=500${query}`)).body.data;
  const lotThat = async (is: (lot: Record<string, unknown>) => boolean): Promise<string> =>
    (await lotsOf()).find(is).id;

  it('is none for a credit, whatever is given', async () => {
    expect(await rowsOf(() => adjust({ points: 100 }), 201)).toBe(0);
    expect(await rowsOf(() => adjust({ points: 100, reason: 'slides' }), 201)).toBe(0);
    expect(await rowsOf(() => adjust({ points: 100, occurredAt: at(3) }), 201)).toBe(0);
    expect(await rowsOf(() => buys(deep), 201)).toBe(0);
  });

  it.each<[string, number, () => Promise<() => Promise<unknown>>]>([
    ['debit', 201, () => Promise.resolve(() => adjust({ points: -25 }))],
    [
      'extension of a lot',
      201,
      async () => {
        const lotId = await lotThat(
          ({ available, expiresAt, slides }) => available !== 0 && expiresAt !== null && slides === false,
        );
        return () => onLot(lotId, 'extend', { expiresAt: '2028-01-01T00:00:00Z' });
      },
    ],
    [
      'activation of a lot',
      201,
      async () => {
        const lotId = await lotThat(({ awaits }) => awaits !== null);
        return () => onLot(lotId, 'activate');
      },
    ],
    [
      'cancellation of a lot',
      201,
      async () => {
        const lotId = await lotThat(({ awaits, undelivered }) => awaits !== null && undelivered !== 0);
        return () => onLot(lotId, 'cancel');
      },
    ],
    ['redemption', 201, () => Promise.resolve(() => redeem({ mode: 'capture' }))],
    [
      'reward',
      201,
      () => Promise.resolve(() => redeem({ rewardId: 'mug', points: undefined, mode: 'authorise' })),
    ],
    [
      'capture',
      200,
      async () => {
        const { body } = await redeem({ mode: 'authorise' });
        return () => api().post(`/v1/redemptions/${body.id}/capture`, { points: 20 });
      },
    ],
    [
      'void',
      200,
      async () => {
        const { body } = await redeem({ mode: 'authorise' });
        return () => api().post(`/v1/redemptions/${body.id}/void`);
      },
    ],
    [
      'longer hold',
      200,
      async () => {
        const { body } = await redeem({ mode: 'authorise', holdSeconds: 60 });
        return () => api().post(`/v1/redemptions/${body.id}/extend`, { holdSeconds: 3600 });
      },
    ],
    [
      'reversal',
      200,
      async () => {
        const { body } = await redeem({ mode: 'capture' });
        return () => api().post(`/v1/redemptions/${body.id}/reverse`, {});
      },
    ],
    [
      'receipt with a redemption',
      201,
      async () => {
        const { body } = await redeem({ mode: 'authorise' });
        return () => buys(deep, { redemptionIds: [body.id] });
      },
    ],
    [
      'return',
      201,
      async () => {
        const { body } = await buys(deep);
        return () => returns(body.id);
      },
    ],
    [
      'return of points that wait',
      201,
      async () => {
        const { body } = await buys(deep, {}, 'shipped');
        return () => returns(body.id);
      },
    ],
    [
      'delivery',
      200,
      async () => {
        const { body } = await buys(deep, {}, 'shipped');
        return () => api().post(`/v1/purchases/${body.id}/events`, { type: 'delivered' });
      },
    ],
    [
      'cancelled order',
      200,
      async () => {
        const { body } = await buys(deep, {}, 'shipped');
        return () => api().post(`/v1/purchases/${body.id}/events`, { type: 'cancelled' });
      },
    ],
    [
      'gift to somebody',
      201,
      async () => {
        const { id } = await enrolled();
        return () => api().post('/v1/transfers', { from: deep, to: { id }, points: 25 });
      },
    ],
    [
      'gift from somebody',
      201,
      async () => {
        const { id } = await enrolled();
        await buys({ id });
        return () => api().post('/v1/transfers', { from: { id }, to: deep, points: 5 });
      },
    ],
    [
      'merge of a duplicate',
      200,
      async () => {
        const { id } = await enrolled();
        await buys({ id });
        return () => api().post(`/v1/members/${deepId}/merge`, { duplicate: { id } });
      },
    ],
  ])('is bounded for a %s', async (_, status, prepare) => {
    const act = await prepare();
    const rows = await rowsOf(act, status);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(MOST_ROWS);
  });

  it('is bounded for a request that another key decides on', async () => {
    for (const decision of ['approve', 'reject']) {
      const { body } = await adjust({ points: 501 });
      const rows = await rowsOf(() => checker.post(`/v1/adjustments/${body.id}/${decision}`, {}));
      expect(rows).toBeLessThan(MOST_ROWS);
    }
  });

  it('is what was due for what falls due by itself, and what ends soon for its announcement', async () => {
    const settle = () => engine.engine.app.get(ApplyDue).all();
    const { body } = await redeem({ mode: 'authorise', holdSeconds: 60 });
    clock.advance({ minutes: 2 });
    expect(await rowsOf(settle)).toBeLessThan(MOST_ROWS);
    expect((await api().get(`/v1/redemptions/${body.id}`)).body.status).toBe('voided');
    // Nothing is due before all that waits has been given up, and what slides and the earliest dates have ended.
    clock.set(at(DAYS + 290));
    expect(await settle()).toBeDefined();
    clock.set(at(366 + 1));
    await settle();
    clock.set(at(366 + 2));
    expect(await rowsOf(settle)).toBeLessThan(4 * MOST_ROWS);
    expect(await rowsOf(() => engine.engine.app.get(ExpiryAnnouncer).announceDue())).toBeLessThan(300);
    expect((await api().get('/v1/admin/verify')).body.clean).toBe(true);
  });

  it('is bounded for whoever joins a household with many, or leaves it with a share', async () => {
    const { body: household } = await api().post('/v1/households', { name: 'Deep', head: deep });
    const { id } = await enrolled();
    await buys({ id });
    const path = `/v1/households/${household.id}/members`;
    expect(await rowsOf(() => api().post(path, { member: { id }, role: 'adult' }), 201)).toBeLessThan(
      MOST_ROWS,
    );
    const leaves = () => api().post(`${path}/${id}/leave`, { split: { points: 20 } });
    expect(await rowsOf(leaves)).toBeLessThan(MOST_ROWS);
  });
});
