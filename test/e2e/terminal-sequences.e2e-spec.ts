import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** Two tills of a store number what they sell; one was offline and sends in another order. */
describe('numbers of terminals', () => {
  let engine: TestEngine;
  const idOf: Record<string, string> = {};

  const sell = (name: string, day: string, terminalId: string, terminalSequence: number, source = 'north') =>
    engine.api
      .post(
        '/v1/purchases',
        receipt({
          ...{ source, receiptNo: name, terminalId, terminalSequence },
          occurredAt: `2026-11-${day}T12:00:00+08:00`,
        }),
      )
      .then(({ status, body }) => {
        expect(status).toBe(201);
        idOf[name] = body.id;
      });
  const report = (query: string) => engine.api.get(`/v1/reports/terminal-sequences?source=north&${query}`);
  const all = 'from=2026-11-10&to=2026-11-12';

  beforeAll(async () => {
    engine = await startTestEngine({});
    await new ProgrammeBuilder(engine.api).shop();
    await engine.api.post('/v1/members', { externalId: 'C-1' });
    await sell('A9', '12', 'till-1', 9);
    await sell('A5', '11', 'till-1', 5);
    await sell('A2', '10', 'till-1', 2);
    await sell('A5-again', '11', 'till-1', 5);
    await sell('B1', '10', 'till-2', 1);
    await sell('B3', '12', 'till-2', 3);
    await sell('S2', '11', 'till-2', 2, 'south');
    await engine.api.post('/v1/purchases', receipt({ source: 'north' }));
  });
  afterAll(() => engine.close());

  it('shows what is missing and what is there twice, by terminal and number', async () => {
    const { body } = await report(all);
    const till1 = { source: 'north', terminalId: 'till-1' };
    const ids = (...names: string[]) => names.map((name) => idOf[name]);
    expect(body).toEqual({
      data: [
        { ...till1, kind: 'gap', first: 3, last: 4, numbers: 2, receipts: 0, purchaseIds: ids('A2', 'A5') },
        {
          ...till1,
          ...{ kind: 'duplicate', first: 5, last: 5, numbers: 1, receipts: 2 },
          purchaseIds: ids('A5', 'A5-again'),
        },
        { ...till1, kind: 'gap', first: 6, last: 8, numbers: 3, receipts: 0, purchaseIds: ids('A5', 'A9') },
        {
          ...{
            source: 'north',
            terminalId: 'till-2',
            kind: 'gap',
            first: 2,
            last: 2,
            numbers: 1,
            receipts: 0,
          },
          purchaseIds: ids('B1', 'B3'),
        },
      ],
      nextCursor: null,
    });
  });

  it('is read page by page, of one terminal, and of fewer days', async () => {
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { data: { first: number }[]; nextCursor: string | null } } = await report(
        `${all}&limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.data.map(({ first }) => first));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual([3, 5, 6, 2]);
    expect((await report(`${all}&terminalId=till-2`)).body.data).toHaveLength(1);
    expect((await report('from=2026-11-11&to=2026-11-11')).body.data).toHaveLength(1);
  });

  it('closes a gap when the receipt comes', async () => {
    await sell('B2', '11', 'till-2', 2);
    expect((await report(`${all}&terminalId=till-2`)).body.data).toEqual([]);
    const { body } = await engine.api.get(`/v1/purchases/${idOf['B2']}`);
    expect(body).toMatchObject({ terminalId: 'till-2', terminalSequence: 2 });
  });

  it.each([
    ['from=2026-11-12&to=2026-11-10', '/to'],
    ['from=2026-10-01&to=2026-11-01', '/to'],
    ['from=2026-11-10', '/to'],
    [`${all}&cursor=nonsense`, '/cursor'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await report(query);
    expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
  });

  it('takes both fields or neither', async () => {
    const { status, body } = await engine.api.post('/v1/purchases', receipt({ terminalId: 'till-1' }));
    expect([status, body.errors[0]]).toEqual([
      422,
      expect.objectContaining({ pointer: '/terminalSequence', code: 'TOGETHER' }),
    ]);
  });
});
