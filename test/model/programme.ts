import { ProgrammeBuilder } from '../builders/programme.js';
import type { ApiClient } from '../harness/api-client.js';
import { RULES } from './rules.js';

/** Publishes over the API what the reference model knows by heart. */
export async function publishModelProgramme(api: ApiClient, graceDays: number): Promise<ProgrammeBuilder> {
  const programme = new ProgrammeBuilder(api);
  const days = (count: number | null) => ({ type: 'days', days: count });
  const only = (category: string | null) => ({ includeCategories: category === null ? [] : [category] });
  await programme.policy({
    expiry: days(RULES.base.days),
    pointsOffBasket: { minorPerPoint: 100 },
    transfers: { expiry: 'keep', minimumPoints: 1 },
    closing: { graceDays },
  });
  await programme.accounting({ valueIncludesTax: false, taxRate: '0' });
  await programme.rule('base', {
    amount: { type: 'perSpend', points: 1, stepMinor: RULES.base.stepMinor },
    expiry: days(RULES.base.days),
  });
  await programme.rule('bonus', {
    amount: { type: 'basketBonus', points: RULES.bonus.points, minimumMinor: RULES.bonus.minimumMinor },
    origin: RULES.bonus.origin,
    lines: only(RULES.bonus.category),
    expiry: days(RULES.bonus.days),
  });
  await programme.rule('later', {
    amount: { type: 'perSpend', points: 1, stepMinor: RULES.later.stepMinor },
    lines: only(RULES.later.category),
    pending: days(RULES.later.pendingDays),
    limits: [{ period: 'total', points: RULES.later.limit }],
    expiry: days(RULES.later.days),
  });
  await programme.rule('order', {
    amount: { type: 'perSpend', points: 1, stepMinor: RULES.order.stepMinor },
    lines: only(RULES.order.category),
    pending: {
      type: 'event',
      event: 'delivered',
      thenDays: RULES.order.thenDays,
      cancelAfterDays: RULES.order.cancelAfterDays,
    },
    expiry: days(RULES.order.days),
  });
  await programme.adjustmentReason('gift', { direction: 'credit', origin: 'goodwill' });
  await programme.adjustmentReason('apology', { direction: 'credit', origin: 'sale_compensation' });
  await programme.adjustmentReason('breach', { direction: 'debit' });
  return programme;
}
