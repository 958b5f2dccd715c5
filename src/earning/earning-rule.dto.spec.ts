import { ProblemException } from '../platform/http/problem.exception.js';
import { validated } from '../platform/http/validation.js';
import { EarningRuleDto, earningRuleOf } from './earning-rule.dto.js';

const LEAST = { name: 'base', amount: { type: 'perSpend', points: 1, stepMinor: 1000 } };
const rule = (body: object) => earningRuleOf(validated(EarningRuleDto, body));

function pointers(fields: object): string[] {
  try {
    rule({ ...LEAST, ...fields });
    return [];
  } catch (error) {
    return ((error as ProblemException).problem.errors ?? []).map(({ pointer }) => pointer);
  }
}

describe('an earning rule', () => {
  it('has defaults for what may be left out', () => {
    expect(rule(LEAST)).toEqual({
      name: 'base',
      active: true,
      origin: 'purchase',
      condition: null,
      basis: 'gross',
      amount: { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: {} },
      multiplier: null,
      lines: { includeCategories: [], excludeCategories: [] },
      earnOnPointsPaid: false,
      limits: [],
      expiry: null,
      pending: null,
      endsAt: null,
    });
  });

  it('keeps what it says', () => {
    const body = {
      name: 'coffee',
      active: false,
      origin: 'non_purchase',
      condition: 'receipt.lineCount > 1',
      basis: 'net',
      amount: { type: 'perUnit', points: 2, perQuantity: '0.5', tierMultipliers: { gold: '2' } },
      multiplier: '1.5',
      lines: { includeCategories: ['coffee'], excludeCategories: [] },
      earnOnPointsPaid: true,
      limits: [
        { period: 'purchase', points: 10, times: null },
        { period: 'week', points: 20, times: 3 },
        { period: 'total', points: null, times: 100 },
      ],
      expiry: { type: 'sliding', days: 30 },
      pending: { type: 'days', days: 7 },
      endsAt: '2030-01-01T00:00:00.000Z',
    };
    const sent = {
      ...body,
      limits: [
        { period: 'purchase', points: 10 },
        { period: 'week', points: 20, times: 3 },
        { period: 'total', times: 100 },
      ],
    };
    expect(rule(sent)).toEqual(body);
  });

  it('counts by the piece where it counts units and does not say by what', () => {
    expect(rule({ ...LEAST, amount: { type: 'perUnit', points: 1 } }).amount).toMatchObject({
      perQuantity: '1',
    });
  });

  it.each([
    [{ amount: { type: 'perUnit', points: 1, perQuantity: '0' } }, '/amount/perQuantity'],
    [{ amount: { type: 'perUnit', points: 1, stepMinor: 1 } }, '/amount/stepMinor'],
    [{ amount: { type: 'perSpend', points: 1, stepMinor: 1, perQuantity: '1' } }, '/amount/perQuantity'],
    [{ amount: { type: 'perSpend', points: 1, stepMinor: 1, minimumMinor: 1 } }, '/amount/minimumMinor'],
    [{ amount: { type: 'basketBonus', points: 1 } }, '/amount/minimumMinor'],
    [
      { lines: { includeCategories: ['a', 'b'], excludeCategories: ['c', 'b'] } },
      '/lines/excludeCategories/1',
    ],
    [{ multiplier: '1000.1' }, '/multiplier'],
    [{ multiplier: 1.5 }, '/multiplier'],
    [{ earnOnPointsPaid: 'no' }, '/earnOnPointsPaid'],
    [{ limits: [{ period: 'day' }] }, '/limits/0'],
    [
      {
        limits: [
          { period: 'day', points: 1 },
          { period: 'hour', points: 1 },
        ],
      },
      '/limits/1/period',
    ],
    [
      {
        limits: [
          { period: 'day', points: 1 },
          { period: 'day', times: 1 },
        ],
      },
      '/limits',
    ],
    [{ limits: [{ period: 'purchase', times: 1 }] }, '/limits/0/times'],
    [{ limits: [{ period: 'day', points: 0 }] }, '/limits/0/points'],
    [{ limits: [null] }, '/limits/0'],
    [{ limits: Array.from({ length: 11 }, () => ({ period: 'day', points: 1 })) }, '/limits'],
    [{ expiry: { type: 'sliding' } }, '/expiry'],
    [{ pending: { type: 'event' } }, '/pending/event'],
  ])('may not say %j', (fields, pointer) => {
    expect(pointers(fields)).toContain(pointer);
  });
});
