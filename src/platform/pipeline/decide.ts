import type { DomainEventType } from '../../kernel/domain-events.js';
import type { IdSource } from '../../kernel/ids.js';
import type { Problem } from '../../kernel/problem.js';
import type { PublicEvent, PublicEventDefinition } from '../../kernel/public-event.js';
import { ok, refuse, type Result } from '../../kernel/result.js';
import { formatInstant, type Instant } from '../../kernel/time.js';
import type { AccountEntry, Batch, LoadedCommand, NewClaim } from './batch-state.js';
import { BatchClaims } from './batch-claims.js';
import type { Answer, Command, CommandHandler, Outcome, Reactor } from './command.js';
import type { AnySlice } from './slice.js';
import { UnitOfWork } from './work.js';

/** What the deciding functions are made of; put together once, at the composition root. */
export interface Rules {
  readonly handlers: ReadonlyMap<string, CommandHandler>;
  readonly slices: readonly AnySlice[];
  readonly reactors: ReadonlyMap<DomainEventType, readonly Reactor[]>;
  readonly publicEvents: ReadonlyMap<DomainEventType, readonly PublicEventDefinition[]>;
}

export interface DecidedBatch {
  /** One outcome a command, in order. */
  readonly outcomes: readonly Outcome[];
  readonly newClaims: readonly NewClaim[];
  /**
   * Commands whose outcome rests on what others of this very batch have yet to write: their claims, or the last
   * of a stock that one of them took.
   */
  readonly provisional: ReadonlySet<number>;
}

/**
 * Decides a batch: every command in order against the states its predecessors left. A function of the batch,
 * the rules, the instant and the id source; the accounts' entries are the working memory it fills.
 */
export function decideBatch(batch: Batch, rules: Rules, now: Instant, ids: IdSource): DecidedBatch {
  const claims = new BatchClaims();
  const provisional = new Set<number>();
  const outcomes = batch.commands.map((loaded, index) => {
    const outcome = decideOne(loaded, batch, claims, rules, now, ids);
    if (claims.foundInBatch || (outcome.kind === 'refused' && sharesState(loaded, rules)))
      provisional.add(index);
    return outcome;
  });
  return { outcomes, newClaims: claims.made, provisional };
}

function sharesState({ command }: LoadedCommand, rules: Rules): boolean {
  return (rules.handlers.get(command.type)?.sharedKeys?.(command.body) ?? []).length > 0;
}

function decideOne(
  loaded: LoadedCommand,
  batch: Batch,
  claims: BatchClaims,
  rules: Rules,
  now: Instant,
  ids: IdSource,
): Outcome {
  const { command } = loaded;
  const handler = rules.handlers.get(command.type);
  if (!handler) throw new Error(`no handler for ${command.type}`);
  const earlier = claims.judge(loaded, handler);
  if (earlier) return earlier;
  const entry = loaded.accountId === null ? undefined : batch.accounts.get(loaded.accountId);
  if (!entry || loaded.memberId === null)
    return { kind: 'refused', problem: handler.unknownTarget(command.body) };

  const work = fork(entry, loaded, batch, rules, now, ids);
  const decided = settleThenDecide(work, handler, command, rules.slices, now);
  if (!decided.ok) return { kind: 'refused', problem: decided.refusal };
  const body = JSON.stringify(decided.value.body);
  const { status, explanation } = decided.value;
  if (command.dryRun) return { kind: 'answered', status: 200, body, replayed: false, explanation };

  commit(work, entry, batch, rules, ids);
  claims.make(command, entry.accountId, { status, body });
  return { kind: 'answered', status, body, replayed: false, explanation };
}

function fork(
  entry: AccountEntry,
  loaded: LoadedCommand,
  batch: Batch,
  rules: Rules,
  now: Instant,
  ids: IdSource,
): UnitOfWork {
  const { programmeId } = loaded.command;
  const memberId = loaded.memberId;
  const config = batch.configs.get(programmeId);
  const member = memberId === null ? undefined : entry.members.get(memberId);
  if (!config || !member || memberId === null)
    throw new Error('batch loaded without its programme or member');
  const shared = [...(batch.shared.get(programmeId) ?? [])].map(
    ([slice, states]) => [slice, new Map(states)] as const,
  );
  return new UnitOfWork(
    {
      programmeId,
      accountId: entry.accountId,
      memberId,
      now,
      config,
      ids,
      slices: rules.slices,
      reactors: rules.reactors,
    },
    { account: new Map(entry.account), member: new Map(member), shared: new Map(shared) },
  );
}

/** What fell due before now is settled first, so that a late job and a timely one leave the same state. */
function settleThenDecide(
  work: UnitOfWork,
  handler: CommandHandler,
  command: Command,
  slices: readonly AnySlice[],
  now: Instant,
): Result<Answer, Problem> {
  for (const slice of slices) {
    if (slice.scope !== 'account' || !slice.settle || !slice.isDue?.(work.account(slice), now)) continue;
    for (const emission of slice.settle(work.account(slice), now)) {
      const emitted = work.emit(emission);
      if (!emitted.ok) return refuse(emitted.refusal);
    }
  }
  const answer = handler.decide(command.body, work);
  return answer.ok ? ok(answer.value) : answer;
}

function commit(work: UnitOfWork, entry: AccountEntry, batch: Batch, rules: Rules, ids: IdSource): void {
  if (work.events.length === 0) return;
  entry.changed = true;
  entry.account = work.states.account;
  entry.members.set(work.memberId, work.states.member);
  batch.shared.set(work.programmeId, work.states.shared);
  for (const event of work.events) {
    for (const definition of rules.publicEvents.get(event.type) ?? []) {
      entry.eventSequence += 1;
      const published: PublicEvent = {
        id: ids.next('evt'),
        type: definition.type,
        version: definition.version,
        programmeId: work.programmeId,
        accountId: work.accountId,
        memberId: work.memberId,
        sequence: entry.eventSequence,
        occurredAt: formatInstant(event.occurredAt),
        recordedAt: formatInstant(event.recordedAt),
        data: definition.payload(event, work.config.currency),
      };
      entry.publicEvents.push(published);
    }
  }
}
