import { groupBy } from '../../kernel/group-by.js';
import { idToUuid, uuidToId, type AccountId, type IdPrefix } from '../../kernel/ids.js';
import type { Instant } from '../../kernel/time.js';
import type { AccountEntry, Batch } from './batch-state.js';
import type { Command } from './command.js';
import type { Rules } from './decide.js';
import { agendaOf, mayBeDue } from './settle.js';
import type { AccountSlice, Row } from './slice.js';
import type { SqlClient } from './sql-client.js';

type Details = NonNullable<AccountSlice<unknown>['details']>;

/** By account, what its commands name. */
type Subjects = Map<AccountId, Set<string>>;

/**
 * Loads what slices have beyond the account's row, for the commands that ask for it and where something is due. Of an
 * account whose commands get along with the front of it, no more than that is loaded.
 */
export class DetailsLoader {
  private readonly agenda: ReturnType<typeof agendaOf>;
  /** Commands that met the end of what was loaded for them. */
  private readonly wanting = new WeakSet<Command>();

  constructor(
    private readonly rules: Rules,
    private readonly slices: readonly AccountSlice<unknown>[],
  ) {
    this.agenda = agendaOf(rules.slices);
  }

  /** From now on the command is decided with everything of its accounts at hand. */
  demandAllFor(command: Command): void {
    this.wanting.add(command);
  }

  areAllFor(command: Command): boolean {
    return this.wanting.has(command);
  }

  /** Whether the command is decided on more than the account's row, though nothing may be due. */
  needed(command: Command): boolean {
    return this.wanting.has(command) || this.handlerOf(command)?.needsDetails(command.body) === true;
  }

  /** Puts them into the batch's accounts. @returns the accounts of which there were any to be loaded. */
  async load(client: SqlClient, batch: Batch, now: Instant): Promise<readonly AccountId[]> {
    const { accountIds, whole, subjects } = this.wanted(batch, now);
    if (accountIds.length === 0) return accountIds;
    for (const { name, details } of this.slices) {
      if (!details) continue;
      const { front } = details;
      const isPart = (id: AccountId): boolean =>
        front !== undefined && !whole.has(id) && front.suffices(batch.accounts.get(id)?.account.get(name));
      const all = accountIds.filter((id) => !isPart(id));
      const parts = accountIds.filter(isPart);
      for (const [ids, part] of [[all, undefined] as const, [parts, front] as const])
        if (ids.length > 0) await loadSlice(client, batch, { name, details, front: part }, ids, subjects);
    }
    return accountIds;
  }

  private handlerOf({ type }: Command) {
    return this.rules.handlers.get(type);
  }

  /** Of which accounts details are loaded, of which all of them, and what the commands name. */
  private wanted(batch: Batch, now: Instant) {
    const accountIds = new Set<AccountId>();
    const whole = new Set<AccountId>();
    const subjects: Subjects = new Map();
    for (const { command, accountId, counterparty } of batch.commands) {
      const handler = this.handlerOf(command);
      const asked = this.needed(command);
      const all = this.wanting.has(command) || handler?.frontSuffices !== true;
      for (const id of [accountId, counterparty?.accountId ?? null]) {
        const entry = id === null ? undefined : batch.accounts.get(id);
        if (!entry) continue;
        const due = mayBeDue(entry.account, this.agenda, now);
        if (due || asked) accountIds.add(entry.accountId);
        // What is due is settled with all of it.
        if (due || (asked && all)) whole.add(entry.accountId);
        name(subjects, entry.accountId, handler?.subjects?.(command.body));
      }
    }
    return { accountIds: [...accountIds], whole, subjects };
  }
}

function name(subjects: Subjects, accountId: AccountId, ids: readonly string[] = []): void {
  if (ids.length === 0) return;
  const named = subjects.get(accountId) ?? new Set();
  for (const id of ids) named.add(id);
  subjects.set(accountId, named);
}

/** Loads one slice's details of some accounts, all or the front of them; what their rows name joins the subjects. */
async function loadSlice(
  client: SqlClient,
  batch: Batch,
  slice: { readonly name: string; readonly details: Details; readonly front: Details['front'] },
  accountIds: readonly AccountId[],
  subjects: Subjects,
): Promise<void> {
  const { details, front } = slice;
  const rows = await (front
    ? readFront(client, slice.name, details, front, accountIds, subjects)
    : readAll(client, slice.name, details, accountIds, subjects));
  const byAccount = groupBy(rows, (row) => uuidToId('acc', row['account_id'] as string));
  for (const accountId of accountIds) {
    const { account } = batch.accounts.get(accountId) as AccountEntry;
    const before = account.get(slice.name);
    const own = byAccount.get(accountId) ?? [];
    account.set(slice.name, front ? front.merge(before, own, front.limit) : details.merge(before, own));
    name(subjects, accountId, details.names?.(own));
  }
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
  const values = [accountIds.map(idToUuid), named.map(idToUuid)];
  return (await client.query({ name: `pipeline-details-${slice}`, text: sql, values })).rows;
}

async function readFront(
  client: SqlClient,
  slice: string,
  { subjects: kinds }: Details,
  { sql, limit }: NonNullable<Details['front']>,
  accountIds: readonly AccountId[],
  subjects: Subjects,
): Promise<readonly Row[]> {
  const named = accountIds.flatMap((accountId) =>
    namedOf(kinds, accountId, subjects).map((id) => [id, accountId] as const),
  );
  const [ids, owners] = [named.map(([id]) => idToUuid(id)), named.map(([, owner]) => idToUuid(owner))];
  const values = [accountIds.map(idToUuid), ids, owners, limit];
  return (await client.query({ name: `pipeline-front-${slice}`, text: sql, values })).rows;
}

function namedOf(kinds: readonly IdPrefix[], accountId: AccountId, subjects: Subjects): string[] {
  return [...(subjects.get(accountId) ?? [])].filter((id) => kinds.some((kind) => id.startsWith(`${kind}_`)));
}
