import type { DomainEvent } from '../../../kernel/domain-events.js';
import type { IdPrefix } from '../../../kernel/ids.js';
import type { Instant, LocalDate } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { Emission } from './emission.js';
import type { Column, RowSink } from './table.js';
import type { Row } from '../../database/row.js';

/**
 * The order in which due transitions of one instant are applied, whenever the job runs
 * (docs/decisions.md#fixed-order-of-the-night): holds give their points back, pending points become usable, tiers
 * roll, gifts of the calendar are given, lots expire, points left after a closing are forfeited, and tiers that count
 * the balance are evaluated again.
 */
export const PHASES = ['lapse', 'activate', 'roll', 'calendar', 'expire', 'forfeit', 'reevaluate'] as const;

/**
 * How many lazy rows a command is given: little more than the referenced rows, then a growing number of the first
 * rows. After the last size come all rows.
 */
export const PRELOAD_SIZES = ['referenced', 'small', 'medium', 'large'] as const;
export type PreloadSize = (typeof PRELOAD_SIZES)[number];

/** What is preloaded of an account. */
export interface PreloadScope {
  /** This many of the first rows, 1 or more, */
  readonly limit: number;
  /** and all rows that end or fall due by this instant, inclusive: at least the instant of the load. */
  readonly until: Instant;
  /** Whether an earlier attempt lacked expiry dates beyond the preloaded rows. */
  readonly dates: boolean;
}

/** A transition of a slice's state that time causes. */
export interface DueRule<S> {
  readonly phase: (typeof PHASES)[number];
  /**
   * The next instant at which something is due under a configuration; null if nothing is. Without lazy rows it may be
   * too early, never too late.
   */
  nextDue(state: S, config: ConfigSnapshot): Instant | null;
  /** The events of what is due by `at`. Called with all lazy rows loaded that fall due by then. */
  eventsDue(state: S, at: Instant, config: ConfigSnapshot): readonly Emission[];
  /**
   * Statements that find what is due by `$1` and was not applied, earliest first and at most `$2`, each along an index
   * of just that: `account_id`, `member_id` (null for the account's own) and `due_at`. They may find too much, never
   * too little.
   */
  readonly find: readonly string[];
}

/**
 * A module's part of an account's state (a state reducer): how it is read, how events change it, and the rows that
 * store the change. The state after a command is a function of the state before and of the command's events.
 */
export interface AccountSlice<S> {
  readonly scope: 'account';
  readonly name: string;
  /** Columns on the account row, read and written with every command. */
  readonly columns: readonly (Column & { value(state: S): unknown })[];
  /** A join that may use `t.account_id`, and the columns it selects: state that is not on the account row. */
  readonly join?: string;
  readonly select?: string;
  read(row: Row): S;
  /**
   * Rows beyond the account row, loaded on demand. `$1` is the accounts' uuid[]; `$2`, if there are referenced kinds,
   * the uuid[] of the ids of these kinds that commands refer to. Returns `account_id`.
   */
  readonly lazyRows?: {
    readonly sql: string;
    readonly referencedKinds: readonly IdPrefix[];
    /** Loaded only after a decision on the account lacked it (`NeedsMoreRows`). */
    readonly onDemand?: 'debts';
    /** All rows are requested by id, so the query is skipped if no id is requested. */
    readonly onlyReferenced?: boolean;
    merge(state: S, rows: readonly Row[]): S;
    /** Ids that the rows refer to. They are loaded with the lazy rows of the slices after this one. */
    referencedBy?(rows: readonly Row[]): readonly string[];
    /** The first of these rows, for handlers with a `preload`. */
    readonly preload?: {
      /**
       * `$1` is the accounts' uuid[], `$2` the uuid[] of referenced ids and `$3` their accounts; from `$4` on one
       * array for each value of `parametersOf`. Returns `account_id`.
       */
      readonly sql: string;
      /** Rows for each size, 1 or more. */
      readonly limits: Readonly<Record<PreloadSize, number>>;
      /** The account's values of the statement's parameters from `$4` on. */
      parametersOf(state: S, scope: PreloadScope): readonly unknown[];
      /** The state after this must throw `NeedsMoreRows` for everything beyond the preloaded rows. */
      merge(state: S, rows: readonly Row[], scope: PreloadScope): S;
    };
  };
  /** Transitions by time, applied before anything is decided. */
  readonly due?: readonly DueRule<S>[];
  apply(state: S, event: DomainEvent, facts: ApplyFacts): S;
  rows?(state: S, sink: RowSink): void;
  /** The state after its rows were written, as a load without lazy rows would find it. Absent if that is the same. */
  afterWrite?(state: S): S;
}

/** Where a replay begins: with a business day, and the instant at which that begins. */
export interface ReplayStart {
  readonly day: LocalDate;
  readonly at: Instant;
}

/** What `apply` may know beside the event. */
export interface ApplyFacts {
  readonly currency: string;
  readonly timeZone: string;
  readonly programmeId: string;
}

/**
 * The same for one member (the members of a household share an account). The rows of a member belong to the account
 * that the member was enrolled with, `m.home_account_id`, so joining or leaving a household moves none of them.
 */
export interface MemberSlice<S> {
  readonly scope: 'member';
  readonly name: string;
  /**
   * Values that a command gives to the load, such as the start of a window; used in `join` as `c.<name>`.
   * `measuresAt` is the earliest instant whose measures the command changes: the field of that name in its body, or
   * when it occurred. `whole`: all days are loaded, because the body's `wholeStanding` says so or an earlier attempt
   * lacked days. `campaignId`: the field of that name in its body.
   */
  readonly parameters?: readonly (Column & {
    value(
      config: ConfigSnapshot,
      occurredAt: Instant,
      now: Instant,
      measuresAt: Instant,
      whole: boolean,
      campaignId: string | null,
    ): unknown;
  })[];
  /** A join that may use `t.account_id`, the member's row `m`, `c.occurred_at` and its parameters. */
  readonly join?: string;
  readonly select: string;
  read(row: Row): S;
  /** What falls due by itself, applied before anything is decided for the member. */
  readonly due?: readonly DueRule<S>[];
  /** Adds the columns that another command's row of the same member brought. */
  merge?(state: S, row: Row): S;
  apply(state: S, event: DomainEvent, facts: ApplyFacts): S;
  rows?(state: S, sink: RowSink, owner: { readonly accountId: string; readonly memberId: string }): void;
  /** As for an account's slice. */
  afterWrite?(state: S): S;
  /**
   * Of a state that was read whole: what it was when a replay begins, without what later days brought. Absent where
   * what is read holds for the replay as it is.
   */
  startingAt?(state: S, start: ReplayStart): S;
}

/** State that no account owns, such as a reward's stock; loaded by key. */
export interface SharedSlice<S> {
  readonly scope: 'shared';
  readonly name: string;
  /** `$1` the programme uuid[], `$2` the keys text[]; returns `programme_id`, `key` and what `read` takes. */
  readonly sql: string;
  /** @param place tells this shard from others, 0 or more: where a state is in parts, which part it takes first. */
  read(row: Row, place: number): S;
  /**
   * The keys that the configuration asks for, beside those that a command names. They are loaded for commands that
   * may award points, also on cached accounts, and for those that lacked one (`NeedsMoreRows`).
   * @param at when what the command is about occurred; null: whatever any version may ask for.
   */
  keysOf?(config: ConfigSnapshot, at: Instant | null): readonly string[];
  /** Whether a decision rests on what the batch took before it: the batch is then written whole or not at all. */
  holdsWhole?(state: S): boolean;
  /** Its rows are written by the account slice whose events change it, so that a conflict leaves them out as well. */
  apply(state: S, event: DomainEvent, key: string): S;
}

export type AnySlice = AccountSlice<unknown> | MemberSlice<unknown> | SharedSlice<unknown>;

/** Erases a slice's state type for the registry; `Work.get` gives it back. */
export function registered<S>(slice: AccountSlice<S> | MemberSlice<S> | SharedSlice<S>): AnySlice {
  return slice;
}
