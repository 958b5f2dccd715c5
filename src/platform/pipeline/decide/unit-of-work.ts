import { ENGINE, type DomainEvent, type DomainEventType } from '../../../kernel/domain-events.js';
import type { AccountId, IdSource, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import type { Problem } from '../../../kernel/problem.js';
import { ok, type Result } from '../../../kernel/result.js';
import type { Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { Reactor } from '../contract/command.js';
import type { Emission } from '../contract/emission.js';
import type { AccountSlice, AnySlice, ApplyFacts, MemberSlice, SharedSlice } from '../contract/slice.js';
import type { Counted, Work } from '../contract/work.js';

/** Events may cause events; a longer chain than this is a cycle, which is a bug. */
const MAX_CHAIN_DEPTH = 12;
const NO_REACTORS: readonly Reactor[] = [];
const DONE = ok(undefined);

/** The states of one account, of one of its members, and of the shared rows that a command touches. */
export interface WorkStates {
  readonly account: Map<string, unknown>;
  readonly member: Map<string, unknown>;
  /** By `slice name` then key. */
  readonly shared: Map<string, Map<string, unknown>>;
}

export interface WorkInput {
  readonly programmeId: ProgrammeId;
  readonly accountId: AccountId;
  readonly memberId: MemberId;
  readonly actor: string;
  readonly unbound: boolean;
  readonly now: Instant;
  readonly config: ConfigSnapshot;
  readonly ids: IdSource;
  readonly slices: readonly AnySlice[];
  readonly reactors: ReadonlyMap<DomainEventType, readonly Reactor[]>;
}

/**
 * The unit of work of one command: a private copy of the states that it may change, and its events. No IO; the work
 * of a refused command is dropped.
 */
export class UnitOfWork implements Work {
  readonly events: DomainEvent[] = [];
  readonly counts: Counted[] = [];
  /** Set before anything is emitted. */
  other: UnitOfWork | null = null;
  private readonly facts: ApplyFacts;

  constructor(
    private readonly input: WorkInput,
    readonly states: WorkStates,
  ) {
    const { currency, timeZone } = input.config;
    this.facts = { currency, timeZone, programmeId: input.programmeId };
  }

  get programmeId(): ProgrammeId {
    return this.input.programmeId;
  }
  get accountId(): AccountId {
    return this.input.accountId;
  }
  get memberId(): MemberId {
    return this.input.memberId;
  }
  get actor(): string {
    return this.input.actor;
  }
  get unbound(): boolean {
    return this.input.unbound;
  }
  get now(): Instant {
    return this.input.now;
  }
  get config(): ConfigSnapshot {
    return this.input.config;
  }
  get ids(): IdSource {
    return this.input.ids;
  }

  account<S>(slice: AccountSlice<S>): S {
    return this.states.account.get(slice.name) as S;
  }

  member<S>(slice: MemberSlice<S>): S {
    return this.states.member.get(slice.name) as S;
  }

  shared<S>(slice: SharedSlice<S>, key: string): S | undefined {
    return this.states.shared.get(slice.name)?.get(key) as S | undefined;
  }

  count(what: Counted): void {
    this.counts.push(what);
  }

  emit(emission: Emission): Result<void, Problem> {
    return this.emitBy(this.input.actor, emission);
  }

  /** Emits a due event; its actor is the engine, whatever the command. */
  emitDue(emission: Emission): Result<void, Problem> {
    return this.emitBy(ENGINE, emission);
  }

  private emitBy(actor: string, emission: Emission): Result<void, Problem> {
    const { occurredAt = this.now, effectiveAt = null, beyondBound = false } = emission;
    return this.emitAt(emission, occurredAt, effectiveAt, beyondBound, actor, 0);
  }

  /** A caused event has the times of its cause, unless it states its own. */
  private emitAt(
    { type, data }: Emission,
    occurredAt: Instant,
    effectiveAt: Instant | null,
    beyondBound: boolean,
    actor: string,
    depth: number,
  ): Result<void, Problem> {
    if (depth > MAX_CHAIN_DEPTH) throw new Error(`reactors form a cycle at ${type}`);
    const { accountId, memberId, now: recordedAt, reactors } = this.input;
    const event = {
      type,
      data,
      accountId,
      memberId,
      occurredAt,
      recordedAt,
      effectiveAt,
      beyondBound,
      actor,
    } as DomainEvent;
    this.events.push(event);
    this.fold(event);
    for (const reactor of reactors.get(type) ?? NO_REACTORS) {
      const reaction = reactor.react(event, this);
      if (!reaction.ok) return reaction;
      for (const next of reaction.value) {
        const emitted = this.workOf(next).emitAt(
          next,
          next.occurredAt ?? occurredAt,
          next.effectiveAt ?? effectiveAt,
          next.beyondBound ?? beyondBound,
          actor,
          depth + 1,
        );
        if (!emitted.ok) return emitted;
      }
    }
    return DONE;
  }

  private workOf({ type, elsewhere }: Emission): UnitOfWork {
    if (!elsewhere) return this;
    if (!this.other) throw new Error(`${type} is for an account that the command has not`);
    return this.other;
  }

  private fold(event: DomainEvent): void {
    const { states, facts } = this;
    for (const slice of this.input.slices) {
      if (slice.scope === 'shared') {
        const shared = states.shared.get(slice.name);
        for (const [key, state] of shared ?? []) shared?.set(key, slice.apply(state, event, key));
        continue;
      }
      const held = slice.scope === 'account' ? states.account : states.member;
      const before = held.get(slice.name);
      const after = slice.apply(before, event, facts);
      if (after !== before) held.set(slice.name, after);
    }
  }
}
