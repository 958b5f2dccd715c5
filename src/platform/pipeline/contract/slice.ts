import type { DomainEvent } from '../../../kernel/domain-events.js';
import type { IdPrefix } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { Emission } from './emission.js';
import type { Column, RowSink } from './table.js';
import type { Row } from '../../database/row.js';

/**
 * The order in which what falls due at one instant is settled, whatever the hour of the run
 * (docs/decisions.md#fixed-order-of-the-night): holds give their points back, waiting points become usable, tiers
 * roll, lots expire, what closed memberships kept is forfeited, tiers that count the balance are looked at again.
 */
export const PHASES = ['lapse', 'activate', 'roll', 'expire', 'forfeit', 'reevaluate'] as const;

/**
 * How far into what is loaded on demand a command is given to see, from the least on: hardly beyond what it names, the
 * first rows, and more of them, each time many times as many. Past the last step there is everything.
 */
export const PRELOAD_SIZES = ['referenced', 'small', 'medium', 'large'] as const;
export type PreloadSize = (typeof PRELOAD_SIZES)[number];

/** How much of an account's front is loaded. */
export interface PreloadScope {
  /** The first so many rows, 1 or more, */
  readonly limit: number;
  /** and all that end or fall due by then, inclusive: at least the instant of the load. */
  readonly until: Instant;
  /** Whether a decision lacked the dates after those that are known. */
  readonly dates: boolean;
}

/** Something of a slice that falls due with time. */
export interface DueRule<S> {
  readonly phase: (typeof PHASES)[number];
  /**
   * The next instant at which something is due; null when nothing is. Without lazy rows it may be too early, never
   * too late.
   */
  nextDue(state: S): Instant | null;
  /** The events that settle what is due by `at`; called with all lazy rows loaded that fall due by then. */
  eventsDue(state: S, at: Instant): readonly Emission[];
}

/**
 * A module's piece of an account's state: how it is read, how events change it (a fold, so the state after a
 * command is a function of the state before and its events), and which rows the change is written as.
 */
export interface AccountSlice<S> {
  readonly scope: 'account';
  readonly name: string;
  /** Columns it keeps on the account row, read and written with every command. */
  readonly columns: readonly (Column & { value(state: S): unknown })[];
  /** A join that may use `t.account_id`, and what it selects, for what is not on the account row. */
  readonly join?: string;
  readonly select?: string;
  read(row: Row): S;
  /**
   * Rows beyond the account row, loaded on demand: `$1` is the accounts' uuid[], `$2`, where it has any kinds, the uuid[] of what
   * the commands name of these (`CommandHandler.subjects`). Returns `account_id`.
   */
  readonly lazyRows?: {
    readonly sql: string;
    readonly referencedKinds: readonly IdPrefix[];
    /** Loaded only for accounts of which a decision lacked this (`NotAtHandError`). */
    readonly onDemand?: 'debts';
    /** There are no others, so where no command names anything, nothing is asked. */
    readonly onlyReferenced?: boolean;
    merge(state: S, rows: readonly Row[]): S;
    /** Ids that the rows name, to be loaded with the lazy rows of the slices after this one. */
    referencedBy?(rows: readonly Row[]): readonly string[];
    /** The first of them, for commands that get along with those (`CommandHandler.front`). */
    readonly preload?: {
      /**
       * `$1` is the accounts' uuid[], `$2` the uuid[] of what their commands name and `$3` that of the account of
       * each; from `$4` on an array each of what `ask` says of every account. Returns `account_id`.
       */
      readonly sql: string;
      /** How many at each step, 1 or more. */
      readonly limits: Readonly<Record<PreloadSize, number>>;
      /** The account's values of the statement's parameters from `$4` on. */
      parametersOf(state: S, scope: PreloadScope): readonly unknown[];
      /** From here on, whatever needs more must throw a `NotAtHandError`. */
      merge(state: S, rows: readonly Row[], scope: PreloadScope): S;
    };
  };
  /** What falls due by itself and is settled before anything is decided. */
  readonly due?: readonly DueRule<S>[];
  apply(state: S, event: DomainEvent, facts: ApplyFacts): S;
  rows?(state: S, sink: RowSink): void;
  /**
   * The state once its rows are written, as a load without lazy rows would find it; absent where the two are the same.
   */
  afterWrite?(state: S): S;
}

/** What a fold may know beside the event. */
export interface ApplyFacts {
  readonly currency: string;
  readonly timeZone: string;
  readonly programmeId: string;
}

/**
 * The same for one member's piece (in a household several members share an account). What is kept by member is
 * stored under the account the member was enrolled with, `m.home_account_id`, so that joining and leaving a
 * household moves none of it.
 */
export interface MemberSlice<S> {
  readonly scope: 'member';
  readonly name: string;
  /**
   * Values a command contributes to the load, such as where a window starts; used in `join` as `c.<name>`.
   * `measuresAt` is the earliest instant whose measures the command changes: its body's field of that name, or
   * when it occurred. `whole`: all there is, as its body's field `wholeStanding` says, or because it met the end of
   * what was loaded for it.
   */
  readonly parameters?: readonly (Column & {
    value(
      config: ConfigSnapshot,
      occurredAt: Instant,
      now: Instant,
      measuresAt: Instant,
      whole: boolean,
    ): unknown;
  })[];
  /** A join that may use `t.account_id`, the member's row `m`, `c.occurred_at` and its parameters. */
  readonly join?: string;
  readonly select: string;
  read(row: Row): S;
  /** Adds what a further command's row of the same member brought. */
  merge?(state: S, row: Row): S;
  apply(state: S, event: DomainEvent, facts: ApplyFacts): S;
  rows?(state: S, sink: RowSink, owner: { readonly accountId: string; readonly memberId: string }): void;
  /** As for an account's piece. */
  afterWrite?(state: S): S;
}

/** State that no account owns, such as a reward's stock; loaded by key. */
export interface SharedSlice<S> {
  readonly scope: 'shared';
  readonly name: string;
  /** `$1` the programme uuid[], `$2` the keys text[]; returns `programme_id`, `key` and what `read` takes. */
  readonly sql: string;
  read(row: Row): S;
  /** Its rows are written by the account slice whose events change it, so that a conflict leaves them out. */
  apply(state: S, event: DomainEvent, key: string): S;
}

export type AnySlice = AccountSlice<unknown> | MemberSlice<unknown> | SharedSlice<unknown>;

/** Erases a slice's state type for the registry; `Work.get` gives it back. */
export function registered<S>(slice: AccountSlice<S> | MemberSlice<S> | SharedSlice<S>): AnySlice {
  return slice;
}
