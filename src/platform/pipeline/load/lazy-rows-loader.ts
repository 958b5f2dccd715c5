import { groupBy } from '../../../kernel/group-by.js';
import { idToUuid, uuidToId, type AccountId, type IdPrefix } from '../../../kernel/ids.js';
import type { Instant } from '../../../kernel/time.js';
import type { Row } from '../../database/row.js';
import type { AccountEntry, Batch } from '../batch/batch-state.js';
import { ALL_ROWS, needsLazyRows, NO_DEMAND, type LoadRequest } from '../batch/load-request.js';
import { agendaOf, mayBeDue } from '../batch/due-rules.js';
import type { Command } from '../contract/command.js';
import type { Rules } from '../contract/engine-definition.js';
import { FRONT_STEPS, type AccountSlice, type FrontScope } from '../contract/slice.js';
import type { SqlClient } from '../sql/sql-client.js';

type Details = NonNullable<AccountSlice<unknown>['details']>;

/** By account, what its commands name. */
type Subjects = Map<AccountId, Set<string>>;

/** How much of an account is loaded: the place of its step among `FRONT_STEPS`, or `ALL_ROWS`. */
type Reach = Omit<FrontScope, 'limit'> & { readonly step: number; readonly debts: boolean };

/**
 * Loads what slices have beyond the account's row, for the commands that ask for it and where something is due. Of an
 * account whose commands get along with the front of it, no more than that is loaded.
 */
export class LazyRowsLoader {
  private readonly agenda: ReturnType<typeof agendaOf>;
  constructor(
    private readonly rules: Rules,
    private readonly slices: readonly AccountSlice<unknown>[],
  ) {
    this.agenda = agendaOf(rules.slices);
  }

  /** Accounts of which every row is loaded for the command, so that there are no more to ask for. */
  allOf(request: LoadRequest): ReadonlySet<AccountId> | undefined {
    const { demands } = request;
    if (!demands) return undefined;
    return new Set([...demands.keys()].filter((accountId) => this.stepOf(request, accountId) === ALL_ROWS));
  }

  /** Puts them into the batch's accounts. @returns the accounts of which there were any to be loaded. */
  async load(client: SqlClient, batch: Batch, now: Instant): Promise<readonly AccountId[]> {
    const { reaches, subjects } = this.wanted(batch, now);
    const accountIds = [...reaches.keys()];
    if (accountIds.length === 0) return accountIds;
    for (const { name, details } of this.slices) {
      if (!details) continue;
      const scopes = details.front ? frontScopes(details.front.limits, reaches) : NO_SCOPES;
      const asked = accountIds.filter((id) => !details.onDemand || reaches.get(id)?.[details.onDemand]);
      const whole = asked.filter((id) => !scopes.has(id));
      if (whole.length > 0) {
        const rows = await readAll(client, name, details, whole, subjects);
        join(batch, { name, details }, whole, rows, subjects, (state, own) => details.merge(state, own));
      }
      const { front } = details;
      if (front && scopes.size > 0) {
        const ids = [...scopes.keys()];
        const rows = await readFront(client, { name, details }, front, scopes, batch, subjects);
        join(batch, { name, details }, ids, rows, subjects, (state, own, id) =>
          front.merge(state, own, scopes.get(id) as FrontScope),
        );
      }
    }
    return accountIds;
  }

  private handlerOf({ type }: Command) {
    return this.rules.handlers.get(type);
  }

  /**
   * How far the command sees of an account: the place of its step among `FRONT_STEPS`, or `ALL_ROWS`. One that needs
   * no details has the front all the same, where something is due.
   */
  private stepOf({ command, demands }: LoadRequest, accountId: AccountId): number {
    const handler = this.handlerOf(command);
    const first = handler?.needsDetails(command.body) === true ? handler.front : FRONT_STEPS[0];
    if (!first) return ALL_ROWS;
    return Math.min(FRONT_STEPS.indexOf(first) + (demands?.get(accountId)?.steps ?? 0), ALL_ROWS);
  }

  /** Of which accounts details are loaded, how much of each, and what the commands name. */
  private wanted(batch: Batch, now: Instant) {
    const reaches = new Map<AccountId, Reach>();
    const subjects: Subjects = new Map();
    for (const loaded of batch.commands) {
      const { command, demands, accountId, counterparty } = loaded;
      const handler = this.handlerOf(command);
      const asked = needsLazyRows(loaded, handler);
      for (const id of [accountId, counterparty?.accountId ?? null]) {
        const entry = id === null ? undefined : batch.accounts.get(id);
        if (!entry) continue;
        // Decisions are made no earlier than the account's last instant on record.
        const decidedAt = Math.max(now, entry.recordedUntil);
        if (asked || mayBeDue(entry.account, this.agenda, decidedAt)) {
          const { dates, debts } = demands?.get(entry.accountId) ?? NO_DEMAND;
          const reach = {
            step: this.stepOf(loaded, entry.accountId),
            until: Math.max(decidedAt, (asked ? handler?.endingBy?.(command.body) : null) ?? decidedAt),
            ...{ dates, debts },
          };
          reaches.set(entry.accountId, furthest(reaches.get(entry.accountId), reach));
        }
        name(subjects, entry.accountId, handler?.subjects?.(command.body));
      }
    }
    return { reaches, subjects };
  }
}

/** What is enough for both. */
function furthest(one: Reach | undefined, other: Reach): Reach {
  if (!one) return other;
  return {
    step: Math.max(one.step, other.step),
    until: Math.max(one.until, other.until),
    dates: one.dates || other.dates,
    debts: one.debts || other.debts,
  };
}

function name(subjects: Subjects, accountId: AccountId, ids: readonly string[] = []): void {
  if (ids.length === 0) return;
  const named = subjects.get(accountId) ?? new Set();
  for (const id of ids) named.add(id);
  subjects.set(accountId, named);
}

const NO_SCOPES: ReadonlyMap<AccountId, FrontScope> = new Map();

/** Of which accounts the front of a slice is enough, and how much of it. */
function frontScopes(
  limits: NonNullable<Details['front']>['limits'],
  reaches: ReadonlyMap<AccountId, Reach>,
): ReadonlyMap<AccountId, FrontScope> {
  const scopes = new Map<AccountId, FrontScope>();
  for (const [accountId, { step, until, dates }] of reaches) {
    const named = FRONT_STEPS[step];
    if (named) scopes.set(accountId, { limit: limits[named], until, dates });
  }
  return scopes;
}

/** Puts one slice's rows into the states of some accounts; what they name joins the subjects. */
function join(
  batch: Batch,
  { name: slice, details }: { readonly name: string; readonly details: Details },
  accountIds: readonly AccountId[],
  rows: readonly Row[],
  subjects: Subjects,
  merge: (state: unknown, rows: readonly Row[], accountId: AccountId) => unknown,
): void {
  const byAccount = groupBy(rows, (row) => uuidToId('acc', row['account_id'] as string));
  for (const accountId of accountIds) {
    const { account } = batch.accounts.get(accountId) as AccountEntry;
    const own = byAccount.get(accountId) ?? [];
    account.set(slice, merge(account.get(slice), own, accountId));
    const named = details.names?.(own) ?? [];
    if (named.length === 0) continue;
    // Some of it may be in the other account of a command.
    for (const id of [accountId, ...counterpartiesOf(accountId, batch)]) name(subjects, id, named);
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
  { sql, subjects: kinds, onlySubjects }: Details,
  accountIds: readonly AccountId[],
  subjects: Subjects,
): Promise<readonly Row[]> {
  const named = [
    ...new Set([...subjects.keys()].flatMap((accountId) => namedOf(kinds, accountId, subjects))),
  ];
  if (onlySubjects && named.length === 0) return [];
  const values = [accountIds.map(idToUuid), ...(kinds.length === 0 ? [] : [named.map(idToUuid)])];
  return (await client.query({ name: `pipeline-details-${slice}`, text: sql, values })).rows;
}

async function readFront(
  client: SqlClient,
  { name: slice, details: { subjects: kinds } }: { readonly name: string; readonly details: Details },
  front: NonNullable<Details['front']>,
  scopes: ReadonlyMap<AccountId, FrontScope>,
  batch: Batch,
  subjects: Subjects,
): Promise<readonly Row[]> {
  const accountIds = [...scopes.keys()];
  const named = accountIds.flatMap((accountId) =>
    namedOf(kinds, accountId, subjects).map((id) => [id, accountId] as const),
  );
  const asked = [...scopes].map(([accountId, scope]) =>
    front.ask(batch.accounts.get(accountId)?.account.get(slice), scope),
  );
  const [ids, owners] = [named.map(([id]) => idToUuid(id)), named.map(([, owner]) => idToUuid(owner))];
  const columns = (asked[0] ?? []).map((_, index) => asked.map((values) => values[index]));
  const values = [accountIds.map(idToUuid), ids, owners, ...columns];
  return (await client.query({ name: `pipeline-front-${slice}`, text: front.sql, values })).rows;
}

function namedOf(kinds: readonly IdPrefix[], accountId: AccountId, subjects: Subjects): string[] {
  return [...(subjects.get(accountId) ?? [])].filter((id) => kinds.some((kind) => id.startsWith(`${kind}_`)));
}
