import type { AccountId, MemberId } from '../../../kernel/ids.js';
import type { ConfigCache } from '../../versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AccountEntry, Batch, LoadedCommand } from '../batch/batch-state.js';
import type { Lack } from '../batch/decided-batch.js';
import { agendaOf, mayBeDue } from '../batch/due-rules.js';
import type { Command } from '../contract/command.js';
import type { Rules } from '../contract/engine-definition.js';
import type { SqlClient } from '../sql/sql-client.js';
import type { Loader } from './loader.js';
import { covers, WorkingSet, type KeptAccount } from './working-set.js';

/** Loads a batch of commands: those on accounts that this lane wrote last go on from there, the rest from the database. */
export class ResumingLoader {
  private readonly working: WorkingSet;
  private readonly agenda: ReturnType<typeof agendaOf>;

  /** @param keep accounts whose states are kept after they were written; 0: every command is loaded. */
  constructor(
    private readonly loader: Loader,
    private readonly rules: Rules,
    private readonly configs: ConfigCache,
    keep: number,
  ) {
    this.working = new WorkingSet(keep, rules.slices);
    this.agenda = agendaOf(rules.slices);
  }

  /** @throws LoadRaceError as the loader does. */
  async load(client: SqlClient, commands: readonly Command[], now: number): Promise<Batch> {
    const kept = commands.map((command) => this.keptFor(command, now));
    const missing = commands.filter((_, index) => kept[index] === null);
    if (missing.length === commands.length) return this.loader.load(client, commands, now);
    const loaded = missing.length > 0 ? await this.loader.load(client, missing, now) : NOTHING_LOADED();
    const joined = this.join(commands, kept, loaded, now);
    // Where the load does not go together with what was kept, that is forgotten by now.
    return joined ?? this.load(client, commands, now);
  }

  /** Remembers what a batch left of the accounts it wrote, and forgets what it lost or cannot go on from. */
  remember(batch: Batch, written: ReadonlySet<AccountId>): void {
    const names = new Map<AccountId, (readonly [string, MemberId])[]>();
    const closed = new Set<AccountId>();
    for (const { command, accountId, memberId, counterparty } of batch.commands) {
      if (counterparty) closed.add(counterparty.accountId);
      if (accountId === null || memberId === null) continue;
      if (command.counterparty || !this.rules.handlers.get(command.type)?.resumable) closed.add(accountId);
      // Only what a member is known by finds an account again; receipts and redemptions are named once or twice.
      const { kind } = command.target;
      if (kind !== 'identity' && kind !== 'member') continue;
      const name = [nameOf(command), memberId] as const;
      const known = names.get(accountId);
      if (known) known.push(name);
      else names.set(accountId, [name]);
    }
    for (const entry of batch.accounts.values()) {
      if (!entry.changed) continue;
      const { accountId } = entry;
      if (closed.has(accountId) || !written.has(accountId)) this.working.forget(accountId);
      else this.working.keep(entry, names.get(accountId) ?? []);
    }
  }

  /** Whether a command is never decided from memory, for it asks for what is only loaded on demand. */
  mustLoad(command: Command): boolean {
    return this.loader.details.needed(command);
  }

  /** From now on the command is decided with more of an account at hand. */
  demandMoreFor(command: Command, lack: Lack): void {
    this.loader.details.demandMoreFor(command, lack);
  }

  /** The next command on the account is loaded. */
  forget(accountId: AccountId): void {
    this.working.forget(accountId);
  }

  /** Everything is loaded anew, as after an error of which nobody knows what it left. */
  forgetAll(): void {
    this.working.clear();
  }

  /** What is kept for a command that can be decided on it: it asks for no details, and nothing is due. */
  private keptFor(command: Command, now: number): Kept | null {
    const { target, body, dryRun, counterparty, programmeId } = command;
    const handler = this.rules.handlers.get(command.type);
    const mayGoOn = handler?.resumable && !dryRun && !counterparty && !this.loader.details.needed(command);
    if (!mayGoOn || (handler.sharedKeys?.(body) ?? []).length > 0) return null;
    if (target.kind !== 'identity' && target.kind !== 'member') return null;
    const config = this.configs.known(programmeId);
    const found = config && this.working.find(nameOf(command));
    if (!found) return null;
    const at = Math.max(now, found.kept.recordedUntil);
    if (mayBeDue(found.kept.account, this.agenda, at)) return null;
    const read = found.kept.parameters.get(found.memberId);
    return this.reachesBack(read, command, config, now) ? found : null;
  }

  /** Whether what was read for these values of the load's parameters is enough for a command. */
  private reachesBack(
    read: readonly unknown[] = [],
    command: Command,
    config: ConfigSnapshot,
    now: number,
  ): boolean {
    const wanted = this.loader.parameterValues(command, config, now);
    return this.loader.parameters.every(({ type }, index) => covers(type, read[index], wanted[index]));
  }

  /**
   * Puts commands on kept accounts and loaded ones together; null where the two disagree about an account, or where
   * one was loaded for another command of the batch and not as far back as this one asks.
   */
  private join(
    commands: readonly Command[],
    kept: readonly (Kept | null)[],
    loaded: Batch,
    now: number,
  ): Batch | null {
    const accounts = new Map(loaded.accounts);
    const configs = new Map(loaded.configs);
    let next = 0;
    const all: LoadedCommand[] = [];
    for (const [index, command] of commands.entries()) {
      const found = kept[index];
      if (!found) {
        all.push(loaded.commands[next++] as LoadedCommand);
        continue;
      }
      const { kept: account, memberId } = found;
      const entry = accounts.get(account.accountId) ?? entryOf(account);
      const config = (configs.get(command.programmeId) ??
        this.configs.known(command.programmeId)) as ConfigSnapshot;
      const narrow =
        entry.members.has(memberId) &&
        !this.reachesBack(entry.parameters.get(memberId), command, config, now);
      if (entry.version !== account.version || narrow) {
        this.working.forget(account.accountId);
        return null;
      }
      if (!entry.members.has(memberId)) {
        entry.members.set(memberId, account.members.get(memberId) as Map<string, unknown>);
        entry.parameters.set(memberId, account.parameters.get(memberId) ?? []);
      }
      accounts.set(entry.accountId, entry);
      configs.set(command.programmeId, config);
      all.push({
        command,
        accountId: entry.accountId,
        memberId,
        counterparty: null,
        naturalClaim: null,
        keyClaim: null,
        kept: true,
      });
    }
    return { commands: all, accounts, configs, shared: loaded.shared };
  }
}

type Kept = NonNullable<ReturnType<WorkingSet['find']>>;

const NOTHING_LOADED = (): Batch => ({
  commands: [],
  accounts: new Map(),
  configs: new Map(),
  shared: new Map(),
});

/** A kept account as a batch's working memory. Its states are shared: every decision works on copies. */
function entryOf(kept: KeptAccount): AccountEntry {
  return {
    accountId: kept.accountId,
    programmeId: kept.programmeId,
    version: kept.version,
    eventSequence: kept.eventSequence,
    recordedUntil: kept.recordedUntil,
    eventHead: kept.eventHead,
    recordSum: kept.recordSum,
    account: kept.account,
    members: new Map<MemberId, Map<string, unknown>>(),
    parameters: new Map<MemberId, readonly unknown[]>(),
    changed: false,
    publicEvents: [],
  };
}

/** How a command names its target, as one text. */
function nameOf({ programmeId, target }: Command): string {
  return 'id' in target ? target.id : `${programmeId} ${target.type} ${target.value}`;
}
