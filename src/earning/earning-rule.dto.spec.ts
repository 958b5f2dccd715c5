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
      counts: null,
      amount: { type: 'perSpend', points: 1, stepMinor: 1000, tierMultipliers: {} },
      multiplier: null,
      rounding: 'floor',
      lines: { includeCategories: [], excludeCategories: [] },
      earnOnPointsPaid: false,
      limits: [],
      coolDown: null,
      group: null,
      exclusive: false,
      order: 0,
      expiry: null,
      pending: null,
      endsAt: null,
    });
  });

  it('keeps what it says', () => {
    const body = {
      name: 'coffee',
      active: false,
      origin: 'purchase_conditional',
      condition: 'receipt.lineCount > 1',
      basis: 'net',
      amount: { type: 'perUnit', points: 2, perQuantity: '0.5', tierMultipliers: { gold: '2' } },
      counts: { discounts: 'after', onlyTenders: [], withoutTenders: ['gift_card'] },
      multiplier: '1.5',
      rounding: 'halfUp',
      lines: { includeCategories: ['coffee'], excludeCategories: [] },
      earnOnPointsPaid: true,
      limits: [
        { period: 'purchase', points: 10, times: null, onExceed: 'refuse' },
        { period: 'week', points: 20, times: 3 },
        { period: 'total', points: null, times: 100 },
        { period: 'window', window: { type: 'rolling', days: 30 }, points: 50, times: null },
        { period: 'window', window: { type: 'calendar', unit: 'half' }, points: 90, times: null },
      ],
      coolDown: { days: 7 },
      group: { key: 'drinks', combine: 'best' },
      exclusive: true,
      order: 7,
      expiry: { type: 'sliding', days: 30 },
      pending: { type: 'days', days: 7 },
      endsAt: '2030-01-01T00:00:00.000Z',
    };
    const sent = {
      ...body,
      counts: { withoutTenders: ['Gift_Card', 'gift_card'] },
      limits: [
        { period: 'purchase', points: 10, onExceed: 'refuse' },
        { period: 'week', points: 20, times: 3 },
        { period: 'total', times: 100 },
        { period: 'window', window: { type: 'rolling', days: 30 }, points: 50 },
        { period: 'window', window: { type: 'calendar', unit: 'half' }, points: 90 },
      ],
    };
    expect(rule(sent)).toEqual(body);
  });

  it.each([
    { type: 'fixed', points: 5 },
    { type: 'tierTable', byTier: { gold: 100, silver: 0 }, otherwise: 5 },
    {
      type: 'bands',
      bands: [
        { fromMinor: 0, points: 0 },
        { fromMinor: 10_000, points: 20 },
      ],
    },
    { type: 'marginShare', attribute: 'marginMinor', share: '0.1', minorPerPoint: 100, tierMultipliers: {} },
    { type: 'multiplierOnBase', factor: '2', of: ['base'] },
    { type: 'perSpend', points: 1, stepMinor: 1000, steps: 'exact', tierMultipliers: {} },
  ])('takes an amount as it will give it back: $type', (amount) => {
    expect(rule({ ...LEAST, amount }).amount).toEqual(amount);
  });

  it('gives what it has published back, so that it can be saved again as it is', () => {
    const body = rule({ ...LEAST, group: { key: 'a', combine: 'sum' }, counts: { discounts: 'before' } });
    expect(rule({ ...body })).toEqual(body);
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
    [{ amount: { type: 'bands', bands: [] } }, '/amount/bands'],
    [
      {
        amount: {
          type: 'bands',
          bands: [
            { fromMinor: 5, points: 1 },
            { fromMinor: 5, points: 2 },
          ],
        },
      },
      '/amount/bands/1/fromMinor',
    ],
    [{ amount: { type: 'tierTable', byTier: { gold: -1 } } }, '/amount/byTier'],
    [{ amount: { type: 'tierTable', points: 1, byTier: {} } }, '/amount/points'],
    [{ amount: { type: 'marginShare', attribute: 'm', share: '1.1', minorPerPoint: 100 } }, '/amount/share'],
    [{ amount: { type: 'multiplierOnBase', factor: '1', of: ['base'] } }, '/amount/factor'],
    [{ amount: { type: 'multiplierOnBase', factor: '2', of: [] } }, '/amount/of'],
    [{ amount: { type: 'fixed', points: 1, steps: 'exact' } }, '/amount/steps'],
    [
      { amount: { type: 'multiplierOnBase', factor: '2', of: ['a'] }, counts: { discounts: 'before' } },
      '/counts',
    ],
    [{ counts: { onlyTenders: ['a'], withoutTenders: ['b'] } }, '/counts/withoutTenders'],
    [{ counts: { onlyTenders: ['a'], discounts: 'before' } }, '/counts/discounts'],
    [{ rounding: 'ceil' }, '/rounding'],
    [{ rounding: 'down' }, '/rounding'],
    [{ group: { key: 'Not Lower', combine: 'best' } }, '/group/key'],
    [{ group: { key: 'a', combine: 'worst' } }, '/group/combine'],
    [{ order: -1 }, '/order'],
    [{ origin: 'non_purchase' }, '/origin'],
    [{ coolDown: { days: 0 } }, '/coolDown/days'],
    [{ limits: [{ period: 'window', points: 1 }] }, '/limits/0/window'],
    [{ limits: [{ period: 'day', window: { type: 'lifetime' }, points: 1 }] }, '/limits/0/window'],
    [{ limits: [{ period: 'window', window: { type: 'sinceTier' }, points: 1 }] }, '/limits/0/window/type'],
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
