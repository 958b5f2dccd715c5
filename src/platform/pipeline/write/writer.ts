import { groupBy } from '../../../kernel/group-by.js';
import type { AccountId } from '../../../kernel/ids.js';
import { uuidToId } from '../../../kernel/ids.js';
import { EMPTY_SUM, RecordSum } from '../../../kernel/record-sum.js';
import { sha256Hex } from '../../../kernel/sha256.js';
import type { AccountEntry, Batch, NewClaim } from '../batch/batch-state.js';
import type { DecidedBatch } from '../batch/decided-batch.js';
import type { AccountSlice, AnySlice } from '../contract/slice.js';
import { SEAL, type Column, type RowSink, type Table } from '../contract/table.js';
import { RowBuffer } from '../sql/row-buffer.js';
import { RowTypes } from '../sql/row-types.js';
import type { SqlClient } from '../sql/sql-client.js';
import {
  accountsPart,
  CLAIM_SEAL,
  claimsPart,
  composed,
  eventsPart,
  tablePart,
  type Part,
} from './write-statement.js';

/** The chain of an account's events covers these columns, in this order (`bus/event.store.ts`). */
export const EVENTS: Table = {
  name: 'events',
  mode: 'insert',
  key: ['account_id', 'sequence'],
  columns: [
    { name: 'sequence', type: 'bigint' },
    { name: 'event_id', type: 'id' },
    { name: 'programme_id', type: 'id' },
    { name: 'member_id', type: 'id' },
    { name: 'type', type: 'text' },
    { name: 'version', type: 'int' },
    { name: 'occurred_at', type: 'instant' },
    { name: 'recorded_at', type: 'instant' },
    { name: 'data', type: 'json' },
    // For rows that are changed outside of commands.
    { name: 'record', type: 'bytea' },
    { name: 'actor', type: 'text' },
    SEAL,
  ],
};

type AccountColumn = Column & { readonly slice: string; value(state: unknown): unknown };

/**
 * Writes a decided batch in one statement, which is one transaction. Its first part updates each account whose
 * version (and whose programme's configuration) is still the loaded one; the other parts write rows only for accounts
 * that matched. So a conflict affects only its accounts.
 */
export class Writer {
  private readonly accountColumns: readonly AccountColumn[];
  private readonly accounts: Rows;
  /** The same rows where some of the accounts are opened. */
  private readonly openedAccounts: Rows;
  private readonly claims = new Rows(claimsPart, 1);
  private readonly tables = new TableRows();
  private readonly types = new RowTypes();
  /** Batches differ in the tables they touch; each combination is composed and prepared once. */
  private readonly statements = new Map<string, { readonly name: string; readonly text: string }>();

  constructor(private readonly slices: readonly AnySlice[]) {
    this.accountColumns = slices
      .filter((slice): slice is AccountSlice<unknown> => slice.scope === 'account')
      .flatMap((slice) =>
        slice.columns.map((column) => ({
          name: column.name,
          type: column.type,
          slice: slice.name,
          value: (state: unknown) => column.value(state),
        })),
      );
    const columns = this.accountColumns.map(({ name, type }) => ({ name, type }));
    this.accounts = new Rows(accountsPart(columns, false), 0);
    this.openedAccounts = new Rows(accountsPart(columns, true), 0);
  }

  /**
   * Writes the accounts that a batch changed. Of the two accounts of a command on two, both are written or neither:
   * if only one matches, the whole batch is rolled back. So is a `whole` batch of which one account does not match.
   * @returns the accounts whose rows were written; the others changed since the load.
   */
  async write(
    client: SqlClient,
    batch: Batch,
    {
      newClaims,
      atomicPairs,
      whole = false,
    }: Pick<DecidedBatch, 'newClaims' | 'atomicPairs'> & Partial<Pick<DecidedBatch, 'whole'>>,
    now: number,
  ): Promise<ReadonlySet<AccountId>> {
    const parts = this.collect(batch, newClaims, now);
    if (parts.length === 0) return new Set();
    try {
      await this.types.require(
        client,
        parts.map(({ part }) => part.type),
      );
      return atomicPairs.length === 0 && !whole
        ? await this.run(client, parts)
        : await this.runWhole(client, parts, (written) => isTorn(written, batch, atomicPairs, whole));
    } finally {
      for (const { buffer } of parts) buffer.clear();
    }
  }

  /** Everything the batch writes; nothing when it changed nothing. */
  private collect(batch: Batch, claims: readonly NewClaim[], now: number): readonly Rows[] {
    const entries = [...batch.accounts.values()]
      .filter(({ changed }) => changed)
      // Rows are locked in the order of their keys, so that two processes cannot deadlock.
      .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
    if (entries.length === 0) return [];
    const accounts = entries.some(({ isNew }) => isNew) ? this.openedAccounts : this.accounts;
    const own = groupBy(claims, ({ accountId }) => accountId);
    for (const entry of entries) {
      this.addRows(entry, own.get(entry.accountId) ?? [], now);
      // After the rows, because they move the account's hashes on.
      this.addAccount(accounts.buffer, entry, batch);
    }
    return [accounts, this.claims, ...this.tables.used()];
  }

  private async run(client: SqlClient, parts: readonly Rows[]): Promise<ReadonlySet<AccountId>> {
    const { name, text } = this.statement(parts);
    const values = parts.map(({ part, buffer }) => buffer.finish(this.types.oid(part.type)));
    const { rows } = await client.query({ name, text, values });
    return new Set(rows.map((row) => uuidToId('acc', row['account_id'] as string)));
  }

  private statement(parts: readonly Rows[]): { readonly name: string; readonly text: string } {
    const combination = `${parts[0] === this.openedAccounts} ${parts.map(({ number }) => number).join(' ')}`;
    const known = this.statements.get(combination);
    if (known) return known;
    const text = composed(parts.map(({ part }) => part));
    // A connection may move to another shard, whose numbers differ; the text is the same for all.
    const made = { name: `pipeline-write-${sha256Hex(text).slice(0, 16)}`, text };
    this.statements.set(combination, made);
    return made;
  }

  private async runWhole(
    client: SqlClient,
    parts: readonly Rows[],
    isTorn: (written: ReadonlySet<AccountId>) => boolean,
  ): Promise<ReadonlySet<AccountId>> {
    await client.query({ text: 'BEGIN', values: [] });
    try {
      const written = await this.run(client, parts);
      const torn = isTorn(written);
      await client.query({ text: torn ? 'ROLLBACK' : 'COMMIT', values: [] });
      return torn ? new Set() : written;
    } catch (error) {
      // On a lost connection there is nothing to roll back, and the first error says more.
      await client.query({ text: 'ROLLBACK', values: [] }).catch(() => undefined);
      throw error;
    }
  }

  private addAccount(rows: RowBuffer, entry: AccountEntry, batch: Batch): void {
    rows.begin();
    rows.put('id', entry.accountId);
    rows.put('bigint', entry.version);
    rows.put('id', entry.programmeId);
    rows.put('bigint', batch.configs.get(entry.programmeId)?.revision);
    rows.put('boolean', entry.isNew ?? false);
    rows.put('bigint', entry.eventSequence);
    rows.put('instant', entry.recordedUntil);
    rows.put('bytea', entry.eventHead);
    rows.put('bytea', entry.recordSum);
    for (const column of this.accountColumns)
      rows.put(column.type, column.value(entry.account.get(column.slice)));
  }

  private addRows(entry: AccountEntry, claims: readonly NewClaim[], now: number): void {
    const { tables } = this;
    tables.begin(entry);
    for (const slice of this.slices) {
      if (slice.scope === 'account') slice.rows?.(entry.account.get(slice.name), tables);
      if (slice.scope !== 'member' || !slice.rows) continue;
      for (const [memberId, states] of entry.members) {
        slice.rows(states.get(slice.name), tables, { accountId: entry.accountId, memberId });
      }
    }
    for (const event of entry.publicEvents) {
      tables.link(EVENTS, entry.accountId, {
        sequence: event.sequence,
        event_id: event.id,
        programme_id: event.programmeId,
        member_id: event.memberId,
        type: event.type,
        version: event.version,
        occurred_at: event.occurredAt,
        recorded_at: event.recordedAt,
        data: event.data,
        record: null,
        actor: event.actor,
      });
    }
    for (const claim of claims) addClaim(this.claims.buffer, claim, now, tables);
    tables.end(entry);
  }
}

/** Whether a batch was written in part where that must not be. */
function isTorn(
  written: ReadonlySet<AccountId>,
  { accounts }: Batch,
  atomicPairs: DecidedBatch['atomicPairs'],
  whole: boolean,
): boolean {
  if (whole && [...accounts.values()].some(({ accountId, changed }) => changed && !written.has(accountId)))
    return true;
  return atomicPairs.some(([one, other]) => written.has(one) !== written.has(other));
}

/** @param tables rows of the account whose sum covers the claim. */
function addClaim(rows: RowBuffer, claim: NewClaim, now: number, tables: TableRows): void {
  rows.begin();
  rows.mark();
  rows.put('id', claim.accountId);
  rows.put('id', claim.programmeId);
  rows.put('text', claim.claim.scope);
  rows.put('text', claim.claim.key);
  rows.put('bytea', claim.fingerprint);
  rows.put('bytea', claim.targetFingerprint);
  rows.put('text', claim.commandId);
  rows.put('int', claim.status);
  rows.put('text', claim.answer);
  rows.put('instant', now);
  tables.cover(rows.digest());
  rows.put('int', CLAIM_SEAL);
}

/** A part of the statement with the rows of this batch; the number identifies the part in a statement's name. */
class Rows {
  readonly buffer: RowBuffer;

  constructor(
    readonly part: Part,
    readonly number: number,
  ) {
    this.buffer = new RowBuffer(part.type);
  }
}

/** The rows of a batch, table by table; tables are numbered as they are met. */
class TableRows implements RowSink {
  private readonly known = new Map<Table, Rows>();
  /** The same by name. */
  private ordered: readonly Rows[] = [];
  /** Buffers for digests of whole rows: before and after an update. */
  private readonly whole = new Map<Table, RowBuffer>();
  private sum = new RecordSum(EMPTY_SUM);
  private head = '';

  /** Starts the rows of an account. */
  begin({ recordSum, eventHead }: AccountEntry): void {
    this.sum = new RecordSum(recordSum);
    this.head = eventHead;
  }

  end(entry: AccountEntry): void {
    entry.recordSum = this.sum.toString();
    entry.eventHead = this.head;
  }

  add(
    table: Table,
    accountId: string,
    values: Readonly<Record<string, unknown>>,
    before?: Readonly<Record<string, unknown>>,
  ): void {
    const { buffer } = this.of(table);
    buffer.begin();
    buffer.put('id', accountId);
    if (table.whole) this.replace(table.whole, values, before);
    if (!table.sealed) {
      for (const { name, type } of table.columns) buffer.put(type, values[name]);
      return;
    }
    const seal = putSealed(buffer, table, values);
    this.cover(buffer.digest());
    buffer.put('int', seal);
  }

  /** Adds a record to the account's sum. */
  cover(digest: string): void {
    this.sum.add(digest);
  }

  /** An event: the next link of the account's chain. */
  link(table: Table, accountId: string, values: Readonly<Record<string, unknown>>): void {
    const { buffer } = this.of(table);
    buffer.begin();
    buffer.put('id', accountId);
    const seal = putSealed(buffer, table, values);
    this.head = buffer.digest(this.head);
    buffer.put('int', seal);
  }

  digest(table: Table, values: Readonly<Record<string, unknown>>, columns?: number): string {
    const known = this.whole.get(table);
    const buffer = known ?? new RowBuffer(tablePart(table).type);
    if (!known) this.whole.set(table, buffer);
    buffer.begin();
    putSealed(buffer, table, values, columns);
    const digest = buffer.digest();
    buffer.clear();
    return digest;
  }

  /** Replaces a sealed row in the sum. A row from before there were seals is only added. */
  private replace(
    whole: Table,
    values: Readonly<Record<string, unknown>>,
    before: Readonly<Record<string, unknown>> | undefined,
  ): void {
    const seal = before?.['seal'] as number | null | undefined;
    if (before && seal) this.sum.takeOut(this.digest(whole, before, seal));
    this.sum.add(this.digest(whole, values));
  }

  /**
   * Tables that have rows, always in the same order, in each process: rows that accounts share are locked in it.
   */
  used(): readonly Rows[] {
    return this.ordered.filter(({ buffer }) => buffer.rows > 0);
  }

  private of(table: Table): Rows {
    const known = this.known.get(table);
    if (known) return known;
    // Accounts and claims are 0 and 1.
    const part = table === EVENTS ? eventsPart(table) : tablePart(table);
    const made = new Rows(part, this.known.size + 2);
    this.known.set(table, made);
    const ordered = [...this.known].sort(([one], [other]) => (nameOf(one) < nameOf(other) ? -1 : 1));
    this.ordered = ordered.map(([, rows]) => rows);
    return made;
  }
}

function nameOf({ name, mode }: Table): string {
  return `${name} ${mode}`;
}

/** Puts the columns that the seal of a row covers. @returns how many they are. */
function putSealed(
  buffer: RowBuffer,
  { columns }: Table,
  values: Readonly<Record<string, unknown>>,
  count = columns.at(-1) === SEAL ? columns.length - 1 : columns.length,
): number {
  buffer.mark();
  for (let index = 0; index < count; index += 1) {
    const { name, type } = columns[index] as Column;
    buffer.put(type, values[name]);
  }
  return count;
}
