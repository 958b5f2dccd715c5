import { ProgrammeBuilder } from '../builders/programme.js';
import { line, receipt } from '../builders/receipt.js';
import { startTestEngine, type TestEngine } from '../harness/engine.js';

/** Values that stand where something else belongs. */
const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  '',
  'x',
  'constructor',
  'é漢字😀',
  'a'.repeat(10_000),
  '2026-02-30T00:00:00Z',
  [],
  [null],
  [[]],
  {},
  { a: 1 },
];

/** Every place in a value, as a path of keys. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object') return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], odd: unknown): unknown {
  if (key === undefined) return odd;
  const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = replaced((value as Record<string, unknown>)[key], rest, odd);
  return copy;
}

describe('any odd value at any place of any body', () => {
  let engine: TestEngine;
  let purchaseId: string;
  beforeAll(async () => {
    engine = await startTestEngine();
    const programme = await new ProgrammeBuilder(engine.api).shop();
    await programme.tiers();
    await programme.reward('coffee', { points: 45 });
    await engine.api.post('/v1/members', { externalId: 'C-1' });
    purchaseId = (await engine.api.post('/v1/purchases', receipt({ receiptNo: 'ODD-1' }))).body.id;
  });
  afterAll(() => engine.close());

  const fullReceipt = () =>
    receipt({
      channel: 'pos',
      lines: [line({ brand: 'Own', quantity: '2', rewardedQuantity: '1', attributes: { a: [1] } })],
      tenders: [{ type: 'cash', amountMinor: 105_000 }],
      redemptionIds: [],
      attributes: { till: 7 },
    });
  const bodies: readonly [method: 'post' | 'put', path: string, body: () => object][] = [
    ['post', '/v1/purchases', fullReceipt],
    [
      'post',
      '/v1/transfers',
      () => ({
        ...{ from: { externalId: 'C-1' }, to: { identity: { type: 'card', value: '1' } } },
        ...{ points: 1, note: 'Thanks', externalId: 'T-1' },
      }),
    ],
    ['post', '/v1/households', () => ({ name: 'The Lins', head: { externalId: 'nobody' } })],
    [
      'post',
      '/v1/households/hsh_01h455vb4pex5vsknk084sn02q/members',
      () => ({ member: { externalId: 'C-1' }, role: 'earner' }),
    ],
    [
      'post',
      '/v1/households/hsh_01h455vb4pex5vsknk084sn02q/members/mbr_01h455vb4pex5vsknk084sn02q/leave',
      () => ({ split: { points: 3 } }),
    ],
    [
      'post',
      '/v1/members/mbr_01h455vb4pex5vsknk084sn02q/merge',
      () => ({ duplicate: { externalId: 'C-1' } }),
    ],
    [
      'post',
      '/v1/purchases/{purchase}/returns',
      () => ({
        ...{ source: 'store-1', receiptNo: 'RT-1', occurredAt: '2026-11-20T11:00:00+08:00' },
        lines: [{ lineNo: 1, quantity: '0.001' }],
        ...{ spentPoints: 'forgive', onlyPending: true, member: { externalId: 'C-1' } },
      }),
    ],
    [
      'post',
      '/v1/returns',
      () => ({
        ...{ source: 'store-1', receiptNo: 'RT-2', occurredAt: '2026-11-20T11:00:00+08:00' },
        lines: [{ sku: 'A-77', amountMinor: 1 }],
        ...{ original: { source: 'store-1', receiptNo: 'ODD-1' }, member: { externalId: 'C-1' } },
      }),
    ],
    [
      'post',
      '/v1/purchases/{purchase}/exchanges',
      () => {
        const { member: _, ...purchase } = receipt({ receiptNo: 'ODD-2' });
        return { return: { lines: [{ lineNo: 1, amountMinor: 1 }] }, purchase };
      },
    ],
    [
      'post',
      '/v1/members',
      () => ({
        identities: [{ type: 'card', value: '1' }],
        enrolledAt: '2026-01-05T09:00:00+08:00',
        birthDate: '1990-05-03',
        attributes: {},
      }),
    ],
    [
      'post',
      '/v1/redemptions',
      () => ({
        member: { externalId: 'C-1' },
        rewardId: 'coffee',
        mode: 'authorise',
        holdSeconds: 60,
        externalId: 'x',
      }),
    ],
    [
      'put',
      '/v1/earning-rules/odd/draft',
      () => ({
        name: 'odd',
        active: true,
        amount: { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: { gold: '2' } },
        lines: { includeCategories: ['a'] },
        expiry: { type: 'months', months: 1 },
        endsAt: '2030-01-01T00:00:00Z',
      }),
    ],
    [
      'put',
      '/v1/earning-rules/odd-units/draft',
      () => ({
        name: 'odd',
        amount: { type: 'perUnit', points: 1, perQuantity: '0.5', tierMultipliers: {} },
        multiplier: '1.5',
        earnOnPointsPaid: true,
        limits: [{ period: 'week', points: 5, times: 1 }],
        expiry: { type: 'endOf', unit: 'month', after: { months: 1 } },
        pending: { type: 'dates', dates: ['01-01'] },
      }),
    ],
    [
      'put',
      '/v1/tier-sets/draft',
      () => ({
        measure: 'spend',
        window: { type: 'rolling', months: 12 },
        tiers: [{ key: 'a', name: 'A', threshold: 0 }],
      }),
    ],
    [
      'put',
      '/v1/programmes/policy/draft',
      () => ({
        pointName: 'p',
        expiry: { type: 'days', days: 1 },
        tierExpiry: { gold: { type: 'fixedDate', date: '12-31', minimumDays: 1 } },
        pending: { type: 'event', event: 'delivered', thenDays: 1, cancelAfterDays: 1 },
        maximumBalance: 1,
        returnPolicy: 'debt',
        pointsOffBasket: { minorPerPoint: 1, minimumPoints: 1, maximumPoints: 1, maximumShare: '0.5' },
        transfers: { expiry: 'keep', minimumPoints: 1, maximumPoints: 1 },
      }),
    ],
    [
      'put',
      '/v1/finance/policies/draft',
      () => ({
        entity: 'TW01',
        valuePerPoint: '1',
        redemptionProbability: '0.9',
        valueIncludesTax: true,
        taxRate: '0.05',
        accounts: { CL_POINTS: '1' },
      }),
    ],
    [
      'put',
      '/v1/rewards/odd/draft',
      () => ({ name: 'odd', active: true, points: 1, discountMinor: 0, stocked: false }),
    ],
    ['post', '/v1/api-keys', () => ({ name: 'odd', scopes: ['pos'], expiresAt: '2030-01-01T00:00:00Z' })],
  ];

  it.each(bodies)('%s %s: taken or refused with a problem, never a crash', async (method, path, body) => {
    for (const place of pathsOf(body())) {
      for (const odd of ODD) {
        const answer = await engine.api[method](
          path.replace('{purchase}', purchaseId),
          replaced(body(), place, odd),
        );
        expect({ place: place.join('/'), odd, crashed: answer.status >= 500 }).toEqual({
          place: place.join('/'),
          odd,
          crashed: false,
        });
        if (answer.status >= 400)
          expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    }
  });

  it('leaves books in which the auditor finds no difference', async () => {
    expect((await engine.api.get('/v1/admin/verify')).body).toMatchObject({ clean: true });
  });
});
