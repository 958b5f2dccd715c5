import type { Pattern } from './pattern.js';
import type { WrittenColumn, WrittenRow, WrittenTable } from './written-rows.js';

/** Where a value of a row comes from when a purchase is done again for another account. */
export type Cell =
  | { readonly kind: 'constant'; readonly value: string | null }
  | { readonly kind: 'account' }
  | { readonly kind: 'member' }
  /** A new id; the same wherever the same name stands in the rows of one purchase. */
  | { readonly kind: 'id'; readonly name: string }
  /** A counter of the account, as it is afterwards, less `behind`. */
  | { readonly kind: 'sequence'; readonly counter: string; readonly behind: number }
  /** So long after the purchase is recorded. */
  | { readonly kind: 'instant'; readonly afterMillis: number }
  /** The receipt's number with what stands around it. */
  | { readonly kind: 'numbered'; readonly head: string; readonly tail: string }
  /** A whole number that what is there grows by. */
  | { readonly kind: 'delta'; readonly value: bigint };

export interface PlannedColumn extends WrittenColumn {
  readonly cell: Cell;
}

export interface PlannedTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly inserted: readonly (readonly PlannedColumn[])[];
  /** The row that is changed if it is there, and else made; with the account's only the columns that change. */
  readonly changed: readonly PlannedColumn[] | null;
}

export const ACCOUNTS = 'accounts';

/** Instants this close to the record's are taken as at once. */
const AT_ONCE_MS = 60_000;
const WHOLE = ['bigint', 'integer', 'smallint'];

/**
 * Tells for each value of the pattern's rows whether every purchase has one of its own, and where that comes from.
 * Only keys differ from purchase to purchase; what is in no index stays as it was, for only its length costs.
 *
 * @throws Error for rows that it finds no keys for
 */
export class RowPlan {
  readonly tables: readonly PlannedTable[];

  private readonly account: { readonly before: WrittenRow; readonly after: WrittenRow };
  private readonly recordedAt: number;
  private readonly names: ReadonlyMap<string, string>;

  constructor(private readonly pattern: Pattern) {
    const accounts = pattern.tables.find(({ name }) => name === ACCOUNTS);
    const [account] = accounts?.changed ?? [];
    if (account === undefined || accounts?.changed.length !== 1 || accounts.inserted.length > 0) {
      throw new Error('a purchase changes one account, and opens none');
    }
    this.account = account;
    this.recordedAt = recordedAt(pattern);
    this.names = new Map(freshIds(pattern).map((id, index) => [id, `id_${index + 1}`]));
    this.tables = pattern.tables.map((table) => this.planned(table));
  }

  private planned(table: WrittenTable): PlannedTable {
    const { columns } = table;
    const inserted = table.inserted.map((row) =>
      columns.map((column) => ({ ...column, cell: this.cell(table, column, row) })),
    );
    for (const row of inserted) {
      if (row.every(({ name, cell }) => !table.key.includes(name) || cell.kind === 'constant')) {
        throw new Error(`nothing tells the rows of ${table.name} apart`);
      }
    }
    return { name: table.name, key: table.key, inserted, changed: this.changed(table) };
  }

  private changed(table: WrittenTable): readonly PlannedColumn[] | null {
    const [change] = table.changed;
    if (change === undefined) return null;
    if (table.changed.length !== 1) throw new Error(`a purchase changes several rows of ${table.name}`);
    const { before, after } = change;
    const columns =
      table.name === ACCOUNTS
        ? table.columns.filter(({ name }) => before[name] !== after[name])
        : table.columns;
    return columns.map((column) => {
      const value = after[column.name] ?? null;
      const old = before[column.name] ?? null;
      const grows =
        WHOLE.includes(column.type) && !table.key.includes(column.name) && value !== null && old !== null;
      const cell: Cell = grows
        ? { kind: 'delta', value: BigInt(value) - BigInt(old) }
        : this.keyOrConstant(column, value);
      return { ...column, cell };
    });
  }

  private cell(table: WrittenTable, column: WrittenColumn, row: WrittenRow): Cell {
    const value = row[column.name] ?? null;
    if (column.name !== 'sequence' || !table.key.includes('sequence'))
      return this.keyOrConstant(column, value);
    // Rows of an account are numbered by a counter of its own: `event_seq` for `events`.
    const counter = `${table.name.replace(/s$/, '')}_seq`;
    const behind = Number(this.account.after[counter]) - Number(value);
    if (!(behind >= 0)) throw new Error(`accounts.${counter} does not count the rows of ${table.name}`);
    return { kind: 'sequence', counter, behind };
  }

  private keyOrConstant({ type, unique }: WrittenColumn, value: string | null): Cell {
    const { accountId, memberId, receiptNo } = this.pattern;
    if (value === null) return { kind: 'constant', value };
    if (value === accountId) return { kind: 'account' };
    if (value === memberId) return { kind: 'member' };
    const name = this.names.get(value);
    if (name !== undefined) return { kind: 'id', name };
    // Long texts that quote it are answers and stay as they are.
    if (type === 'text' && (value === receiptNo || (unique && value.includes(receiptNo)))) {
      const at = value.indexOf(receiptNo);
      return { kind: 'numbered', head: value.slice(0, at), tail: value.slice(at + receiptNo.length) };
    }
    if (type === 'timestamp with time zone') return this.instant(value);
    return { kind: 'constant', value };
  }

  /** Now, or as far from now as it was, or a boundary such as the end of a day, which many purchases share. */
  private instant(value: string): Cell {
    const at = instantOf(value);
    const afterMillis = at - this.recordedAt;
    if (Math.abs(afterMillis) < AT_ONCE_MS) return { kind: 'instant', afterMillis: 0 };
    return at % 1000 === 0 ? { kind: 'constant', value } : { kind: 'instant', afterMillis };
  }
}

/** Epoch milliseconds of an instant as PostgreSQL writes it in UTC. */
function instantOf(value: string): number {
  const at = Date.parse(value.replace(' ', 'T').replace(/\+00$/, 'Z'));
  if (Number.isNaN(at)) throw new Error(`${value} is no instant in UTC`);
  return at;
}

function recordedAt({ tables }: Pattern): number {
  for (const { inserted } of tables) {
    const at = inserted.find((row) => row['recorded_at'])?.['recorded_at'];
    if (at) return instantOf(at);
  }
  throw new Error('no row says when it was recorded');
}

/** Ids in indexes, the account's, the member's and the programme's aside: each purchase has its own. */
function freshIds({ programmeId, accountId, memberId, tables }: Pattern): readonly string[] {
  const known = [programmeId, accountId, memberId];
  const ids = tables.flatMap(({ columns, inserted }) =>
    inserted.flatMap((row) =>
      columns.filter(({ type, indexed }) => type === 'uuid' && indexed).map(({ name }) => row[name] ?? null),
    ),
  );
  return [...new Set(ids)].filter((id): id is string => id !== null && !known.includes(id));
}
