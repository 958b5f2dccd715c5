import type { AccountId, MemberId } from '../../../kernel/ids.js';
import type { ConfigCache } from '../../versioned-config/config-cache.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AccountEntry, Batch, LoadedCommand } from '../batch/batch-state.js';
import { dueRulesOf, mayBeDue } from '../batch/due-rules.js';
import { needsLazyRows, type LoadRequest } from '../batch/load-request.js';
import type { Command } from '../contract/command.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import type { SqlClient } from '../sql/sql-client.js';
import { AccountCache, type CachedAccount } from './account-cache.js';
import { LoadParameters } from './load-parameters.js';
import type { BatchLoader } from './loader.js';

/** Loads a batch of commands: accounts that this shard wrote last come from its cache, the rest from the database. */
export class CachedLoader implements BatchLoader {
  private readonly cache: AccountCache;
  private readonly dueRules: ReturnType<typeof dueRulesOf>;
  private readonly parameters: LoadParameters;

  /** @param limit accounts that are cached at most after they were written; 0: every command is loaded. */
  constructor(
    private readonly database: BatchLoader,
    private readonly definition: EngineDefinition,
    private readonly configs: ConfigCache,
    limit: number,
  ) {
    this.cache = new AccountCache(limit, definition.slices);
    this.dueRules = dueRulesOf(definition.slices);
    this.parameters = new LoadParameters(definition.slices);
  }

  /** @throws LoadRaceError as the loader of the database does. */
  async load(client: SqlClient, requests: readonly LoadRequest[], now: number): Promise<Batch> {
    const batch = await this.loadAccounts(client, requests, now);
    await this.database.addShared?.(client, batch, now);
    return batch;
  }

  private async loadAccounts(
    client: SqlClient,
    requests: readonly LoadRequest[],
    now: number,
  ): Promise<Batch> {
    const cached = requests.map((request) => this.cachedFor(request, now));
    const missing = requests.filter((_, index) => cached[index] === null);
    if (missing.length === requests.length) return this.database.load(client, requests, now);
    const loaded = missing.length > 0 ? await this.database.load(client, missing, now) : NOTHING_LOADED();
    const joined = this.join(requests, cached, loaded, now);
    // Where the two disagreed, the stale entry is evicted by now.
    return joined ?? this.loadAccounts(client, requests, now);
  }

  /** Caches the accounts that a batch wrote, and evicts those that it lost or whose state is not known completely. */
  remember(batch: Batch, written: ReadonlySet<AccountId>): void {
    const names = new Map<AccountId, (readonly [string, MemberId])[]>();
    const incomplete = new Set<AccountId>();
    for (const { command, accountId, memberId, counterparty } of batch.commands) {
      if (counterparty) incomplete.add(counterparty.accountId);
      if (accountId === null || memberId === null) continue;
      if (command.counterparty || !this.definition.handlers.get(command.type)?.cacheable)
        incomplete.add(accountId);
      // Only a member's own names find the account again; receipts and redemptions are named once or twice.
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
      if (incomplete.has(accountId) || !written.has(accountId)) this.cache.evict(accountId);
      else this.cache.put(entry, names.get(accountId) ?? []);
    }
  }

  /** The next command on the account is loaded from the database. */
  evict(accountId: AccountId): void {
    this.cache.evict(accountId);
  }

  /** Every next command is loaded from the database, as after an error that may have left anything. */
  clear(): void {
    this.cache.clear();
  }

  /** The cached account of a command that can be decided on it: it needs no lazy rows, and nothing is due. */
  private cachedFor(request: LoadRequest, now: number): Found | null {
    const { command } = request;
    const { target, body, dryRun, counterparty, programmeId } = command;
    const handler = this.definition.handlers.get(command.type);
    const isCacheable = handler?.cacheable && !dryRun && !counterparty && !needsLazyRows(request, handler);
    if (!isCacheable || (handler.sharedKeys?.(body) ?? []).length > 0) return null;
    if (target.kind !== 'identity' && target.kind !== 'member') return null;
    const config = this.configs.known(programmeId);
    const found = config && this.cache.find(nameOf(command));
    if (!found) return null;
    const at = Math.max(now, found.cached.recordedUntil);
    const { account, members } = found.cached;
    const states = { account, member: members.get(found.memberId) as ReadonlyMap<string, unknown> };
    if (mayBeDue(states, this.dueRules, config, at)) return null;
    const read = found.cached.parameters.get(found.memberId);
    return this.isEnough(read, request, config, now) ? found : null;
  }

  /** Whether states that were read for these values of the parameters are enough for a command. */
  private isEnough(
    read: readonly unknown[] = [],
    request: LoadRequest,
    config: ConfigSnapshot,
    now: number,
  ): boolean {
    return this.parameters.cover(read, this.parameters.valuesOf(request, config, now));
  }

  /**
   * Puts commands on cached accounts and loaded ones together. @returns null where the two disagree about an account,
   * or where one was loaded for another command of the batch and not as far back as this one needs.
   */
  private join(
    requests: readonly LoadRequest[],
    cached: readonly (Found | null)[],
    loaded: Batch,
    now: number,
  ): Batch | null {
    const accounts = new Map(loaded.accounts);
    const configs = new Map(loaded.configs);
    let next = 0;
    const all: LoadedCommand[] = [];
    for (const [index, request] of requests.entries()) {
      const found = cached[index];
      if (!found) {
        all.push(loaded.commands[next++] as LoadedCommand);
        continue;
      }
      const { command, demands } = request;
      const { cached: account, memberId } = found;
      const entry = accounts.get(account.accountId) ?? entryOf(account);
      const config = (configs.get(command.programmeId) ??
        this.configs.known(command.programmeId)) as ConfigSnapshot;
      const isNarrow =
        entry.members.has(memberId) && !this.isEnough(entry.parameters.get(memberId), request, config, now);
      if (entry.version !== account.version || isNarrow) {
        this.cache.evict(account.accountId);
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
        demands,
        accountId: entry.accountId,
        memberId,
        counterparty: null,
        naturalClaim: null,
        keyClaim: null,
        cached: true,
      });
    }
    return { commands: all, accounts, configs, shared: loaded.shared };
  }
}

type Found = NonNullable<ReturnType<AccountCache['find']>>;

const NOTHING_LOADED = (): Batch => ({
  commands: [],
  accounts: new Map(),
  configs: new Map(),
  shared: new Map(),
});

/** A cached account as a batch's working memory. Its states are shared: every decision works on copies. */
function entryOf(cached: CachedAccount): AccountEntry {
  return {
    accountId: cached.accountId,
    programmeId: cached.programmeId,
    version: cached.version,
    eventSequence: cached.eventSequence,
    recordedUntil: cached.recordedUntil,
    eventHead: cached.eventHead,
    recordSum: cached.recordSum,
    account: cached.account,
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
