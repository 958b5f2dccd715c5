import type { DomainEvent } from '../../../kernel/domain-events.js';
import type { AccountId, IdSource, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import type { Problem } from '../../../kernel/problem.js';
import type { Result } from '../../../kernel/result.js';
import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { Emission } from './emission.js';
import type { AccountSlice, MemberSlice, SharedSlice } from './slice.js';

/** The instant and the configuration of a decision, whatever account it is about. */
export interface Setting {
  /** The limits on backdating do not apply to the command. */
  readonly unbound: boolean;
  readonly now: Instant;
  readonly config: ConfigSnapshot;
}

/** What decisions count for metrics. */
export interface Counted {
  readonly metric: 'conditionFailed';
  /** A label with few values, such as a rule's id. */
  readonly label: string;
}

/** What handlers and reactors see of the unit of work they are part of. */
export interface Work extends Setting {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  /** The API key or job that sent the command. */
  readonly actor: string;
  readonly ids: IdSource;
  /** The work on the other account of a command on two, or of the other member of one account; else null. */
  readonly other: Work | null;
  /** Everything emitted so far, in order. */
  readonly events: readonly DomainEvent[];
  account<S>(slice: AccountSlice<S>): S;
  member<S>(slice: MemberSlice<S>): S;
  /** A shared state; undefined when the key does not exist. */
  shared<S>(slice: SharedSlice<S>, key: string): S | undefined;
  /** Counts something for the metrics of the process, if the command is carried out; it has no part in the decision. */
  count(what: Counted): void;
  /** Applies an event to every slice, then calls its reactors, depth first in declared order. */
  emit(emission: Emission): Result<void, Problem>;
}
