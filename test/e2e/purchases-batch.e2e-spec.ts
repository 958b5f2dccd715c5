import { Readable } from 'node:stream';
import { Silence } from '../../src/platform/http/ndjson.js';
import { PurchaseBatch } from '../../src/purchases/purchase-batch.js';
import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('an NDJSON batch', () => {
  let engine: TestEngine;

  beforeAll(async () => {
    engine = await startTestEngine({ queueLimit: 64 });
    await new ProgrammeBuilder(engine.api).shop();
    for (const externalId of ['C-1', 'C-2']) await engine.api.post('/v1/members', { externalId });
  });
  afterAll(() => engine.close());

  const send = async (lines: readonly string[]) => {
    const answer = await engine.api.raw(
      'POST',
      '/v1/purchases:batch',
      lines.join('\n'),
      'application/x-ndjson',
    );
    return answer.text
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
  };

  it('answers every line in order, and a bad one harms no neighbour', async () => {
    const good = [receipt(), receipt({ member: { externalId: 'C-2' } })].map((body) => JSON.stringify(body));
    const answers = await send([good[0] as string, 'nonsense', '{"source":"x"}', good[1] as string]);
    expect(answers.map(({ status }) => status)).toEqual([201, 400, 422, 201]);
    expect(answers[2].problem.code).toBe('VALIDATION_FAILED');
    expect(answers[3].body.pointsGranted).toBe(105);
  });

  it('ends a stream that brings nothing but bad lines, and names few faults of each', async () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => (index % 2 === 0 ? '{}' : 'nonsense'));
    const answer = await engine.api.raw(
      'POST',
      '/v1/purchases:batch',
      lines.join('\n'),
      'application/x-ndjson',
    );
    const answers = answer.text
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text));
    expect(answers).toHaveLength(1_001);
    expect(answers[0].problem.errors).toHaveLength(5);
    expect(answers.at(-1)).toMatchObject({ status: 400, problem: { code: 'TOO_MANY_BAD_LINES' } });
  });

  it('is ended where nothing but blank lines comes, however steadily', async () => {
    const body = new Readable({ read: () => undefined });
    const feeding = setInterval(() => body.push('\n'), 5);
    const raw = { socket: { setTimeout: () => undefined } };
    const request = {
      headers: { 'content-type': 'application/x-ndjson' },
      url: '/v1/purchases:batch',
      raw,
      body,
    };
    const batch = engine.engine.app.get(PurchaseBatch);
    const answers: string[] = [];
    const stream = batch.answers(request as never, {} as never, {}, new Silence(50));
    for await (const answer of stream) answers.push(answer);
    clearInterval(feeding);
    expect(answers.map((text) => JSON.parse(text))).toMatchObject([
      { status: 408, problem: { code: 'REQUEST_TIMEOUT', detail: 'Nothing of use came for 0.05 seconds.' } },
    ]);
  });

  it('is not ended by bad lines between receipts', async () => {
    const good = JSON.stringify(receipt());
    const bad = Array.from({ length: 999 }, () => 'nonsense');
    const answers = await send([...bad, good, ...bad, good]);
    expect(answers).toHaveLength(2_000);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(1_998);
    expect(answers.at(-1).status).toBe(200);
  });

  it('explains each line when asked to, first answers and replays alike', async () => {
    const text = JSON.stringify(receipt());
    for (const status of [201, 200]) {
      const answer = await engine.api.raw(
        'POST',
        '/v1/purchases:batch?explain=true',
        text,
        'application/x-ndjson',
      );
      expect(JSON.parse(answer.text)).toMatchObject({
        status,
        body: { explanation: [{ rule: { id: 'base' }, points: 105 }] },
      });
    }
  });

  it('takes more lines than may wait at once, and all of them again without doubling one', async () => {
    const before = (await engine.api.get('/v1/members?externalId=C-1')).body.data[0].balance.available;
    const lines = Array.from({ length: 1000 }, () => JSON.stringify(receipt()));
    expect((await send(lines)).every(({ status }) => status === 201)).toBe(true);
    const again = await send(lines);
    expect(again.every(({ status, replayed }) => status === 200 && replayed)).toBe(true);
    const after = (await engine.api.get('/v1/members?externalId=C-1')).body.data[0].balance.available;
    expect(after - before).toBe(105_000);
  });
});
