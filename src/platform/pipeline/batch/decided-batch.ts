import type { AccountId } from '../../../kernel/ids.js';
import type { NeedsMoreRows } from '../../../kernel/needs-more-rows.js';
import type { Outcome } from '../contract/command.js';
import type { NewClaim } from './batch-state.js';

/** Of which account a decision lacks what. */
export type Lack = Pick<NeedsMoreRows, 'accountId' | 'wants'>;

export interface DecidedBatch {
  /** One outcome a command, in order. */
  readonly outcomes: readonly Outcome[];
  readonly newClaims: readonly NewClaim[];
  /**
   * Commands whose outcome rests on what others of this very batch have yet to write: their claims, or the last
   * of a stock that one of them took.
   */
  readonly tentative: ReadonlySet<number>;
  /** Pairs of accounts that one command changed: both are written, or neither. */
  readonly atomicPairs: readonly (readonly [AccountId, AccountId])[];
  /**
   * Commands that were not decided: one before them moved members of their accounts, so they are looked up again, or
   * waits itself for more of them.
   */
  readonly deferred: ReadonlySet<number>;
  /** Those of them that met the end of what was loaded, and what they lack. */
  readonly lacking: ReadonlyMap<number, Lack>;
  /** Commands that found the clock behind: so many were decided at the last instant on record, and so many refused. */
  readonly clockBehind: { readonly held: number; readonly refused: number };
}
