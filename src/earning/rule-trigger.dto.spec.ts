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
});
