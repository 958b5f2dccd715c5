import type { DomainEventOf, DomainEventType } from '../../../kernel/domain-events.js';
import type { AccountId, Id, ProgrammeId } from '../../../kernel/ids.js';
import type { Problem } from '../../../kernel/problem.js';
import type { Result } from '../../../kernel/result.js';
import type { Instant } from '../../../kernel/time.js';
import type { Emission } from './emission.js';
import type { PreloadSize } from './slice.js';
import type { Setting, Work } from './work.js';

/** Whose account a command is about: by id, by an identity, or by something that belongs to the account. */
export type Target =
  | {
      readonly kind: 'account' | 'member' | 'home' | 'redemption' | 'purchase' | 'waiting' | 'adjustment';
      readonly id: string;
    }
  | { readonly kind: 'identity'; readonly type: string; readonly value: string };

/**
 * An account that the command itself opens, with a row of its own once the command took effect; the target's member
 * speaks for it. Only a counterparty can be one.
 */
export interface NewAccount {
  readonly kind: 'new';
  readonly id: AccountId;
}

/**
 * A unique claim: (programme, scope, key). The claim of a command that took effect is stored in the same
 * transaction and never expires; whoever comes with the same claim gets the first answer or a refusal.
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
    | 'command';
  readonly key: string;
}

/** Everything that changes an account. `body` is the handler's own, already validated and normalised. */
export interface Command<B = unknown> {
  readonly type: string;
  /** Made once a request; what proves, after a lost connection, that a stored claim is our own. */
  readonly commandId: Id;
  readonly programmeId: ProgrammeId;
  readonly target: Target;
  /** The other account of a command on two; both are written, or neither. */
  readonly counterparty?: Target | NewAccount;
  readonly body: B;
  /** The natural claim (receipt, external id) if it has one; the first answer is kept with it. */
  readonly natural: Claim | null;
  readonly idempotencyKey: string | null;
  /** SHA-256 of the normalised body, hex. */
  readonly fingerprint: string;
  /** SHA-256 of how the target was named, hex. The same account named another way is the same request. */
  readonly targetFingerprint: string;
  /** API key or job that asked. */
  readonly actor: string;
  readonly dryRun: boolean;
  /** Whoever asks wants the explanation beside the answer. */
  readonly explain?: true;
  /** A line of a stream or the work of a job: single commands go before it. */
  readonly bulk?: true;
  /** The bounds on how far back things may be dated do not hold for whoever asks. */
  readonly unbound?: true;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Worked out on the way and stored elsewhere: shown when asked for (`explain`), no part of the stored answer. */
  readonly explanation?: unknown;
}

/** One module's way of carrying out one type of command. Pure: everything it needs comes in `work`. */
export interface CommandHandler<B = unknown> {
  readonly type: string;
  /** True when the command reads lots, holds or redemptions, which are loaded only on demand. */
  needsLazyRows(body: B): boolean;
  /**
   * How much of the front of what is loaded on demand it usually gets along with; where it does not, it is decided
   * again, a step further each time, in the end with everything loaded. Absent where it takes everything.
   */
  readonly preload?: PreloadSize;
  /** Ids of what the command names beside its target, to be loaded with the lazy rows. */
  referencedIds?(body: B): readonly string[];
  /** The instant by which what ends is loaded with the lazy rows besides, inclusive; null: nothing for that. */
  endingBy?(body: B): Instant | null;
  /** Keys of the shared (not account-scoped) states it touches, by slice name. */
  sharedKeys?(body: B): readonly { readonly slice: string; readonly key: string }[];
  /** The refusal for a target that does not exist, or of a command that would be refused whatever its target. */
  unknownTarget(body: B, setting: Setting): Problem;
  /** The refusal for a natural claim that another body holds. */
  naturalConflict(body: B): Problem;
  /** The refusal for a counterparty that does not exist; only commands on two accounts need it. */
  unknownCounterparty?(body: B, setting: Setting): Problem;
  /**
   * Doing it again changes nothing, and whoever asks needs no more than that it is done: a retry finds nothing left
   * to do, so no claim is kept. For what jobs ask of every account.
   */
  readonly repeatable?: true;
  /**
   * What it leaves of its account is all there is to know, so that the next command may go on from it without a load;
   * and where it needs no lazy rows, it may go on itself.
   */
  readonly cacheable?: true;
  /**
   * Those that name an account alike are decided in the order in which they came, so one stays in its shard whatever
   * other shards do.
   */
  readonly inOrder?: true;
  /**
   * Who belongs to its accounts is different once it took effect, so later commands of its batch that name one of
   * them are looked up again.
   */
  readonly movesMembers?: true;
  /**
   * @param counterparty the work on the other account of a command on two; null for every other command, and
   * where both targets turn out to name one member. Of two members of one account, both works have its state.
   */
  decide(body: B, work: Work, counterparty: Work | null): Result<Answer, Problem>;
}

/**
 * Runs inside the decision when an event is emitted, in the order the composition root declares. What it
 * returns is emitted in turn; a refusal refuses the whole command.
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
