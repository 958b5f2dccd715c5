import type { AccountId, IdSource, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import { NeedsMoreRows } from '../../../kernel/needs-more-rows.js';
import type { PublicEvent } from '../../../kernel/public-event.js';
import { formatInstant, type Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AccountEntry, Batch, LoadedCommand } from '../batch/batch-state.js';
import type { Command, Outcome } from '../contract/command.js';
import { pipelineProblems } from '../contract/problems.js';
import type { Counted } from '../contract/work.js';
import { BatchClaims } from './batch-claims.js';
import { applyDue } from './apply-due.js';
import { UnitOfWork } from './unit-of-work.js';
import type { DecidedBatch, Lack } from '../batch/decided-batch.js';
import { dueRulesOf } from '../batch/due-rules.js';
import type { EngineDefinition } from '../contract/engine-definition.js';

/**
 * How far the clock may be behind the last record, in milliseconds. Until it has caught up, decisions use the instant
 * of that record.
 */
export const MAX_CLOCK_BEHIND_MS = 60_000;

/**
 * Decides a batch: every command in order, on the states that its predecessors left. A function of the batch, the
 * definition, the instant and the id source. The accounts' entries are its working memory.
 */
export function decideBatch(
  batch: Batch,
  definition: EngineDefinition,
  now: Instant,
  ids: IdSource,
): DecidedBatch {
  const claims = new BatchClaims(batch.accounts);
  const tentative = new Set<number>();
  const atomicPairs: (readonly [AccountId, AccountId])[] = [];
  const deferred = new Set<number>();
  const lacking = new Map<number, Lack>();
  const blocked = new Set<AccountId>();
  const clockBehind = { held: 0, refused: 0 };
  const counts: Counted[] = [];
  const dueRules = dueRulesOf(definition.slices);
  const context: DecisionContext = {
    batch,
    definition,
    now,
    ids,
    claims,
    atomicPairs,
    blocked,
    dueRules,
    clockBehind,
    counts,
  };
  const outcomes = batch.commands.map((loaded, index) => {
    const outcome = decideOne(loaded, context, (lack) => lacking.set(index, lack));
    if (outcome === DEFERRED) deferred.add(index);
    if (claims.foundInBatch || (outcome.kind === 'refused' && sharesState(loaded, definition)))
      tentative.add(index);
    return outcome;
  });
  const whole = restsOnBatch(batch, definition);
  const newClaims = claims.made;
  return { outcomes, newClaims, tentative, atomicPairs, whole, deferred, lacking, clockBehind, counts };
}

function restsOnBatch({ shared }: Batch, { slices }: EngineDefinition): boolean {
  if (shared.size === 0) return false;
  return slices.some(
    (slice) =>
      slice.scope === 'shared' &&
      slice.holdsWhole !== undefined &&
      [...shared.values()].some((states) =>
        [...(states.get(slice.name)?.values() ?? [])].some((state) => slice.holdsWhole?.(state)),
      ),
  );
}

/** Placeholder for the outcome of a deferred command; it is never sent. */
const DEFERRED: Outcome = {
  kind: 'refused',
  problem: pipelineProblems.problem('CONTENDED', 'Decided with the next batch.'),
};

function sharesState({ command }: LoadedCommand, definition: EngineDefinition): boolean {
  return (definition.handlers.get(command.type)?.sharedKeys?.(command.body) ?? []).length > 0;
}

/** What every decision of a batch shares. */
interface DecisionContext {
  readonly batch: Batch;
  readonly definition: EngineDefinition;
  readonly now: Instant;
  readonly ids: IdSource;
  readonly claims: BatchClaims;
  readonly atomicPairs: (readonly [AccountId, AccountId])[];
  /** Accounts blocked for the rest of this batch. */
  readonly blocked: Set<AccountId>;
  readonly dueRules: ReturnType<typeof dueRulesOf>;
  readonly clockBehind: { held: number; refused: number };
  readonly counts: Counted[];
}

/** An account's entry and the work on a copy of it. */
interface Participant {
  readonly entry: AccountEntry;
  readonly work: UnitOfWork;
}

function decideOne(loaded: LoadedCommand, context: DecisionContext, lacks: (lack: Lack) => void): Outcome {
  try {
    return decideLoaded(loaded, context);
  } catch (error) {
    if (!(error instanceof NeedsMoreRows) || wasLoaded(loaded, error)) throw error;
    for (const accountId of accountsOf(loaded)) context.blocked.add(accountId);
    lacks(error);
    return DEFERRED;
  }
}

/**
 * Whether what a decision lacks was loaded for it. Every row of an account's lots does not include a member's whole
 * standing or how the debt came about: these are loaded only on demand.
 */
function wasLoaded({ everything, demands }: LoadedCommand, { accountId, wants }: NeedsMoreRows): boolean {
  if (wants === 'shared') return demands?.get(accountId)?.shared === true;
  if ((wants === 'standing' || wants === 'debts') && !demands?.get(accountId)?.[wants]) return false;
  return everything?.has(accountId) === true;
}

/** @throws NeedsMoreRows before it changed anything, if it needs more rows of its accounts than were loaded. */
function decideLoaded(loaded: LoadedCommand, context: DecisionContext): Outcome {
  const { command } = loaded;
  const handler = context.definition.handlers.get(command.type);
  if (!handler) throw new Error(`no handler for ${command.type}`);
  const earlier = context.claims.earlierOutcome(loaded, handler);
  if (earlier) return earlier;
  if (accountsOf(loaded).some((accountId) => context.blocked.has(accountId))) return DEFERRED;
  const now = instantFor(loaded, context);
  if (now === null) return CLOCK_BEHIND;
  const shared = sharedCopy(context.batch, command.programmeId);
  const own = participant(loaded, shared, command, context, now, null);
  const config = context.batch.configs.get(command.programmeId) as ConfigSnapshot;
  const setting = { config, now, unbound: command.unbound === true };
  if (!own) return { kind: 'refused', problem: handler.unknownTarget(command.body, setting) };
  const other = participant(loaded.counterparty, shared, command, context, now, own);
  if (command.counterparty && !other) {
    if (!handler.unknownCounterparty) throw new Error(`${command.type} does not expect a counterparty`);
    return { kind: 'refused', problem: handler.unknownCounterparty(command.body, setting) };
  }
  const isOther = other !== null && (other.entry !== own.entry || other.work.memberId !== own.work.memberId);
  const participants = isOther ? [own, other] : [own];
  if (isOther) {
    own.work.other = other.work;
    other.work.other = own.work;
  }

  for (const { work } of participants) {
    const applied = applyDue(work, context.dueRules, now);
    if (!applied.ok) return { kind: 'refused', problem: applied.refusal };
  }
  const decided = handler.decide(command.body, own.work, participants[1]?.work ?? null);
  if (!decided.ok) return { kind: 'refused', problem: decided.refusal };
  const body = JSON.stringify(decided.value.body);
  const { status } = decided.value;
  const explained = command.explain ? { explanation: decided.value.explanation } : {};
  if (command.dryRun) return { kind: 'answered', status: 200, body, replayed: false, ...explained };

  // The decision depends on both accounts, so both versions guard it, even if one has nothing to write.
  if (participants.some(({ work }) => work.events.length > 0)) {
    for (const { work, entry } of participants) commit(work, entry, context);
    if (other && other.entry !== own.entry)
      context.atomicPairs.push([own.entry.accountId, other.entry.accountId]);
    if (handler.movesMembers) for (const accountId of accountsOf(loaded)) context.blocked.add(accountId);
  }
  if (!handler.repeatable) context.claims.make(command, own.entry, { status, body });
  return { kind: 'answered', status, body, replayed: false, ...explained };
}

function sharedCopy(batch: Batch, programmeId: ProgrammeId): Map<string, Map<string, unknown>> {
  const shared = batch.shared.get(programmeId);
  if (!shared) return new Map();
  return new Map([...shared].map(([slice, states]) => [slice, new Map(states)] as const));
}

const CLOCK_BEHIND: Outcome = {
  kind: 'refused',
  problem: pipelineProblems.problem(
    'CLOCK_BEHIND',
    `The server's clock is more than ${MAX_CLOCK_BEHIND_MS / 1000} seconds behind what is recorded of the account or of its programme; nothing is recorded until it is right.`,
  ),
};

/**
 * The instant of a decision: now, but never before the last record of its accounts, because a clock may be set back
 * or be behind that of another server.
 * @returns null if the clock is too far behind.
 */
function instantFor(loaded: LoadedCommand, { batch, now, clockBehind }: DecisionContext): Instant | null {
  let at = now;
  for (const accountId of accountsOf(loaded)) {
    const until = batch.accounts.get(accountId)?.recordedUntil ?? now;
    if (until > at) at = until;
  }
  if (at === now) return now;
  const refused = at - now > MAX_CLOCK_BEHIND_MS;
  clockBehind[refused ? 'refused' : 'held'] += 1;
  return refused ? null : at;
}

/** The accounts a command names. */
function accountsOf({ accountId, counterparty }: LoadedCommand): readonly AccountId[] {
  return [accountId, counterparty?.accountId ?? null].filter((id) => id !== null);
}

function participant(
  named: { readonly accountId: AccountId | null; readonly memberId: MemberId | null } | null,
  shared: Map<string, Map<string, unknown>>,
  { programmeId, actor, unbound }: Command,
  { batch, definition, ids }: DecisionContext,
  now: Instant,
  first: Participant | null,
): Participant | null {
  const entry = named?.accountId ? batch.accounts.get(named.accountId) : undefined;
  const memberId = named?.memberId ?? null;
  if (!entry || memberId === null) return null;
  const config = batch.configs.get(programmeId);
  const member = entry.members.get(memberId);
  if (!config || !member) throw new Error('batch loaded without its programme or member');
  const { accountId } = entry;
  const input = {
    programmeId,
    accountId,
    memberId,
    actor,
    unbound: unbound === true,
    now,
    config,
    ids,
    slices: definition.slices,
    reactors: definition.reactors,
  };
  // Two members of one account work on one copy of its state.
  const account = first?.entry === entry ? first.work.states.account : new Map(entry.account);
  const states = { account, member: new Map(member), shared };
  return { entry, work: new UnitOfWork(input, states) };
}

function commit(
  work: UnitOfWork,
  entry: AccountEntry,
  { batch, definition, ids, counts }: DecisionContext,
): void {
  counts.push(...work.counts);
  entry.changed = true;
  entry.recordedUntil = work.now;
  entry.account = work.states.account;
  entry.members.set(work.memberId, work.states.member);
  batch.shared.set(work.programmeId, work.states.shared);
  for (const event of work.events) {
    for (const publicEvent of definition.publicEvents.get(event.type) ?? []) {
      entry.eventSequence += 1;
      const published: PublicEvent = {
        id: ids.next('evt'),
        type: publicEvent.type,
        version: publicEvent.version,
        programmeId: work.programmeId,
        accountId: work.accountId,
        memberId: work.memberId,
        sequence: entry.eventSequence,
        occurredAt: formatInstant(event.occurredAt),
        recordedAt: formatInstant(event.recordedAt),
        actor: event.actor,
        data: publicEvent.payload(event, work.config.currency),
      };
      entry.publicEvents.push(published);
    }
  }
}
