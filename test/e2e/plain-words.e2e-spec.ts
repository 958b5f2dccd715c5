import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

describe('what the engine says in plain words', () => {
  let engine: TestEngine;
  const member = { externalId: 'W-1' };
  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await (await new ProgrammeBuilder(engine.api).shop()).tiers();
    await programme.rule('web', {
      name: 'Web week',
      condition: 'receipt.channel == "web" && member.age >= 18',
      amount: { type: 'basketBonus', points: 30, minimumMinor: 0 },
    });
    await programme.rule('wine', {
      name: 'Wine',
      lines: { condition: 'line.category == "wine"' },
      limits: [{ period: 'day', points: 20 }],
    });
    await engine.api.post('/v1/members', { externalId: 'W-1', identities: [] });
  });
  afterAll(() => engine.close());

  it('is how a receipt came to its points, and what became of them', async () => {
    const lines = [
      line({ lineNo: 1, amountMinor: 50_000 }),
      line({ lineNo: 2, amountMinor: 55_900, category: 'wine' }),
    ];
    const posted = await engine.api.post(
      '/v1/purchases?explain=true',
      receipt({ member, lines, channel: 'store' }),
    );
    expect(posted.body.sentences).toEqual({
      rules: [
        {
          en: '“base” gives 105 points: NT$1,059 count, 1 point for each full NT$10, rounded down.',
          'zh-Hant': '「base」給 105 點：計入 1,059 元，每滿 10 元 1 點，無條件捨去。',
        },
        {
          en: '“Web week” gives nothing: its condition (the channel is “web”) was not met: the channel is “store”.',
          'zh-Hant': '「Web week」不給點：不符合條件（通路為「web」）：通路為「store」。',
        },
        {
          en: '“Wine” gives 20 points: NT$559 count, 1 point for each full NT$10, rounded down. The limit (20 points a day) cut it from 55.',
          'zh-Hant':
            '「Wine」給 20 點：計入 559 元，每滿 10 元 1 點，無條件捨去。因上限（每日 20 點）由 55 點減少。',
        },
      ],
      total: {
        en: '125 points: 105 points from “base” and 20 points from “Wine”.',
        'zh-Hant': '共 125 點：「base」給 105 點及「Wine」給 20 點。',
      },
      later: [],
    });
    const back = { source: 'store-1', receiptNo: 'W-R', occurredAt: '2026-11-21T11:00:00+08:00' };
    await engine.api.post(`/v1/purchases/${posted.body.id}/returns`, {
      ...back,
      lines: [{ lineNo: 1, quantity: '1' }],
    });
    const later = await engine.api.get(`/v1/purchases/${posted.body.id}?explain=true`);
    expect(later.body.sentences.rules).toEqual(posted.body.sentences.rules);
    // Of 105 points the first line earned 50000/105900: 49.57, by largest remainder 50.
    expect(later.body.sentences.later).toEqual([
      { en: 'By now, 50 points: taken back after a return.', 'zh-Hant': '目前 50 點因退貨收回。' },
    ]);
    expect((await engine.api.get(`/v1/purchases/${posted.body.id}`)).body.sentences).toBeUndefined();
  });

  it('is what the programme promises, as JSON in both languages and as a text in one', async () => {
    const path = '/v1/programmes/current/terms';
    const { body } = await engine.api.get(path);
    expect(body.title).toEqual({ en: 'Terms of Test', 'zh-Hant': 'Test會員辦法' });
    expect(body.sections[0].sentences[2]).toEqual({
      text: {
        en: '“Wine”: 1 point for each full NT$10. It counts the lines where the category is “wine”. At most 20 points a day.',
        'zh-Hant': '「Wine」：每滿 10 元 1 點。計入的商品：品類為「wine」。上限：每日 20 點。',
      },
      source: { kind: 'earning-rule', id: 'wine', version: 1 },
    });
    const chinese = await engine.api.send('GET', `${path}?format=markdown`, undefined, {
      'accept-language': 'zh-TW',
    });
    expect(chinese.text.split('\n').slice(0, 3)).toEqual(['# Test會員辦法', '', '## 如何累積點數']);
    const text = await engine.api.get(`${path}?format=text&lang=en&at=2019-01-01T00:00:00Z`);
    expect(text.text).toContain('· No rule gives points at this time.\n');
  });
});
