import { accountingPolicyInForce, missingAccountingPolicy } from '../finance/index.js';
import type { PurchaseLine } from '../kernel/domain-events.js';
import type { Problem } from '../kernel/problem.js';
import { ok, refuse, type Result } from '../kernel/result.js';
import { localDate } from '../kernel/time.js';
import type { Setting } from '../platform/pipeline/index.js';
import { checkBackdating } from './check-backdating.js';
import { CLOCK_SKEW_MS, type PurchaseBody } from './domain/purchase-body.js';
import { saleFault, soldLines } from './domain/sold-lines.js';
import { purchaseProblems } from './problems.js';

const NO_CATEGORIES = {};

/** A receipt that is sound by itself. */
export interface CheckedReceipt {
  /** With what each is to the seller. */
  readonly lines: readonly PurchaseLine[];
  /** Whether it is dated further back than receipts may be. */
  readonly beyondBound: boolean;
}

/**
 * Checks a receipt as far as its member makes no difference. A receipt of an unknown member is refused for its own
 * faults first, so that a caller that enrols members for receipts enrols none for a receipt that is refused anyway.
 */
export function checkReceipt(body: PurchaseBody, setting: Setting): Result<CheckedReceipt, Problem> {
  const { config, now } = setting;
  const { currency, timeZone } = config;
  if (body.currency !== currency) {
    const detail = `The programme's currency is ${currency}, the receipt's ${body.currency}.`;
    const errors = [{ pointer: '/currency', code: 'CURRENCY_MISMATCH', detail }];
    return refuse(purchaseProblems.problem('CURRENCY_MISMATCH', detail, { errors }));
  }
  if (body.occurredAt > now + CLOCK_SKEW_MS) {
    const detail = `occurredAt is more than ${CLOCK_SKEW_MS / 1000} seconds ahead of the server's clock.`;
    const errors = [{ pointer: '/occurredAt', code: 'OCCURRED_IN_FUTURE', detail }];
    return refuse(purchaseProblems.problem('OCCURRED_IN_FUTURE', detail, { errors }));
  }
  const backdated = checkBackdating('receipt', body.occurredAt, '/occurredAt', setting);
  if (!backdated.ok) return backdated;
  const policy = accountingPolicyInForce(config, body.occurredAt)?.body;
  const lines = soldLines(body.lines, policy?.revenueByCategory ?? NO_CATEGORIES);
  const fault = saleFault(lines, body.tenders);
  if (fault) {
    const { code, pointer, detail, meta } = fault;
    const errors = [{ pointer, code, detail }];
    return refuse(purchaseProblems.problem(code, detail, { errors, meta }));
  }
  const businessDate = localDate(body.occurredAt, timeZone);
  const missing = missingAccountingPolicy({ occurredAt: body.occurredAt, businessDate }, setting);
  return missing === null ? ok({ lines, beyondBound: backdated.value }) : refuse(missing);
}
