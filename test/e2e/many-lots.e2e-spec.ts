import { PRELOADED_LOTS } from '../../src/ledger/domain/preloaded-lots.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

const RECEIPTS = PRELOADED_LOTS.medium + 100;
const POINTS = 10;
const DAYS = 25;
const START = Date.parse('2026-01-01T04:00:00Z');
const DAY_MS = 86_400_000;

describe('a member with more lots than are loaded for a redemption', () => {
  let engine: TestEngine;
  const clock = new MovingClock(START + DAYS * DAY_MS);
  const api = () => engine.api;
  const member = { externalId: 'C-many' };
  let memberId: string;
  /** Purchases by the order in which their points are spent. */
  let purchases: { readonly id: string; readonly occurredAt: string; readonly lotId: string }[];

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    await new ProgrammeBuilder(api()).shop();
    const enrolled = await api().post('/v1/members', { ...member, enrolledAt: '2025-01-01T00:00:00Z' });
    memberId = enrolled.body.id as string;
    const lines = [line({ amountMinor: POINTS * 1000, taxMinor: 0 })];
    const posted = await Promise.all(
      Array.from({ length: RECEIPTS }, async (_, index) => {
        const occurredAt = new Date(START + (index % DAYS) * DAY_MS).toISOString();
        const { body } = await api().post('/v1/purchases', receipt({ member, occurredAt, lines }));
        return { id: body.id as string, occurredAt, lotId: body.grants[0].lotId as string };
      }),
    );
    purchases = posted.sort((a, b) =>
      a.occurredAt === b.occurredAt ? (a.lotId < b.lotId ? -1 : 1) : a.occurredAt < b.occurredAt ? -1 : 1,
    );
  }, 60_000);
  afterAll(() => engine.close());

  const redeem = (points: number, mode = 'capture') =>
    api().post('/v1/redemptions', { member, points, mode });
  const available = async () => (await api().get(`/v1/members/${memberId}/balance`)).body.available as number;
  const verified = async () => (await api().get('/v1/admin/verify')).body.clean as boolean;

  it('spends the first of them, then as many as it takes', async () => {
    const few = await redeem(35);
    expect(few.status).toBe(201);
    expect(few.body.lots.map(({ points }: { points: number }) => points)).toEqual([10, 10, 10, 5]);
    const some = await redeem(PRELOADED_LOTS.small * POINTS + 100);
    expect(some.body.lots).toHaveLength(PRELOADED_LOTS.small + 11);
    const many = PRELOADED_LOTS.medium * POINTS + 100;
    const more = await redeem(many);
    expect(more.status).toBe(201);
    // The half-used lot goes first, and the last one is used in half.
    expect(more.body.lots).toHaveLength(PRELOADED_LOTS.medium + 11);
    expect(more.body.balance.available).toBe(
      (RECEIPTS - PRELOADED_LOTS.small - PRELOADED_LOTS.medium - 20) * POINTS - 35,
    );
    const spent = [few, some, more].flatMap(({ body }) =>
      (body.lots as { lotId: string }[]).map(({ lotId }) => lotId),
    );
    const used = PRELOADED_LOTS.small + PRELOADED_LOTS.medium + 24;
    expect([...new Set(spent)]).toEqual(purchases.slice(0, used).map(({ lotId }) => lotId));
    expect(await verified()).toBe(true);
  });

  it('holds, captures a part and gives back, wherever the lots of the hold lie', async () => {
    const before = await available();
    const hold = await redeem(15, 'authorise');
    const captured = await api().post(`/v1/redemptions/${hold.body.id}/capture`, { points: 5 });
    expect([captured.status, captured.body.balance.available]).toEqual([200, before - 5]);
    const other = await redeem(15, 'authorise');
    const voided = await api().post(`/v1/redemptions/${other.body.id}/void`);
    expect([voided.status, voided.body.balance]).toMatchObject([200, { available: before - 5, held: 0 }]);
  });

  it('takes back a receipt whose points come last, and one whose points are spent', async () => {
    const before = await available();
    for (const purchase of [purchases.at(-1), purchases[0]]) {
      const answer = await api().post(`/v1/purchases/${purchase?.id}/returns`, {
        source: 'store-1',
        receiptNo: `R-${purchase?.id}`,
        occurredAt: new Date(clock.now()).toISOString(),
        whole: true,
      });
      expect(answer.status).toBe(201);
    }
    // What was spent is a debt, which the points that are left fill at once.
    expect(await available()).toBe(before - 2 * POINTS);
    expect(await verified()).toBe(true);
  });
});
