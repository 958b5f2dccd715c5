import { uuidToId, type AccountId } from '../kernel/ids.js';
import { NeedsMoreRows } from '../kernel/needs-more-rows.js';
import type { AccountSlice, Work } from '../platform/pipeline/index.js';
import { DEBT_CHANGES, readDebtChange } from './debt-history.query.js';
import { debtChanges, openSince, type DebtChange, type OpenSince } from './domain/debt-history.js';
import { ledgerSlice } from './ledger.slice.js';

interface DebtHistory {
  readonly accountId: AccountId;
  /** What the movements that are written did to the debt; null: not loaded. */
  readonly changes: readonly DebtChange[] | null;
}

/**
 * How an account's debt came about. Only points that ended before they were known ask for it, on an account that owes,
 * so it is loaded for no other command.
 */
export const debtHistorySlice: AccountSlice<DebtHistory> = {
  scope: 'account',
  name: 'debtHistory',
  columns: [],
  read: (row) => ({ accountId: uuidToId('acc', row['account_id'] as string), changes: null }),
  afterWrite: ({ accountId }) => ({ accountId, changes: null }),
  lazyRows: {
    sql: DEBT_CHANGES,
    referencedKinds: [],
    onDemand: 'debts',
    merge: ({ accountId }, rows) => ({ accountId, changes: rows.map(readDebtChange) }),
  },
  apply: (history) => history,
};

/** @throws NeedsMoreRows if the history was not loaded. */
export function debtOpenSince(work: Work): OpenSince {
  return (at) => {
    const { accountId, changes } = work.account(debtHistorySlice);
    const { debt, movements, movementSequence } = work.account(ledgerSlice);
    // Where no movement is written yet, there is nothing to be loaded.
    const written = movements.length === movementSequence ? [] : changes;
    if (!written) throw new NeedsMoreRows(accountId, 'how the debt came about', 'debts');
    return openSince(debt, [...written, ...debtChanges(movements)], at);
  };
}
