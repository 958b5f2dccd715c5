import { ruleTriggerOf, triggerFaults } from './rule-trigger.dto.js';

describe('the trigger of a rule', () => {
  it('is a receipt where none is named', () => {
    expect(ruleTriggerOf(undefined)).toEqual({ type: 'receipt' });
    expect(ruleTriggerOf({ type: 'activity', activity: 'review' })).toEqual({
      type: 'activity',
      activity: 'review',
    });
  });

  it('lets a rule about receipts say everything about them', () => {
    const limits = [{ period: 'purchase' }];
    expect(triggerFaults({ basis: 'net', origin: 'purchase', amount: { type: 'perSpend' }, limits })).toEqual(
      [],
    );
  });

  it('refuses what speaks of a basket, and points of a sale, where there is none', () => {
    const faults = triggerFaults({
      trigger: { type: 'activity', activity: 'review' },
      basis: 'net',
      lines: { includeCategories: ['wine'] },
      earnOnPointsPaid: true,
      origin: 'purchase',
      amount: { type: 'perSpend' },
      limits: [{ period: 'day' }, { period: 'purchase' }],
    });
    expect(faults.map(({ pointer }) => pointer)).toEqual([
      '/basis',
      '/lines',
      '/earnOnPointsPaid',
      '/amount/type',
      '/origin',
      '/limits/1/period',
    ]);
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['NOT_FOR_TRIGGER']));
  });

  it('takes a definition as it is read, with defaults that say nothing of a basket', () => {
    const faults = triggerFaults({
      trigger: { type: 'activity', activity: 'review' },
      basis: 'gross',
      lines: { includeCategories: [], excludeCategories: [] },
      earnOnPointsPaid: false,
      origin: 'non_purchase',
      amount: { type: 'fixed' },
    });
    expect(faults).toEqual([]);
  });

  it('takes a milestone that gives one fixed amount for each step, and nothing that says otherwise', () => {
    const milestone = {
      type: 'milestone',
      measure: 'visits',
      step: 10,
      window: { type: 'calendar', unit: 'year' },
    } as const;
    const plain = {
      trigger: milestone,
      basis: 'gross',
      multiplier: '1',
      limits: [],
      amount: { type: 'fixed' },
    };
    expect(triggerFaults(plain)).toEqual([]);
    const faults = triggerFaults({
      ...{ trigger: milestone, origin: 'non_purchase', amount: { type: 'perSpend' }, basis: 'net' },
      ...{ condition: 'true', multiplier: '2', limits: [{ period: 'day' }], coolDown: { days: 1 } },
      ...{ group: { key: 'g' }, exclusive: true, schedule: { weekdays: [1] } },
    });
    expect(faults.map(({ pointer, code }) => `${code} ${pointer}`)).toEqual([
      'ORIGIN_OF_A_SALE /origin',
      ...[
        'condition',
        'multiplier',
        'limits',
        'coolDown',
        'group',
        'exclusive',
        'schedule',
        'basis',
        'amount/type',
      ].map((field) => `NOT_FOR_TRIGGER /${field}`),
    ]);
  });

  it.each([{ type: 'rolling', days: 30 } as const, { type: 'sinceTier' } as const])(
    'refuses a milestone over windows that overlap: $type',
    (window) => {
      const trigger = { type: 'milestone', measure: 'spend', step: 3000, window } as const;
      expect(() => ruleTriggerOf(trigger)).toThrow(
        expect.objectContaining({
          problem: expect.objectContaining({
            errors: [
              expect.objectContaining({ pointer: '/trigger/window/type', code: 'WINDOW_NOT_FOR_MILESTONES' }),
            ],
          }),
        }),
      );
    },
  );
});
