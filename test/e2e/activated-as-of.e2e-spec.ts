import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

interface Lot {
  readonly id: string;
  readonly rule: { readonly id: string };
  readonly availableAt: string;
}

/** Points that are made usable by hand were to be usable later, and whoever asks as of before is told so. */
describe('lots as of before they were activated by hand', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-03-02T12:00:00+08:00'));
  const member = { externalId: 'A-1' };
  const now = () => new Date(clock.now()).toISOString();
  const ok = async (path: string, body: object) => {
    const answer = await engine.api.post(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.text}`);
    return answer.body;
  };

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({});
    await programme.rule('later', {
      lines: { includeCategories: ['x'] },
      pending: { type: 'days', days: 3 },
    });
    await programme.rule('ordered', {
      lines: { includeCategories: ['ordered'] },
      pending: { type: 'event', event: 'delivered', thenDays: 3, cancelAfterDays: 40 },
    });
    await programme.adjustmentReason('patience', {});
  });
  afterAll(() => engine.close());

  it.each(['x', 'ordered'])('says when points of a line of %s were to be usable', async (category) => {
    const memberId = (await ok('/v1/members', { externalId: `${member.externalId}-${category}` })).id;
    const lines = [line({ amountMinor: 100_000, taxMinor: 0, category })];
    const bought = {
      member: { externalId: `${member.externalId}-${category}` },
      occurredAt: now(),
      lines,
      receiptNo: `R-${category}`,
    };
    const purchase = await ok('/v1/purchases', receipt(bought));
    clock.advance({ seconds: 3600 });
    if (category === 'ordered') await ok(`/v1/purchases/${purchase.id}/events`, { type: 'delivered' });
    const then = now();
    const lots = async (query = ''): Promise<readonly Lot[]> => {
      const { body } = await engine.api.get(`/v1/members/${memberId}/lots${query}`);
      return (body.data as readonly Lot[]).filter(({ rule }) => rule.id !== 'base');
    };
    const before = await lots();
    const source = { type: 'purchase', id: purchase.id };
    expect(before).toMatchObject([{ available: 0, source, purchaseId: purchase.id }]);
    expect(Date.parse(before[0]?.availableAt as string)).toBeGreaterThan(clock.now());
    clock.advance({ seconds: 3600 });
    await ok(`/v1/members/${memberId}/lots/${before[0]?.id}/activate`, { reason: 'patience' });
    expect(await lots()).toMatchObject([{ pending: 0, availableAt: now() }]);
    expect(await lots(`?asOf=${then}&knownAt=${then}`)).toEqual(before);
    expect((await engine.api.get('/v1/admin/verify')).body.differences).toEqual([]);
  });
});
