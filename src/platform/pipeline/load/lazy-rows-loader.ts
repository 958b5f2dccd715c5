import { groupBy } from '../../../kernel/group-by.js';
import { idToUuid, uuidToId, type AccountId, type IdPrefix } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import type { Row } from '../../database/row.js';
import type { ConfigSnapshot } from '../../versioned-config/config-snapshot.js';
import type { AccountEntry, Batch } from '../batch/batch-state.js';
import { ALL_ROWS, needsLazyRows, NO_DEMAND, type LoadRequest } from '../batch/load-request.js';
import { dueRulesOf, mayBeDue } from '../batch/due-rules.js';
import type { Command } from '../contract/command.js';
import type { EngineDefinition } from '../contract/engine-definition.js';
import { PRELOAD_SIZES, type AccountSlice, type PreloadScope } from '../contract/slice.js';
import type { SqlClient } from '../sql/sql-client.js';

type LazyRows = NonNullable<AccountSlice<unknown>['lazyRows']>;

/** Ids that commands refer to, by account. */
type ReferencedIds = Map<AccountId, Set<string>>;

/** What is loaded of an account; `step` is an index of `PRELOAD_SIZES`, or `ALL_ROWS`. */
type Reach = Omit<PreloadScope, 'limit'> & { readonly step: number; readonly debts: boolean };

/**
 * Loads the lazy rows of slices for commands that need them, and for accounts on which something is due. If a preload
 * is enough for all commands on an account, only that is loaded.
 */
export class LazyRowsLoader {
  private readonly dueRules: ReturnType<typeof dueRulesOf>;
  constructor(
    private readonly definition: EngineDefinition,
    private readonly slices: readonly AccountSlice<unknown>[],
  ) {
    this.dueRules = dueRulesOf(definition.slices);
  }

  /** Accounts of which every row is loaded for the command, so that there are no more to ask for. */
  allOf(request: LoadRequest): ReadonlySet<AccountId> | undefined {
    const { demands } = request;
    if (!demands) return undefined;
    return new Set([...demands.keys()].filter((accountId) => this.stepOf(request, accountId) === ALL_ROWS));
  }

  /** Adds lazy rows to the batch's accounts. @returns the accounts that got any. */
  async load(client: SqlClient, batch: Batch, now: Instant): Promise<readonly AccountId[]> {
    const { reaches, referenced } = this.wanted(batch, now);
    const accountIds = [...reaches.keys()];
    if (accountIds.length === 0) return accountIds;
    for (const { name, lazyRows } of this.slices) {
      if (!lazyRows) continue;
      const scopes = lazyRows.preload ? preloadScopes(lazyRows.preload.limits, reaches) : NO_SCOPES;
      const asked = accountIds.filter((id) => !lazyRows.onDemand || reaches.get(id)?.[lazyRows.onDemand]);
      const whole = asked.filter((id) => !scopes.has(id));
      if (whole.length > 0) {
        const rows = await readAll(client, name, lazyRows, whole, referenced);
        join(batch, { name, lazyRows }, whole, rows, referenced, (state, own) => lazyRows.merge(state, own));
      }
      const { preload } = lazyRows;
      if (preload && scopes.size > 0) {
        const ids = [...scopes.keys()];
        const rows = await readPreload(client, { name, lazyRows }, preload, scopes, batch, referenced);
        join(batch, { name, lazyRows }, ids, rows, referenced, (state, own, id) =>
          preload.merge(state, own, scopes.get(id) as PreloadScope),
        );
      }
    }
    return accountIds;
  }

  private handlerOf({ type }: Command) {
    return this.definition.handlers.get(type);
  }

  /**
   * The preload step of the command on an account: an index of `PRELOAD_SIZES`, or `ALL_ROWS`. A command that needs
   * no lazy rows gets the smallest preload if something is due.
   */
  private stepOf({ command, demands }: LoadRequest, accountId: AccountId): number {
    const handler = this.handlerOf(command);
    const first = handler?.needsLazyRows(command.body) === true ? handler.preload : PRELOAD_SIZES[0];
    if (!first) return ALL_ROWS;
    return Math.min(PRELOAD_SIZES.indexOf(first) + (demands?.get(accountId)?.steps ?? 0), ALL_ROWS);
  }

  /** The accounts whose lazy rows are loaded, how many rows of each, and the referenced ids. */
  private wanted(batch: Batch, now: Instant) {
    const reaches = new Map<AccountId, Reach>();
    const referenced: ReferencedIds = new Map();
    for (const loaded of batch.commands) {
      const { command, demands, accountId, memberId, counterparty } = loaded;
      const handler = this.handlerOf(command);
      const asked = needsLazyRows(loaded, handler);
      const config = batch.configs.get(command.programmeId) as ConfigSnapshot;
      for (const party of [{ accountId, memberId }, counterparty]) {
        const entry = party?.accountId ? batch.accounts.get(party.accountId) : undefined;
        if (!entry) continue;
        const member = party?.memberId ? entry.members.get(party.memberId) : undefined;
        const states = { account: entry.account, member: member ?? NO_STATES };
        // A decision is never earlier than the account's last record.
        const decidedAt = Math.max(now, entry.recordedUntil);
        if (asked || mayBeDue(states, this.dueRules, config, decidedAt)) {
          const { dates, debts } = demands?.get(entry.accountId) ?? NO_DEMAND;
          const reach = {
            step: this.stepOf(loaded, entry.accountId),
            until: Math.max(decidedAt, (asked ? handler?.endingBy?.(command.body) : null) ?? decidedAt),
            ...{ dates, debts },
          };
          reaches.set(entry.accountId, furthest(reaches.get(entry.accountId), reach));
        }
        name(referenced, entry.accountId, handler?.referencedIds?.(command.body));
      }
    }
    return { reaches, referenced };
  }
}

/** The smallest reach that includes both. */
function furthest(one: Reach | undefined, other: Reach): Reach {
  if (!one) return other;
  return {
    step: Math.max(one.step, other.step),
    until: Math.max(one.until, other.until),
    dates: one.dates || other.dates,
    debts: one.debts || other.debts,
  };
}

function name(referenced: ReferencedIds, accountId: AccountId, ids: readonly string[] = []): void {
  if (ids.length === 0) return;
  const named = referenced.get(accountId) ?? new Set();
  for (const id of ids) named.add(id);
  referenced.set(accountId, named);
}

const NO_STATES: ReadonlyMap<string, unknown> = new Map();
const NO_SCOPES: ReadonlyMap<AccountId, PreloadScope> = new Map();

/** The accounts for which the slice's preload is enough, and the scope of each. */
function preloadScopes(
  limits: NonNullable<LazyRows['preload']>['limits'],
  reaches: ReadonlyMap<AccountId, Reach>,
): ReadonlyMap<AccountId, PreloadScope> {
  const scopes = new Map<AccountId, PreloadScope>();
  for (const [accountId, { step, until, dates }] of reaches) {
    const named = PRELOAD_SIZES[step];
    if (named) scopes.set(accountId, { limit: limits[named], until, dates });
  }
  return scopes;
}

/** Merges one slice's rows into the accounts' states, and adds the ids that the rows refer to. */
function join(
  batch: Batch,
  { name: slice, lazyRows }: { readonly name: string; readonly lazyRows: LazyRows },
  accountIds: readonly AccountId[],
  rows: readonly Row[],
  referenced: ReferencedIds,
  merge: (state: unknown, rows: readonly Row[], accountId: AccountId) => unknown,
): void {
  const byAccount = groupBy(rows, (row) => uuidToId('acc', row['account_id'] as string));
  for (const accountId of accountIds) {
    const { account } = batch.accounts.get(accountId) as AccountEntry;
    const own = byAccount.get(accountId) ?? [];
    account.set(slice, merge(account.get(slice), own, accountId));
    const named = lazyRows.referencedBy?.(own) ?? [];
    if (named.length === 0) continue;
    // The referenced row may belong to the command's other account.
    for (const id of [accountId, ...counterpartiesOf(accountId, batch)]) name(referenced, id, named);
  }
}

function counterpartiesOf(accountId: AccountId, { commands }: Batch): readonly AccountId[] {
  return commands.flatMap((command) =>
    command.accountId === accountId && command.counterparty ? [command.counterparty.accountId] : [],
  );
}

async function readAll(
  client: SqlClient,
  slice: string,
  { sql, referencedKinds: kinds, onlyReferenced }: LazyRows,
  accountIds: readonly AccountId[],
  referenced: ReferencedIds,
): Promise<readonly Row[]> {
  const named = [
    ...new Set([...referenced.keys()].flatMap((accountId) => namedOf(kinds, accountId, referenced))),
  ];
  if (onlyReferenced && named.length === 0) return [];
  const values = [accountIds.map(idToUuid), ...(kinds.length === 0 ? [] : [named.map(idToUuid)])];
  return (await client.query({ name: `pipeline-lazy-${slice}`, text: sql, values })).rows;
}

async function readPreload(
  client: SqlClient,
  {
    name: slice,
    lazyRows: { referencedKinds: kinds },
  }: { readonly name: string; readonly lazyRows: LazyRows },
  front: NonNullable<LazyRows['preload']>,
  scopes: ReadonlyMap<AccountId, PreloadScope>,
  batch: Batch,
  referenced: ReferencedIds,
): Promise<readonly Row[]> {
  const accountIds = [...scopes.keys()];
  const named = accountIds.flatMap((accountId) =>
    namedOf(kinds, accountId, referenced).map((id) => [id, accountId] as const),
  );
  const asked = [...scopes].map(([accountId, scope]) =>
    front.parametersOf(batch.accounts.get(accountId)?.account.get(slice), scope),
  );
  const [ids, owners] = [named.map(([id]) => idToUuid(id)), named.map(([, owner]) => idToUuid(owner))];
  const columns = (asked[0] ?? []).map((_, index) => asked.map((values) => values[index]));
  const values = [accountIds.map(idToUuid), ids, owners, ...columns];
  return (await client.query({ name: `pipeline-preload-${slice}`, text: front.sql, values })).rows;
}

function namedOf(kinds: readonly IdPrefix[], accountId: AccountId, referenced: ReferencedIds): string[] {
  return [...(referenced.get(accountId) ?? [])].filter((id) =>
    kinds.some((kind) => id.startsWith(`${kind}_`)),
  );
}
