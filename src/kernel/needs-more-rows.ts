import type { AccountId } from './ids.js';

/**
 * What a decision lacks: more rows from the front on, the sums of the dates at which the next points end, the whole
 * standing of a member, how the account's debt came about, states that accounts share, or every row there is, where it is known beforehand that no
 * part will do.
 */
export type Wanted = 'more' | 'dates' | 'standing' | 'debts' | 'shared' | 'everything';

/**
 * A decision met the end of what was loaded of an account: there may be more rows of it, and what to do hangs on
 * them. Nothing of it counts; the pipeline decides the command again with more of that account loaded.
 */
export class NeedsMoreRows extends Error {
  constructor(
    readonly accountId: AccountId,
    what: string,
    readonly wants: Wanted = 'more',
  ) {
    super(`${what} is not loaded`);
  }
}
