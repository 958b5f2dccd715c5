import type { AccountId } from '../../../kernel/ids.js';
import type { NeedsMoreRows } from '../../../kernel/needs-more-rows.js';
import type { Outcome } from '../contract/command.js';
import type { Counted } from '../contract/work.js';
import type { NewClaim } from './batch-state.js';

/** The account that a decision needs more rows of, and which. */
export type Lack = Pick<NeedsMoreRows, 'accountId' | 'wants'>;

export interface DecidedBatch {
  /** One outcome for each command, in order. */
  readonly outcomes: readonly Outcome[];
  readonly newClaims: readonly NewClaim[];
  /**
   * Commands whose outcome depends on rows that other commands of the batch have yet to write: a claim, or the last
   * of a stock.
   */
  readonly tentative: ReadonlySet<number>;
  /** Pairs of accounts that one command changed: both are written, or neither. */
  readonly atomicPairs: readonly (readonly [AccountId, AccountId])[];
  /**
   * A decision rests on what earlier commands of the batch took of a shared state: all accounts of the batch are
   * written, or none.
   */
  readonly whole: boolean;
  /**
   * Commands deferred to the next batch, because an earlier command moved members of their account or still waits for
   * more rows of it.
   */
  readonly deferred: ReadonlySet<number>;
  /** Deferred commands that need more rows themselves, and which. */
  readonly lacking: ReadonlyMap<number, Lack>;
  /** Commands that found the clock behind the last record: decided at the instant of that record, or refused. */
  readonly clockBehind: { readonly held: number; readonly refused: number };
  /** What carried-out commands counted for metrics. */
  readonly counts: readonly Counted[];
}
