import type { Problem } from '../kernel/problem.js';
import { ok, type Result } from '../kernel/result.js';
import type { Work } from '../platform/pipeline/index.js';
import { planExpiry } from './domain/spend.js';
import { ledgerSlice } from './ledger.slice.js';

/**
 * Expires what a late entry just made available although its last instant has passed, at that instant: for
 * handlers that do something for an instant of the past, so that their answer is the same as that of the next look.
 */
export function expirePast(work: Work): Result<void, Problem> {
  for (const { at, lots } of planExpiry(work.account(ledgerSlice), work.now)) {
    const emitted = work.emit({ type: 'points.expired', data: { lots }, occurredAt: at });
    if (!emitted.ok) return emitted;
  }
  return ok(undefined);
}
