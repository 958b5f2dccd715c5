import type { Pattern } from './pattern.js';
import { ACCOUNTS, RowPlan, type PlannedColumn, type PlannedTable } from './row-plan.js';

/**
 * One statement that does to a batch of accounts what one purchase did to its own: every row anew with its own
 * keys, the account moved forward. What is no key is a constant of the statement, so that PostgreSQL spends nothing
 * on making it up and still forms, compresses, checks, indexes and logs each row in full.
 */
export class LimitStatement {
  private readonly tables: readonly PlannedTable[];
  /** Ids that stand in several rows, which have to agree. */
  private readonly shared: ReadonlySet<string>;

  constructor(pattern: Pattern) {
    this.tables = new RowPlan(pattern).tables;
    const names = this.tables
      .flatMap(({ inserted }) => inserted.flat())
      .flatMap(({ cell }) => (cell.kind === 'id' ? [cell.name] : []));
    this.shared = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  }

  /** As pgbench reads it, with its variables `:batch`, one of the draws, and `:no`, the batch's first receipt. */
  text(drawTable: string): string {
    const parts = [`b AS (${this.updateAccounts(drawTable)})`];
    for (const table of this.tables) {
      if (table.inserted.length > 0) parts.push(`i_${table.name} AS (${this.insert(table)})`);
      if (table.changed !== null && table.name !== ACCOUNTS) {
        parts.push(`c_${table.name} AS (${this.upsert(table, table.changed)})`);
      }
    }
    return `WITH ${parts.join(',\n')}\nSELECT count(*) FROM b`;
  }

  /**
   * Locks, moves forward and reads the accounts at once, in the order of their keys. That the version is still the
   * one that was read needs no condition where both happen in one statement.
   */
  private updateAccounts(drawTable: string): string {
    const { changed } = this.tables.find(({ name }) => name === ACCOUNTS) as PlannedTable;
    const sets = (changed ?? []).map((column) => {
      const { name, cell } = column;
      return `${name} = ${cell.kind === 'delta' ? `a.${name} + ${cell.value}` : this.value(column)}`;
    });
    const counters = (changed ?? [])
      .filter(({ name }) => name.endsWith('_seq'))
      .map(({ name }) => `, a.${name}`);
    const ids = [...this.shared].map((name) => `, uuidv7() AS ${name}`);
    return `UPDATE accounts a SET ${sets.join(', ')} FROM ${drawTable} d
      WHERE d.batch = :batch AND a.account_id = d.account_id
      RETURNING a.account_id, d.member_id, :no::bigint + d.ord AS no${counters.join('')}${ids.join('')}`;
  }

  private insert({ name, inserted }: PlannedTable): string {
    const columns = (inserted[0] ?? []).map((column) => column.name);
    const rows = inserted.map((row) => `SELECT ${row.map((column) => this.value(column)).join(', ')} FROM b`);
    return `INSERT INTO ${name} (${columns.join(', ')}) ${rows.join(' UNION ALL ')}`;
  }

  private upsert({ name, key }: PlannedTable, changed: readonly PlannedColumn[]): string {
    const sets = changed
      .filter((column) => !key.includes(column.name))
      .map(({ name: column, cell }) =>
        cell.kind === 'delta'
          ? `${column} = x.${column} + excluded.${column}`
          : `${column} = excluded.${column}`,
      );
    return `INSERT INTO ${name} AS x (${changed.map((column) => column.name).join(', ')})
      SELECT ${changed.map((column) => this.value(column)).join(', ')} FROM b
      ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${sets.join(', ')}`;
  }

  private value({ type, cell }: PlannedColumn): string {
    switch (cell.kind) {
      case 'account':
        return 'b.account_id';
      case 'member':
        return 'b.member_id';
      case 'id':
        return this.shared.has(cell.name) ? `b.${cell.name}` : 'uuidv7()';
      case 'sequence':
        return cell.behind === 0 ? `b.${cell.counter}` : `b.${cell.counter} - ${cell.behind}`;
      case 'instant':
        return cell.afterMillis === 0 ? 'now()' : `now() + interval '${cell.afterMillis} milliseconds'`;
      case 'numbered':
        return [cell.head, null, cell.tail]
          .filter((part) => part !== '')
          .map((part) => (part === null ? 'b.no::text' : literal(part, 'text')))
          .join(' || ');
      case 'delta':
        return cell.value.toString();
      case 'constant':
        return cell.value === null ? `NULL::${type}` : literal(cell.value, type);
    }
  }
}

/** pgbench takes a colon before a name for a variable wherever it stands, so it is written as an escape. */
function literal(value: string, type: string): string {
  const text = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll(':', '\\x3A')
    .replaceAll('\n', '\\n');
  return `E'${text}'::${type}`;
}
