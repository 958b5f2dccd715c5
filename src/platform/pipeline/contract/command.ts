import type { DomainEventOf, DomainEventType } from '../../../kernel/domain-events.js';
import type { AccountId, Id, ProgrammeId } from '../../../kernel/ids.js';
import type { Problem } from '../../../kernel/problem.js';
import type { Result } from '../../../kernel/result.js';
import type { Instant } from '../../../kernel/time.js';
import type { Emission } from './emission.js';
import type { PreloadSize } from './slice.js';
import type { Setting, Work } from './work.js';

/** The account that a command is about: by id, by an identity of its member, or by something that belongs to it. */
export type Target =
  | {
      readonly kind:
        | 'account'
        | 'member'
        | 'home'
        | 'redemption'
        | 'purchase'
        | 'waiting'
        | 'adjustment'
        | 'activity'
        | 'registration';
      readonly id: string;
    }
  | { readonly kind: 'identity'; readonly type: string; readonly value: string };

/**
 * An account that the command itself opens. Its row is written with the command, and the target's member acts for it.
 * Only a counterparty can be a new account.
 */
export interface NewAccount {
  readonly kind: 'new';
  readonly id: AccountId;
}

/**
 * A unique claim: (programme, scope, key). The claim of a command that took effect is stored in the same transaction
 * and never expires. A second command with the claim gets the first answer, or a refusal if it asks for something
 * else.
 */
export interface Claim {
  readonly scope:
    | 'idempotency-key'
    | 'receipt'
    | 'return'
    | 'redemption'
    | 'capture'
    | 'void'
    | 'adjustment'
    | 'transfer'
    | 'opening'
    | 'activity'
    | 'activityCancellation'
    | 'registrationCancellation'
    | 'command';
  readonly key: string;
}

/** A request to change an account. `body` is the handler's own, validated and normalised. */
export interface Command<B = unknown> {
  readonly type: string;
  /** Made once for each request; proves, after a lost connection, that a stored claim is our own. */
  readonly commandId: Id;
  readonly programmeId: ProgrammeId;
  readonly target: Target;
  /** The other account of a command on two; both are written, or neither. */
  readonly counterparty?: Target | NewAccount;
  readonly body: B;
  /** The natural claim (receipt, external id) if there is one; the first answer is stored with it. */
  readonly natural: Claim | null;
  readonly idempotencyKey: string | null;
  /** SHA-256 of the normalised body, hex. */
  readonly fingerprint: string;
  /**
   * SHA-256 of the name of the target, hex. A request that names the same account in another way is the same request.
   */
  readonly targetFingerprint: string;
  /** The API key or job that sent the command. */
  readonly actor: string;
  readonly dryRun: boolean;
  /** The caller wants the explanation beside the answer. */
  readonly explain?: true;
  /** A line of a stream or the work of a job: single commands go first. */
  readonly bulk?: true;
  /** The limits on backdating do not apply to the caller. */
  readonly unbound?: true;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Computed by the decision and stored elsewhere. Shown with `explain`; not part of the stored answer. */
  readonly explanation?: unknown;
}

/** How a module carries out one type of command. Pure: everything it needs comes in `work`. */
export interface CommandHandler<B = unknown> {
  readonly type: string;
  /** Whether the command reads lots, holds or redemptions, which are loaded only on demand. */
  needsLazyRows(body: B): boolean;
  /**
   * How many lazy rows are preloaded. A decision that needs more throws `NeedsMoreRows` and is retried with the next
   * larger preload, at last with all rows. Absent: all rows are loaded at once.
   */
  readonly preload?: PreloadSize;
  /** Ids that the command refers to beside its target. Their rows are loaded with the lazy rows. */
  referencedIds?(body: B): readonly string[];
  /** Rows that end by this instant, inclusive, are loaded as well; null: none for that reason. */
  endingBy?(body: B): Instant | null;
  /** Keys of the shared (not account-scoped) states it touches, by slice name. */
  sharedKeys?(body: B): readonly { readonly slice: string; readonly key: string }[];
  /** The command may award points, so what its rules draw on (`SharedSlice.keysOf`) is loaded with it. */
  readonly awards?: true;
  /** The refusal if the target does not exist, or if the command would be refused whatever its target is. */
  unknownTarget(body: B, setting: Setting): Problem;
  /** The refusal for a natural claim that another body holds. */
  naturalConflict(body: B): Problem;
  /** The refusal for a counterparty that does not exist; only commands on two accounts need it. */
  unknownCounterparty?(body: B, setting: Setting): Problem;
  /**
   * A repeat finds nothing left to do and returns nothing that the caller needs, so no claim is stored. For commands
   * that jobs send to every account.
   */
  readonly repeatable?: true;
  /**
   * The account's state after this command is complete, so it may be cached for the next command. If the command
   * needs no lazy rows, it may itself be decided on a cached account.
   */
  readonly cacheable?: true;
  /**
   * Commands that name the account in the same way are decided in the order in which they came: such a command never
   * leaves its shard.
   */
  readonly inOrder?: true;
  /**
   * The command changes which members belong to its accounts. Later commands of the batch on those accounts are
   * looked up again.
   */
  readonly movesMembers?: true;
  /**
   * @param counterparty the work on the other account of a command on two. Null for every other command, and where
   * both targets turn out to be one member. Two members of one account have two works with one account state.
   */
  decide(body: B, work: Work, counterparty: Work | null): Result<Answer, Problem>;
}

/**
 * Runs inside the decision when an event is emitted, in the order that the composition root declares. The events it
 * returns are emitted in turn; a refusal refuses the whole command.
 */
export interface Reactor<T extends DomainEventType = DomainEventType> {
  readonly name: string;
  readonly on: T;
  react(event: DomainEventOf<T>, work: Work): Result<readonly Emission[], Problem>;
}

export function reactor<T extends DomainEventType>(definition: Reactor<T>): Reactor {
  return definition;
}

export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: string;
      readonly replayed: boolean;
      readonly explanation?: unknown;
    }
  | { readonly kind: 'refused'; readonly problem: Problem };
