import { EMPTY_SUM } from '../../src/kernel/record-sum.js';
import type { AccountEntry } from '../../src/platform/pipeline/batch/batch-state.js';

/** An account as a batch finds it: without a history unless told otherwise. */
export function accountEntry(
  known: Pick<AccountEntry, 'accountId' | 'programmeId'> & Partial<AccountEntry>,
): AccountEntry {
  return {
    version: 0,
    eventSequence: 0,
    recordedUntil: 0,
    eventHead: EMPTY_SUM,
    recordSum: EMPTY_SUM,
    account: new Map(),
    members: new Map(),
    parameters: new Map(),
    changed: false,
    publicEvents: [],
    ...known,
  };
}
