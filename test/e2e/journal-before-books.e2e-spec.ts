import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** A receipt of before the books posts nothing, so no line of the journal is late for it or counts it. */
describe('the journal beside receipts of before the books', () => {
  let engine: TestEngine;
  const clock = new MovingClock(Date.parse('2026-06-10T12:00:00+08:00'));

  beforeAll(async () => {
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.policy({ booksFrom: '2026-06', backdating: { receiptDays: 30 } });
    await engine.api.post('/v1/members', { externalId: 'C-1', enrolledAt: '2026-01-01T00:00:00Z' });
  });
  afterAll(() => engine.close());

  it('is of what is in them alone', async () => {
    for (const occurredAt of ['2026-06-10T11:00:00+08:00', '2026-05-15T11:00:00+08:00']) {
      const bought = receipt({ occurredAt, lines: [line({ amountMinor: 100_000, taxMinor: 0 })] });
      expect((await engine.api.post('/v1/purchases', bought)).status).toBe(201);
    }
    const { body } = await engine.api.get('/v1/finance/journal?from=2026-06&to=2026-06');
    const issued = (body.lines as readonly { eventCode: string }[]).filter(
      ({ eventCode }) => eventCode === 'E01',
    );
    expect(issued.length).toBeGreaterThan(0);
    for (const entry of issued)
      expect(entry).toMatchObject({ late: false, effectiveFrom: '2026-06-10', sourceCount: 1 });
  });
});
