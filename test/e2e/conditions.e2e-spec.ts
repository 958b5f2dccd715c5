import { ProgrammeBuilder } from '../builders/programme.js';
import { receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';
import { MovingClock } from '../harness/moving-clock.js';

/** Tuesday 24 November 2026, 20:30 in Taipei. */
const NOW = '2026-11-24T12:30:00Z';

describe('rules with conditions, over HTTP', () => {
  let engine: TestEngine;

  beforeAll(async () => {
    const clock = new MovingClock();
    clock.set('2026-11-01T00:00:00Z');
    engine = await startTestEngine({ clock });
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.rule('evening', {
      amount: { type: 'basketBonus', points: 7, minimumMinor: 0 },
      condition: 'time.hour >= 18 && time.weekday == 2',
    });
    await programme.rule('senior', {
      amount: { type: 'basketBonus', points: 5, minimumMinor: 0 },
      condition: 'member.age >= 65 && member.text("card") == "senior"',
    });
    clock.set(NOW);
  });

  afterAll(() => engine.close());

  it('read the member as the database has it, also after a change', async () => {
    const { api } = engine;
    const member = { externalId: 'S-1' };
    const { body: enrolled } = await api.post('/v1/members', {
      ...member,
      birthDate: '1961-11-24',
      attributes: { card: 'senior' },
    });
    const sell = async (receiptNo: string) => {
      const body = receipt({ receiptNo, member, occurredAt: NOW });
      const answer = await api.post('/v1/purchases?explain=true', body);
      expect(answer).toMatchObject({ status: 201 });
      return answer.body;
    };
    const first = await sell('C-1');
    expect(byRule(first)).toMatchObject({ evening: 7, senior: 5 });

    await api.patch(`/v1/members/${enrolled.id}`, { birthDate: '1961-11-25' });
    const second = await sell('C-2');
    expect(
      second.explanation.find(({ rule }: { rule: { id: string } }) => rule.id === 'senior'),
    ).toMatchObject({
      matched: false,
      why: 'conditionFalse',
      condition: { on: 'receipt', part: 'member.age >= 65', values: { 'member.age': '64' } },
    });

    const stored = await api.get(`/v1/purchases/${first.id}?explain=true`);
    expect(stored.body.explanation).toEqual(first.explanation);
  });

  it('are refused with the characters where the fault stands', async () => {
    const answer = await engine.api.put('/v1/earning-rules/broken/draft', {
      name: 'broken',
      amount: { type: 'basketBonus', points: 5, minimumMinor: 0 },
      condition: 'receipt.amountMinor >= "500"',
    });
    expect(answer).toMatchObject({
      status: 422,
      body: {
        code: 'VALIDATION_FAILED',
        errors: [{ pointer: '/condition', code: 'CONDITION_TYPE', from: 0, to: 28 }],
      },
    });
  });

  it('can be checked without saving anything', async () => {
    const check = (condition: string, on = 'receipt') =>
      engine.api.post('/v1/conditions/check', { condition, on });
    expect((await check('time.hour > 8 && receipt.lineCount > 1')).body).toMatchObject({
      valid: true,
      parts: ['time.hour > 8', 'receipt.lineCount > 1'],
    });
    expect((await check('line.sku == "A"')).body).toMatchObject({
      valid: false,
      fault: { code: 'CONDITION_UNKNOWN_NAME', from: 0, to: 4 },
    });
  });

  it('name what they may read in both languages', async () => {
    const { body } = await engine.api.get('/v1/conditions/vocabulary');
    const values = body.subjects.flatMap(({ values: of }: { values: object[] }) => of);
    expect(values).toContainEqual({
      name: 'member.age',
      argument: null,
      type: 'int',
      descriptions: { en: 'whole years; unknown without a birth date', 'zh-Hant': '足歲；沒有生日時為未知' },
    });
  });
});

function byRule({ explanation }: { explanation: { rule: { id: string }; points: number }[] }) {
  return Object.fromEntries(explanation.map(({ rule, points }) => [rule.id, points]));
}
