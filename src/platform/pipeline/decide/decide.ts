import type { AccountId, IdSource, MemberId, ProgrammeId } from '../../../kernel/ids.js';
import { NotAtHandError } from '../../../kernel/not-at-hand.js';
import type { PublicEvent } from '../../../kernel/public-event.js';
import { formatInstant, type Instant } from '../../../kernel/time.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AccountEntry, Batch, LoadedCommand } from '../batch/batch-state.js';
import type { Command, Outcome } from '../contract/command.js';
import { pipelineProblems } from '../contract/problems.js';
import { BatchClaims } from './batch-claims.js';
import { settleDue } from './settle.js';
import { UnitOfWork } from './unit-of-work.js';
import type { DecidedBatch, Lack } from '../batch/decided-batch.js';
import { agendaOf } from '../batch/due-rules.js';
import type { Rules } from '../contract/engine-definition.js';

/** How far the clock may be behind what is recorded of an account; the account's time stands still for so long. */
export const MAX_CLOCK_BEHIND_MS = 60_000;

/**
 * Decides a batch: every command in order against the states its predecessors left. A function of the batch,
 * the rules, the instant and the id source; the accounts' entries are the working memory it fills.
 */
export function decideBatch(batch: Batch, rules: Rules, now: Instant, ids: IdSource): DecidedBatch {
  const claims = new BatchClaims(batch.accounts);
  const provisional = new Set<number>();
  const linked: (readonly [AccountId, AccountId])[] = [];
  const deferred = new Set<number>();
  const wanting = new Map<number, Lack>();
  const putOff = new Set<AccountId>();
  const clockBehind = { held: 0, refused: 0 };
  const agenda = agendaOf(rules.slices);
  const scene: Scene = { batch, rules, now, ids, claims, linked, putOff, agenda, clockBehind };
  const outcomes = batch.commands.map((loaded, index) => {
    const outcome = decideOne(loaded, scene, (lack) => wanting.set(index, lack));
    if (outcome === LOOK_UP_AGAIN) deferred.add(index);
    if (claims.foundInBatch || (outcome.kind === 'refused' && sharesState(loaded, rules)))
      provisional.add(index);
    return outcome;
  });
  return { outcomes, newClaims: claims.made, provisional, linked, deferred, wanting, clockBehind };
}

/** Stands in for the outcome of a command that is not decided in this batch; it is never answered. */
const LOOK_UP_AGAIN: Outcome = {
  kind: 'refused',
  problem: pipelineProblems.problem('CONTENDED', 'Decided with the next batch.'),
};

function sharesState({ command }: LoadedCommand, rules: Rules): boolean {
  return (rules.handlers.get(command.type)?.sharedKeys?.(command.body) ?? []).length > 0;
}

/** What every decision of a batch shares. */
interface Scene {
  readonly batch: Batch;
  readonly rules: Rules;
  readonly now: Instant;
  readonly ids: IdSource;
  readonly claims: BatchClaims;
  readonly linked: (readonly [AccountId, AccountId])[];
  /** Accounts whose further commands wait: their members were moved, or a command waits whose turn is first. */
  readonly putOff: Set<AccountId>;
  readonly agenda: ReturnType<typeof agendaOf>;
  readonly clockBehind: { held: number; refused: number };
}

/** An account's entry and the work on a copy of it. */
interface Party {
  readonly entry: AccountEntry;
  readonly work: UnitOfWork;
}

function decideOne(loaded: LoadedCommand, scene: Scene, lacks: (lack: Lack) => void): Outcome {
  try {
    return decideAtHand(loaded, scene);
  } catch (error) {
    if (!(error instanceof NotAtHandError) || loaded.everything?.has(error.accountId)) throw error;
    for (const accountId of accountsOf(loaded)) scene.putOff.add(accountId);
    lacks(error);
    return LOOK_UP_AGAIN;
  }
}

/** @throws NotAtHandError before anything came of it, when it needs more of its accounts than was loaded. */
function decideAtHand(loaded: LoadedCommand, scene: Scene): Outcome {
  const { command } = loaded;
  const handler = scene.rules.handlers.get(command.type);
  if (!handler) throw new Error(`no handler for ${command.type}`);
  const earlier = scene.claims.judge(loaded, handler);
  if (earlier) return earlier;
  if (accountsOf(loaded).some((accountId) => scene.putOff.has(accountId))) return LOOK_UP_AGAIN;
  const now = instantFor(loaded, scene);
  if (now === null) return CLOCK_BEHIND;
  const shared = sharedCopy(scene.batch, command.programmeId);
  const own = party(loaded, shared, command, scene, now, null);
  const config = scene.batch.configs.get(command.programmeId) as ConfigSnapshot;
  const setting = { config, now, unbound: command.unbound === true };
  if (!own) return { kind: 'refused', problem: handler.unknownTarget(command.body, setting) };
  const other = party(loaded.counterparty, shared, command, scene, now, own);
  if (command.counterparty && !other) {
    if (!handler.unknownCounterparty) throw new Error(`${command.type} does not expect a counterparty`);
    return { kind: 'refused', problem: handler.unknownCounterparty(command.body, setting) };
  }
  const isOther = other !== null && (other.entry !== own.entry || other.work.memberId !== own.work.memberId);
  const parties = isOther ? [own, other] : [own];
  if (isOther) {
    own.work.other = other.work;
    other.work.other = own.work;
  }

  for (const { work } of parties) {
    const settled = settleDue(work, scene.agenda, now);
    if (!settled.ok) return { kind: 'refused', problem: settled.refusal };
  }
  const decided = handler.decide(command.body, own.work, parties[1]?.work ?? null);
  if (!decided.ok) return { kind: 'refused', problem: decided.refusal };
  const body = JSON.stringify(decided.value.body);
  const { status } = decided.value;
  const explained = command.explain ? { explanation: decided.value.explanation } : {};
  if (command.dryRun) return { kind: 'answered', status: 200, body, replayed: false, ...explained };

  // What is decided rests on both accounts, so both versions guard it, though one may have nothing to write.
  if (parties.some(({ work }) => work.events.length > 0)) {
    for (const { work, entry } of parties) commit(work, entry, scene);
    if (other && other.entry !== own.entry) scene.linked.push([own.entry.accountId, other.entry.accountId]);
    if (handler.movesMembers) for (const accountId of accountsOf(loaded)) scene.putOff.add(accountId);
  }
  if (!handler.repeatable) scene.claims.make(command, own.entry, { status, body });
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
 * When a command is decided: now, and never before what is recorded of its accounts already, for a clock may be set
 * back, or be behind that of another server. @returns null where it is too far behind to be waited for.
 */
function instantFor(loaded: LoadedCommand, { batch, now, clockBehind }: Scene): Instant | null {
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

function party(
  named: { readonly accountId: AccountId | null; readonly memberId: MemberId | null } | null,
  shared: Map<string, Map<string, unknown>>,
  { programmeId, actor, unbound }: Command,
  { batch, rules, ids }: Scene,
  now: Instant,
  first: Party | null,
): Party | null {
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
    slices: rules.slices,
    reactors: rules.reactors,
  };
  // Two members of one account work on one copy of its state.
  const account = first?.entry === entry ? first.work.states.account : new Map(entry.account);
  const states = { account, member: new Map(member), shared };
  return { entry, work: new UnitOfWork(input, states) };
}

function commit(work: UnitOfWork, entry: AccountEntry, { batch, rules, ids }: Scene): void {
  entry.changed = true;
  entry.recordedUntil = work.now;
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
        actor: event.actor,
        data: definition.payload(event, work.config.currency),
      };
      entry.publicEvents.push(published);
    }
  }
}
