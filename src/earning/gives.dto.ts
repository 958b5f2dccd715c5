import type { FieldError } from '../kernel/problem.js';
import type { Gives } from './domain/gives.js';

/** Fields of a rule that say what becomes of its points. */
interface AboutPoints {
  readonly gives?: Gives;
  readonly trigger?: { readonly type: string };
  readonly budget?: unknown;
  readonly expiry?: unknown;
  readonly pending?: unknown;
}

/** What a rule says about points although it gives none, and status points for what is no receipt. */
export function givesFaults({ gives = 'points', trigger, ...fields }: AboutPoints): readonly FieldError[] {
  if (gives === 'points') return [];
  if (trigger !== undefined && trigger.type !== 'receipt') {
    const detail = 'Status points are given for receipts only.';
    return [{ pointer: '/gives', code: 'NOT_FOR_TRIGGER', detail }];
  }
  if (gives === 'both') return [];
  const detail = 'Status points wait for nothing, do not expire by themselves and cost no budget.';
  return (['budget', 'expiry', 'pending'] as const)
    .filter((field) => (fields[field] ?? null) !== null)
    .map((field) => ({ pointer: `/${field}`, code: 'NOT_FOR_STATUS_POINTS', detail }));
}
