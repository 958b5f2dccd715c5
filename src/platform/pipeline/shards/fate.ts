import type { AccountId } from '../../../kernel/ids.js';
import type { Batch } from '../batch/batch-state.js';
import type { DecidedBatch } from '../batch/decided-batch.js';

/** What becomes of a command after its batch was written. */
export type Fate =
  /** Its outcome holds: the caller gets it. */
  | 'answer'
  /** It was not decided, for an earlier command of the batch goes first: the next batch decides it. */
  | 'defer'
  /** Its decision needs more rows than were loaded: it is loaded again with more of them. */
  | 'load-more'
  /** It was decided on a cached account, and the write did not confirm the version: the cache entry goes. */
  | 'reload'
  /** Its account changed between load and write, or its outcome rests on a command whose account did. */
  | 'conflict';

/** A batch that was loaded, decided and written. */
export interface Attempt {
  readonly batch: Batch;
  readonly decided: DecidedBatch;
  /** Accounts whose rows were written. */
  readonly written: ReadonlySet<AccountId>;
  /** Whether an account changed since it was loaded, so that its rows were not written. */
  readonly anyConflict: boolean;
}

export function attempted(batch: Batch, decided: DecidedBatch, written: ReadonlySet<AccountId>): Attempt {
  let anyConflict = false;
  for (const accountId of batch.accounts.keys()) anyConflict ||= isLost(accountId, batch, written);
  return { batch, decided, written, anyConflict };
}

/** @param index place of the command in its batch, 0 or more. */
export function fateOf({ batch, decided, written, anyConflict }: Attempt, index: number): Fate {
  if (decided.lacking.has(index)) return 'load-more';
  if (decided.deferred.has(index)) return 'defer';
  const { cached, accountId, counterparty } = batch.commands[index] as Batch['commands'][number];
  // A cached state may be stale: only the account's write confirms it, and a refusal writes nothing.
  if (cached && (decided.outcomes[index]?.kind === 'refused' || !isConfirmed(accountId, batch, written)))
    return 'reload';
  if (isLost(accountId, batch, written) || isLost(counterparty?.accountId ?? null, batch, written))
    return 'conflict';
  return anyConflict && decided.tentative.has(index) ? 'conflict' : 'answer';
}

function isConfirmed(accountId: AccountId | null, batch: Batch, written: ReadonlySet<AccountId>): boolean {
  return accountId !== null && batch.accounts.get(accountId)?.changed === true && written.has(accountId);
}

function isLost(accountId: AccountId | null, batch: Batch, written: ReadonlySet<AccountId>): boolean {
  return accountId !== null && batch.accounts.get(accountId)?.changed === true && !written.has(accountId);
}
