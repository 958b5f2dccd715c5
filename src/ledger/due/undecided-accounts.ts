import type { AccountId } from '../../kernel/ids.js';

/** How many accounts are named; the rest are counted. */
const NAMED = 20;

/** What fell due on some accounts cannot be applied: their rows contradict each other, or the rules have a fault. */
export class UndecidedAccountsError extends Error {
  /** The first of them, in the order in which they were found. */
  readonly accounts: readonly AccountId[];
  readonly count: number;

  /** @param undecided what kept each of them from being decided */
  constructor(undecided: ReadonlyMap<AccountId, Error>) {
    const accounts = [...undecided.keys()].slice(0, NAMED);
    const more = undecided.size > accounts.length ? ` and ${undecided.size - accounts.length} more` : '';
    const [cause] = undecided.values();
    super(`What is due cannot be applied on ${accounts.join(', ')}${more}: ${cause?.message}`, { cause });
    this.name = 'UndecidedAccountsError';
    this.accounts = accounts;
    this.count = undecided.size;
  }
}
