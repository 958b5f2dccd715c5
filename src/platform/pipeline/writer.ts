import type { AccountId } from '../../kernel/ids.js';
import { uuidToId } from '../../kernel/ids.js';
import type { AccountEntry, Batch, NewClaim } from './batch-state.js';
import type { DecidedBatch } from './decide.js';
import type { SqlClient } from './loader.js';
import type { AccountSlice, AnySlice } from './slice.js';
import { bind, sqlType, type Column, type RowSink, type Table } from './table.js';

const EVENTS: Table = {
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
  ],
};

const CLAIM_COLUMNS: readonly Column[] = [
  { name: 'account_id', type: 'id' },
  { name: 'programme_id', type: 'id' },
  { name: 'scope', type: 'text' },
  { name: 'key', type: 'text' },
  { name: 'fingerprint', type: 'bytea' },
  { name: 'target_fingerprint', type: 'bytea' },
  { name: 'command_id', type: 'text' },
  { name: 'status', type: 'int' },
  { name: 'answer', type: 'text' },
  { name: 'recorded_at', type: 'instant' },
];

/**
 * Rows `u` of accounts that matched. As a join it would be a nested loop, rows times accounts; in this form it is
 * a subquery that is hashed once (PostgreSQL turns a bare `IN` into a join again, `IS TRUE` keeps it from that).
 */
const GUARDED = '(u.guard IN (SELECT ok.account_id FROM ok)) IS TRUE';

/**
 * Writes a decided batch in one statement, which is one transaction. Its first part moves each account's
 * row forward where the version (and the programme's configuration) is still the one that was loaded; every
 * other part keeps to the accounts that matched, so a conflict costs only the accounts concerned.
 */
export class Writer {
  private readonly accountColumns: readonly (Column & { slice: string; value(state: unknown): unknown })[];

  private readonly prepared = new Map<string, string>();

  constructor(private readonly slices: readonly AnySlice[]) {
    this.accountColumns = slices
      .filter((slice): slice is AccountSlice<unknown> => slice.scope === 'account')
      .flatMap((slice) => slice.columns.map((column) => ({ ...column, slice: slice.name })));
  }

  /**
   * Writes the accounts that a batch changed. Of accounts linked by a command on two, both are written or
   * neither: should only one of them match, all of the batch is taken back and nothing is written.
   * @returns the accounts whose rows were written; the others changed meanwhile.
   */
  async write(
    client: SqlClient,
    batch: Batch,
    { newClaims, linked }: Pick<DecidedBatch, 'newClaims' | 'linked'>,
    now: number,
  ): Promise<ReadonlySet<AccountId>> {
    if (linked.length === 0) return this.writeRows(client, batch, newClaims, now);
    await client.query({ text: 'BEGIN', values: [] });
    try {
      const written = await this.writeRows(client, batch, newClaims, now);
      const torn = linked.some(([one, other]) => written.has(one) !== written.has(other));
      await client.query({ text: torn ? 'ROLLBACK' : 'COMMIT', values: [] });
      return torn ? new Set() : written;
    } catch (error) {
      // Where the connection is gone there is nothing to roll back, and the first error says more.
      await client.query({ text: 'ROLLBACK', values: [] }).catch(() => undefined);
      throw error;
    }
  }

  private async writeRows(
    client: SqlClient,
    batch: Batch,
    claims: readonly NewClaim[],
    now: number,
  ): Promise<ReadonlySet<AccountId>> {
    const entries = [...batch.accounts.values()]
      .filter(({ changed }) => changed)
      // Rows are taken in the order of their keys, so that two processes cannot wait for each other in a ring.
      .sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
    if (entries.length === 0 && claims.length === 0) return new Set();
    const rows = new Rows();
    for (const entry of entries) this.collect(entry, rows);
    const statement = new Statement();
    statement.accounts(entries, this.accountColumns, batch);
    statement.claims(claims, now);
    for (const [table, columns] of rows.tables) statement.table(table, columns);
    const { text, values } = statement.finish();
    const result = await client.query({ name: this.preparedName(text), text, values });
    return new Set(result.rows.map((row) => uuidToId('acc', row['account_id'] as string)));
  }

  /** Batches differ in the tables they touch; each combination is prepared once a connection. */
  private preparedName(text: string): string {
    const name = this.prepared.get(text) ?? `pipeline-write-${this.prepared.size}`;
    this.prepared.set(text, name);
    return name;
  }

  private collect(entry: AccountEntry, rows: Rows): void {
    for (const slice of this.slices) {
      if (slice.scope === 'account') slice.rows?.(entry.account.get(slice.name), rows);
      if (slice.scope !== 'member') continue;
      for (const [memberId, states] of entry.members) {
        slice.rows?.(states.get(slice.name), rows, { accountId: entry.accountId, memberId });
      }
    }
    for (const event of entry.publicEvents) {
      rows.add(EVENTS, entry.accountId, {
        ...event,
        event_id: event.id,
        programme_id: event.programmeId,
        member_id: event.memberId,
        occurred_at: event.occurredAt,
        recorded_at: event.recordedAt,
      });
    }
  }
}

class Rows implements RowSink {
  readonly tables = new Map<Table, unknown[][]>();

  add(table: Table, accountId: string, values: Readonly<Record<string, unknown>>): void {
    let columns = this.tables.get(table);
    if (!columns) {
      columns = [[], ...table.columns.map(() => [])];
      this.tables.set(table, columns);
    }
    columns[0]?.push(bind('id', accountId));
    for (const [index, column] of table.columns.entries()) {
      columns[index + 1]?.push(bind(column.type, values[column.name]));
    }
  }
}

/** Composes the statement from its parts. */
class Statement {
  private readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  accounts(
    entries: readonly AccountEntry[],
    columns: readonly (Column & { slice: string; value(state: unknown): unknown })[],
    batch: Batch,
  ): void {
    const anyNew = entries.some(({ isNew }) => isNew);
    const source = this.unnest([
      ['id', 'uuid', entries.map(({ accountId }) => bind('id', accountId))],
      ['expected', 'bigint', entries.map(({ version }) => version)],
      ['programme', 'uuid', entries.map(({ programmeId }) => bind('id', programmeId))],
      ['revision', 'bigint', entries.map(({ programmeId }) => batch.configs.get(programmeId)?.revision)],
      ['event_seq', 'bigint', entries.map(({ eventSequence }) => eventSequence)],
      ...columns.map(
        (column) =>
          [
            column.name,
            sqlType(column.type),
            entries.map(({ account }) => bind(column.type, column.value(account.get(column.slice)))),
          ] as const,
      ),
      ...(anyNew ? [['is_new', 'boolean', entries.map(({ isNew = false }) => isNew)] as const] : []),
    ]);
    const sets = ['event_seq', ...columns.map(({ name }) => name)].map((name) => `${name} = u.${name}`);
    const inForce = 'JOIN programmes p ON p.programme_id = u.programme AND p.config_revision = u.revision';
    this.parts.push(`${anyNew ? 'moved_on' : 'ok'} AS (
      UPDATE accounts a SET version = a.version + 1, ${sets.join(', ')}
      FROM ${source} ${inForce}
      WHERE a.account_id = u.id AND a.version = u.expected
      RETURNING a.account_id)`);
    if (!anyNew) return;
    const names = columns.map(({ name }) => name);
    this.parts.push(`opened AS (
      INSERT INTO accounts AS a (account_id, programme_id, version, event_seq, ${names.join(', ')})
      SELECT u.id, u.programme, 1, u.event_seq, ${names.map((name) => `u.${name}`).join(', ')}
      FROM ${source} ${inForce} WHERE u.is_new
      RETURNING a.account_id)`);
    this.parts.push(
      'ok AS (SELECT m.account_id FROM moved_on m UNION ALL SELECT o.account_id FROM opened o)',
    );
  }

  claims(claims: readonly NewClaim[], now: number): void {
    if (claims.length === 0) return;
    const values = (claim: NewClaim): Record<string, unknown> => ({
      account_id: claim.accountId,
      programme_id: claim.programmeId,
      scope: claim.claim.scope,
      key: claim.claim.key,
      fingerprint: claim.fingerprint,
      target_fingerprint: claim.targetFingerprint,
      command_id: claim.commandId,
      status: claim.status,
      answer: claim.answer,
      recorded_at: now,
    });
    const rows = claims.map(values);
    const names = CLAIM_COLUMNS.map(({ name }) => name);
    const source = this.unnest([
      ['guarded', 'boolean', claims.map(({ guarded }) => guarded)],
      ...CLAIM_COLUMNS.map(
        ({ name, type }) => [name, sqlType(type), rows.map((row) => bind(type, row[name]))] as const,
      ),
    ]);
    this.parts.push(`t_claims AS (
      INSERT INTO claims (${names.join(', ')})
      SELECT ${names.map((name) => `u.${name}`).join(', ')} FROM ${source}
      WHERE NOT u.guarded OR u.account_id IN (SELECT ok.account_id FROM ok))`);
  }

  table(table: Table, columns: readonly unknown[][]): void {
    const scoped = table.accountScoped !== false;
    const source = this.unnest([
      ['guard', 'uuid', columns[0] ?? []],
      ...table.columns.map(
        ({ name, type }, index) => [name, sqlType(type), columns[index + 1] ?? []] as const,
      ),
    ]);
    const from = `FROM ${source}`;
    const names = table.columns.map(({ name }) => name);
    const all = scoped ? ['account_id', ...names] : names;
    const selected = [...(scoped ? ['u.guard'] : []), ...names.map((name) => `u.${name}`)];
    const { keyFrom = {} } = table;
    const sought = Object.values(keyFrom);
    const rest = names.filter((name) =>
      table.key.includes(name) ? keyFrom[name] !== undefined : !sought.includes(name),
    );
    const keyOf = (name: string): string =>
      scoped && name === 'account_id' ? 'u.guard' : `u.${keyFrom[name] ?? name}`;
    const matches = table.key.map((name) => `x.${name} = ${keyOf(name)}`);
    const insert = `INSERT INTO ${table.name} AS x (${all.join(', ')}) SELECT ${selected.join(', ')} ${from}
      WHERE ${GUARDED}`;
    const conflict = `${insert}
      ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET `;
    const body = {
      insert,
      upsert: conflict + rest.map((name) => `${name} = excluded.${name}`).join(', '),
      add: conflict + rest.map((name) => `${name} = x.${name} + excluded.${name}`).join(', '),
      update: `UPDATE ${table.name} x SET ${rest.map((name) => `${name} = u.${name}`).join(', ')} ${from}
        WHERE ${matches.join(' AND ')} AND ${GUARDED}`,
      increment: `UPDATE ${table.name} x SET ${rest.map((name) => `${name} = x.${name} + u.${name}`).join(', ')}
        FROM (SELECT ${table.key.map(keyOf).join(', ')},
          ${rest.map((name) => `sum(u.${name})::bigint AS ${name}`).join(', ')}
          ${from} WHERE ${GUARDED} GROUP BY ${table.key.map(keyOf).join(', ')}) u
        WHERE ${matches.join(' AND ')}`,
    }[table.mode];
    this.parts.push(`t${this.parts.length} AS (${body})`);
  }

  finish(): { text: string; values: unknown[] } {
    return { text: `WITH ${this.parts.join(',\n')}\nSELECT ok.account_id FROM ok`, values: this.values };
  }

  private unnest(
    columns: readonly (readonly [name: string, type: string, values: readonly unknown[]])[],
  ): string {
    const parameters = columns.map(([, type, values]) => {
      this.values.push(values);
      return `$${this.values.length}::${type}[]`;
    });
    return `unnest(${parameters.join(', ')}) AS u(${columns.map(([name]) => name).join(', ')})`;
  }
}
